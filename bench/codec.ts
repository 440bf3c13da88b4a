/**
 * How near the codec is to the speed of the machine: each figure beside a plain loop over the same bytes, without
 * structure, in the same run. Run with `npm run bench -- codec`.
 */
import {
  decode,
  encode,
  encodeInto,
  flowMod,
  type FlowStats,
  Framer,
  type Message,
  OFP_NO_BUFFER,
  OFPFF,
  OFPR,
  packetOut,
  Writer,
} from '../src/openflow/codec/index.ts';
import { generateMessage, MESSAGE_NAMES } from '../test/support/generate.ts';
import { rates } from './support/rates.ts';
import type { Rates } from './support/rates.ts';
import { ms } from './support/table.ts';
import type { Row } from './support/table.ts';

/** Keeps what a loop computed, so that it is not optimised away. */
let sink: unknown;

interface Result extends Rates {
  readonly name: string;
  readonly target: number;
}

function rowOf({ name, perSecond, plainPerSecond, target }: Result): Row {
  const ratio = (plainPerSecond / perSecond).toFixed(2);
  return {
    what: name,
    figure: millions(perSecond),
    beside: `a plain loop ${ratio} times as quick, ${millions(plainPerSecond)}`,
    target: millions(target),
    met: perSecond >= target,
  };
}

function millions(value: number): string {
  return `${(value / 1e6).toFixed(2)} M/s`;
}

const PACKET = Buffer.alloc(64, 0xab);
const PACKET_IN = encode({
  type: 'packetIn',
  xid: 0,
  bufferId: OFP_NO_BUFFER,
  totalLen: PACKET.length,
  reason: OFPR.ACTION,
  tableId: 3,
  cookie: 0x5349000000000001n,
  match: { inPort: 7 },
  data: PACKET,
});

function packetInDecode(): Result {
  const ours = (): void => {
    sink = decode(PACKET_IN);
  };
  const plain = (): void => {
    sink = plainPacketIn(PACKET_IN);
  };
  return { name: 'PACKET_IN decode', ...rates(ours, plain), target: 2e6 };
}

/** The same bytes at fixed offsets, with nothing checked. */
function plainPacketIn(frame: Buffer): object {
  return {
    xid: frame.readUInt32BE(4),
    bufferId: frame.readUInt32BE(8),
    totalLen: frame.readUInt16BE(12),
    reason: frame[14],
    tableId: frame[15],
    cookie: frame.readBigUInt64BE(16),
    inPort: frame.readUInt32BE(32),
    data: frame.subarray(42),
  };
}

const FLOW_MOD = flowMod({
  cookie: 0x5349000000000001n,
  tableId: 6,
  priority: 100,
  flags: OFPFF.SEND_FLOW_REM,
  match: { inPort: 7, ethType: 0x0800, ipv4Dst: 0x0a000001 },
  instructions: [{ type: 'applyActions', actions: [{ type: 'output', port: 3 }] }],
});

function flowModEncode(): Result {
  const writer = new Writer();
  const ours = (): void => {
    encodeInto(writer, FLOW_MOD);
    sink = writer.take();
  };
  let block = Buffer.allocUnsafe(65536);
  let at = 0;
  const plain = (): void => {
    if (at + 104 > block.length) {
      block = Buffer.allocUnsafe(65536);
      at = 0;
    }
    plainFlowMod(block, at);
    sink = block.subarray(at, at + 104);
    at += 104;
  };
  return { name: 'FLOW_MOD encode', ...rates(ours, plain), target: 1e6 };
}

/** The same 104 bytes at fixed offsets, from the same object. */
function plainFlowMod(b: Buffer, o: number): void {
  const { match, instructions } = FLOW_MOD;
  const [apply] = instructions;
  const action = apply?.type === 'applyActions' ? apply.actions[0] : undefined;
  b.writeUInt32BE(0x040e0068, o);
  b.writeUInt32BE(FLOW_MOD.xid, o + 4);
  b.writeBigUInt64BE(FLOW_MOD.cookie, o + 8);
  b.writeBigUInt64BE(FLOW_MOD.cookieMask, o + 16);
  b.writeUInt8(FLOW_MOD.tableId, o + 24);
  b.writeUInt8(FLOW_MOD.command, o + 25);
  b.writeUInt16BE(FLOW_MOD.idleTimeout, o + 26);
  b.writeUInt16BE(FLOW_MOD.hardTimeout, o + 28);
  b.writeUInt16BE(FLOW_MOD.priority, o + 30);
  b.writeUInt32BE(FLOW_MOD.bufferId, o + 32);
  b.writeUInt32BE(FLOW_MOD.outPort, o + 36);
  b.writeUInt32BE(FLOW_MOD.outGroup, o + 40);
  b.writeUInt16BE(FLOW_MOD.flags, o + 44);
  b.writeUInt16BE(0, o + 46);
  b.writeUInt32BE(0x0001001a, o + 48);
  b.writeUInt32BE(0x80000004, o + 52);
  b.writeUInt32BE(match.inPort!, o + 56);
  b.writeUInt32BE(0x80000a02, o + 60);
  b.writeUInt16BE(match.ethType!, o + 64);
  b.writeUInt32BE(0x80001804, o + 66);
  b.writeUInt32BE(match.ipv4Dst as number, o + 70);
  b.writeUInt32BE(0, o + 74);
  b.writeUInt16BE(0, o + 78);
  b.writeUInt32BE(0x00040018, o + 80);
  b.writeUInt32BE(0, o + 84);
  b.writeUInt32BE(0x00000010, o + 88);
  b.writeUInt32BE(action?.type === 'output' ? action.port : 0, o + 92);
  b.writeUInt32BE(0, o + 96);
  b.writeUInt32BE(0, o + 100);
}

function packetOutEncode(): Result {
  const writer = new Writer();
  const message = packetOut({ inPort: 1, actions: [{ type: 'output', port: 2 }], data: PACKET });
  const ours = (): void => {
    encodeInto(writer, message);
    sink = writer.take();
  };
  let block = Buffer.allocUnsafe(65536);
  let at = 0;
  const plain = (): void => {
    if (at + 104 > block.length) {
      block = Buffer.allocUnsafe(65536);
      at = 0;
    }
    block.writeUInt32BE(0x040d0068, at);
    block.writeUInt32BE(message.xid, at + 4);
    block.writeUInt32BE(message.bufferId, at + 8);
    block.writeUInt32BE(message.inPort, at + 12);
    block.writeUInt32BE(0x00100000, at + 16);
    block.writeUInt32BE(0, at + 20);
    block.writeUInt32BE(0x00000010, at + 24);
    block.writeUInt32BE(2, at + 28);
    block.writeUInt32BE(0, at + 32);
    block.writeUInt32BE(0, at + 36);
    block.set(message.data, at + 40);
    sink = block.subarray(at, at + 104);
    at += 104;
  };
  return { name: 'PACKET_OUT encode', ...rates(ours, plain), target: 1e6 };
}

function framing(): Result {
  const chunk = Buffer.concat(Array.from({ length: 500 }, () => PACKET_IN));
  const framer = new Framer();
  let frames = 0;
  const ours = (): void => framer.push(chunk, () => frames++);
  const plain = (): void => {
    for (let at = 0; at < chunk.length; at += chunk.readUInt16BE(at + 2)) {
      sink = chunk.subarray(at, at + chunk.readUInt16BE(at + 2));
    }
  };
  const { perSecond, plainPerSecond } = rates(ours, plain);
  return {
    name: 'framing of PACKET_INs',
    perSecond: perSecond * 500,
    plainPerSecond: plainPerSecond * 500,
    target: 4e6,
  };
}

const FLOWS = 10_000;
const FLOWS_PER_PART = 400;
const ROUNDS_FLOWS = 30;
const TARGET_FLOWS_MS = 30;

function flowStatsReply(): Buffer[] {
  const flow = (i: number): FlowStats => ({
    tableId: 6,
    durationSec: i,
    durationNsec: 5,
    priority: 100,
    idleTimeout: 0,
    hardTimeout: 0,
    flags: 0,
    cookie: BigInt(i) << 20n,
    packetCount: BigInt(i),
    byteCount: BigInt(i) * 1000n,
    match: { inPort: i % 48, ethType: 0x0800, ipv4Dst: 0x0a000000 + i },
    instructions: [{ type: 'applyActions', actions: [{ type: 'output', port: 3 }] }],
  });
  return Array.from({ length: FLOWS / FLOWS_PER_PART }, (_, part) => {
    const body = Array.from({ length: FLOWS_PER_PART }, (_, i) => flow(part * FLOWS_PER_PART + i));
    const message: Message = { type: 'multipartReply', xid: 1, kind: 'flow', more: true, body };
    return encode(message);
  });
}

function flowStatsDecode(): Row {
  const parts = flowStatsReply();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS_FLOWS; round++) {
    const start = process.hrtime.bigint();
    sink = parts.map((part) => decode(part));
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  const first = times[0]!;
  times.sort((a, b) => a - b);
  const median = times[times.length >> 1]!;
  return {
    what: `a stats reply of ${FLOWS} flows`,
    figure: ms(median),
    beside: `median of ${ROUNDS_FLOWS}; the first, cold, ${ms(first)}`,
    target: `under ${TARGET_FLOWS_MS} ms`,
    met: median < TARGET_FLOWS_MS,
  };
}

/** Messages of every type first, as in a controller that has lived for a while: code that saw only one type is quicker. */
function warmUp(): void {
  const writer = new Writer();
  for (let seed = 1; seed <= 200; seed++) {
    for (const name of MESSAGE_NAMES) {
      encodeInto(writer, generateMessage(name, seed));
      sink = decode(writer.take());
    }
  }
}

export function benchCodec(): Row[] {
  warmUp();
  const rows = [packetInDecode, flowModEncode, packetOutEncode, framing].map((measure) => rowOf(measure()));
  rows.push(flowStatsDecode());
  if (sink === undefined) throw new Error('nothing was measured');
  return rows;
}

/**
 * The load: switches of a leaf-spine network over real TCP sockets, in a process of their own. They send a packet-in for every
 * answer that they get, each of another pair of hosts, and tell how many there were and how long each took. Run by ../reactive.ts.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { decode, encode, Framer, hello, OFP_NO_BUFFER, OFPBCT, OFPP, OFPT } from '../../src/openflow/codec/index.ts';
import type { Message, MultipartReply, MultipartRequest, PortDesc } from '../../src/openflow/codec/index.ts';
import { TABLES } from '../../src/flows/pipeline.ts';
import { ETHER_TYPE } from '../../src/packet/index.ts';
import { cables, HOST_PORT, hostsPerLeaf, macOf, portsOf, SPINES } from './leaf-spine.ts';

export interface Round {
  readonly seconds: number;
  /** Packet-ins without an answer, over all switches. */
  readonly outstanding: number;
  /** True where the plain server is asked, which answers on the same socket in order. */
  readonly plain: boolean;
}

export interface RoundResult {
  readonly answered: number;
  readonly flowMods: number;
  readonly seconds: number;
  /** Milliseconds, ascending: a sample where there were many. */
  readonly latencies: readonly number[];
}

/** What the parent says. */
export type Order =
  | { readonly do: 'connect'; readonly port: number; readonly plainPort: number; readonly switches: number }
  | { readonly do: 'learn' }
  | ({ readonly do: 'round' } & Round);

/** What comes of it. */
export type Told = { readonly connected: true } | { readonly learnt: true } | { readonly result: RoundResult };

const FRAME_BYTES = 60;
/** In PACKET_IN: header, buffer, length, reason, table, cookie, a match of one field, two bytes of padding. */
const FRAME_AT = 42;
/** In PACKET_OUT with one output action. */
const OUT_TYPE_AT = 24 + 16 + 12;
/** In the frame: which packet-in it is. */
const ID_AT = 14;
/** Packet-ins that can be told apart at one time: a power of two. */
const IDS = 1 << 16;
const MAX_LATENCIES = 20_000;

let switches = 0;
const sockets: Socket[] = [];
const plainSockets: Socket[] = [];
const peers = new Map<string, { index: number; port: number }>();
const greeted = new Set<number>();
const sentAt = new Float64Array(IDS);
/** Of the plain server, per socket: which packet-ins wait, in order. */
const waiting: number[][] = [];
let next = 0;
let round: Round | undefined;
let answered = 0;
let flowMods = 0;
let latencies: number[] = [];

function packetIn(tableId: number, inPort: number, frame: Buffer): Buffer {
  return encode({
    type: 'packetIn',
    xid: 0,
    bufferId: OFP_NO_BUFFER,
    totalLen: frame.length,
    reason: 0,
    tableId,
    cookie: 0n,
    match: { inPort },
    data: frame,
  });
}

const TEMPLATE = packetIn(TABLES.forward.id, HOST_PORT, Buffer.alloc(FRAME_BYTES));

/** The next packet-in, from a leaf to another: pairs come again only after all others did. */
function ask(plain: boolean): void {
  const leaves = switches - SPINES;
  const hosts = hostsPerLeaf(switches);
  const id = next++;
  const from = SPINES + (id % leaves);
  const turn = Math.floor(id / leaves);
  const to = SPINES + ((id + 1 + (turn % (leaves - 1))) % leaves);
  const bytes = Buffer.from(TEMPLATE);
  bytes.writeUIntBE(macOf(to, Math.floor(turn / (leaves - 1)) % hosts), FRAME_AT, 6);
  bytes.writeUIntBE(0x0600_0000_0000 + (id % 0x1_0000_0000), FRAME_AT + 6, 6);
  bytes.writeUInt16BE(0x88b5, FRAME_AT + 12);
  bytes.writeUInt32BE(id % IDS, FRAME_AT + ID_AT);
  sentAt[id % IDS] = performance.now();
  if (plain) waiting[from]!.push(id % IDS);
  write((plain ? plainSockets : sockets)[from]!, bytes);
}

const corked = new Set<Socket>();

/** Once a turn for each socket: the load shall not be what limits. */
function write(socket: Socket, bytes: Buffer): void {
  if (corked.size === 0) setImmediate(uncork);
  if (!corked.has(socket)) {
    corked.add(socket);
    socket.cork();
  }
  socket.write(bytes);
}

function uncork(): void {
  for (const socket of corked) socket.uncork();
  corked.clear();
}

function settle(id: number): void {
  if (!round) return;
  answered++;
  if (answered % 16 === 0 || round.outstanding === 1) latencies.push(performance.now() - sentAt[id]!);
  ask(round.plain);
}

function receive(index: number, frame: Buffer): void {
  const type = frame[1];
  if (type === OFPT.FLOW_MOD) flowMods++;
  else if (type === OFPT.PACKET_OUT) {
    if (frame.readUInt16BE(OUT_TYPE_AT) === ETHER_TYPE.LLDP) carryProbe(index, frame);
    else settle(frame.readUInt32BE(24 + 16 + ID_AT));
  } else answer(index, decode(frame));
}

/** A probe comes out where its cable ends. */
function carryProbe(index: number, frame: Buffer): void {
  const port = frame.readUInt32BE(24 + 4);
  const far = peers.get(`${index}:${port}`);
  // One that has not greeted yet is not there for anybody.
  if (far && greeted.has(far.index))
    sockets[far.index]!.write(packetIn(TABLES.intake.id, far.port, frame.subarray(24 + 16)));
}

function answer(index: number, message: Message): void {
  const { xid } = message;
  const say = (reply: Message): void => void sockets[index]!.write(encode(reply));
  if (message.type === 'featuresRequest') {
    const capabilities = { nBuffers: 0, nTables: 254, auxiliaryId: 0, capabilities: 0 };
    say({ type: 'featuresReply', xid, datapathId: BigInt(index + 1), ...capabilities });
  } else if (message.type === 'multipartRequest') say(multipart(index, message));
  else if (message.type === 'barrierRequest') say({ type: 'barrierReply', xid });
  else if (message.type === 'echoRequest') say({ type: 'echoReply', xid, data: message.data });
  else if (message.type === 'bundleControl') {
    // Each reply's number follows its request's.
    say({ ...message, controlType: message.controlType + OFPBCT.OPEN_REPLY });
  }
}

function multipart(index: number, { xid, kind }: MultipartRequest): MultipartReply {
  const header = { type: 'multipartReply', xid, more: false } as const;
  if (kind === 'desc') {
    return { ...header, kind, body: { mfrDesc: '', hwDesc: 'load', swDesc: '', serialNum: '', dpDesc: '' } };
  }
  if (kind === 'portDesc') {
    const ports = portsOf(index, switches).map((portNo) => portDesc(portNo, `${index}-${portNo}`));
    return { ...header, kind, body: [...ports, portDesc(OFPP.LOCAL, `s${index + 1}`)] };
  }
  switch (kind) {
    case 'flow':
    case 'groupDesc':
    case 'meterConfig':
    case 'flowMonitor':
      return { ...header, kind, body: [] };
    default:
      throw new Error(`the load has no answer to ${kind}`);
  }
}

function portDesc(portNo: number, name: string): PortDesc {
  const rates = { curr: 0, advertised: 0, supported: 0, peer: 0, currSpeed: 10_000_000, maxSpeed: 0 };
  return { portNo, name, hwAddr: 0x0a00_0000_0000 + (portNo % 0x1_0000), config: 0, state: 0, ...rates };
}

async function connectAll(order: Extract<Order, { do: 'connect' }>): Promise<void> {
  switches = order.switches;
  for (const [a, b] of cables(switches)) {
    peers.set(`${a.index}:${a.port}`, b);
    peers.set(`${b.index}:${b.port}`, a);
  }
  for (let index = 0; index < switches; index++) {
    waiting.push([]);
    const framer = new Framer();
    const socket = connect({ host: '127.0.0.1', port: order.port, noDelay: true });
    sockets.push(socket);
    socket.on('data', (chunk: Buffer) => framer.push(chunk, (frame) => receive(index, frame)));
    await once(socket, 'connect');
    socket.write(encode(hello()));
    greeted.add(index);
    const plainFramer = new Framer();
    const plain = connect({ host: '127.0.0.1', port: order.plainPort, noDelay: true });
    plainSockets.push(plain);
    plain.on('data', (chunk: Buffer) =>
      plainFramer.push(chunk, (frame) => {
        if (frame[1] === OFPT.FLOW_MOD) flowMods++;
        else settle(waiting[index]!.shift()!);
      }),
    );
    await once(plain, 'connect');
  }
}

/** Every host says who it is. */
function learn(): void {
  for (let leaf = SPINES; leaf < switches; leaf++) {
    for (let host = 0; host < hostsPerLeaf(switches); host++) {
      const frame = Buffer.alloc(FRAME_BYTES);
      frame.writeUIntBE(0xffffffffffff, 0, 6);
      frame.writeUIntBE(macOf(leaf, host), 6, 6);
      frame.writeUInt16BE(0x88b5, 12);
      sockets[leaf]!.write(packetIn(TABLES.learn.id, HOST_PORT, frame));
    }
  }
}

async function play(order: Round): Promise<RoundResult> {
  answered = 0;
  flowMods = 0;
  latencies = [];
  round = order;
  const start = performance.now();
  for (let i = 0; i < order.outstanding; i++) ask(order.plain);
  await pause(order.seconds * 1_000);
  const seconds = (performance.now() - start) / 1_000;
  const result = { answered, flowMods, seconds, latencies: sample(latencies) };
  round = undefined;
  // What is under way still comes in, and is nobody's.
  await pause(300);
  for (const list of waiting) list.length = 0;
  return result;
}

function sample(values: readonly number[]): number[] {
  const step = Math.ceil(values.length / MAX_LATENCIES);
  return values.filter((_, i) => i % step === 0).sort((x, y) => x - y);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function tell(told: Told): void {
  process.send?.(told);
}

process.on('message', (order: Order) => {
  if (order.do === 'connect') void connectAll(order).then(() => tell({ connected: true }));
  else if (order.do === 'learn') {
    learn();
    tell({ learnt: true });
  } else void play(order).then((result) => tell({ result }));
});
process.on('disconnect', () => process.exit(0));

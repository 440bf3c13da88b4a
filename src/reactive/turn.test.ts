/** A turn of the event loop with many packet-ins, over real sockets: what is written to whom, and when. */
import { Socket } from 'node:net';
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FakeSwitch } from '../../test/support/fake-switch.ts';
import { openOpenFlowPort } from '../../test/support/openflow-port.ts';
import type { OpenFlowPort } from '../../test/support/openflow-port.ts';
import { formatDpid, linkId } from '../core/ids.ts';
import type { Dpid } from '../core/ids.ts';
import { TABLES } from '../flows/pipeline.ts';
import { encode, Framer, OFPT } from '../openflow/codec/index.ts';
import type { PacketIn } from '../openflow/codec/index.ts';
import type { DatapathSession } from '../openflow/session/datapath.ts';
import { buildEthernet } from '../packet/index.ts';
import { Network } from '../topology/network.ts';
import { hostAt, portOf, switchOf } from '../topology/testing/facts.ts';
import { createConversations } from './conversations.ts';
import type { Conversations } from './conversations.ts';
import { ASKING } from './testing/asking.ts';

const DPIDS = [1n, 2n, 3n].map(formatDpid);
const [S1, S2, S3] = DPIDS as [Dpid, Dpid, Dpid];
const HOST = 9;
const [A, B] = [0x0200_0000_000a, 0x0200_0000_000b];
const PACKETS = 50;
const [RULE, PACKET] = [OFPT.FLOW_MOD, OFPT.PACKET_OUT];

/** One write of a socket of ours: to which switch, and the types of the messages in it. */
interface Write {
  readonly dpid: Dpid;
  readonly types: readonly number[];
}

let port: OpenFlowPort;
afterEach(async () => {
  vi.restoreAllMocks();
  await port.close();
});

/** s1 – s2 – s3 with A at one end and B at the other, all connected; writes are kept from now on. */
async function startLine(): Promise<{ fakes: FakeSwitch[]; writes: Write[]; atTurnsEnd: number[] }> {
  const writes: Write[] = [];
  const atTurnsEnd: number[] = [];
  let conversations: Conversations | undefined;
  port = await openOpenFlowPort({
    onSession: ({ dpid }, usual) => ({
      ...usual,
      packetIn: ({ match, data }) => {
        conversations!.packetIn(dpid, match.inPort!, data);
        // Called in this turn, behind what was queued for its end.
        setImmediate(() => atTurnsEnd.push(writes.length));
      },
    }),
  });
  const admitted = await Promise.all([1n, 2n, 3n].map((dpid) => port.admit({ dpid })));
  conversations = conversationsIn(
    new Network(port.clock),
    admitted.map(({ session }) => session),
  );
  const dpidOf = new Map(admitted.map(({ fake, session }) => [fake.address, session.dpid]));
  const write = Socket.prototype.write;
  vi.spyOn(Socket.prototype, 'write').mockImplementation(function (this: Socket, ...args: unknown[]) {
    const dpid = dpidOf.get(`${this.remoteAddress}:${this.remotePort}`);
    if (dpid !== undefined) writes.push({ dpid, types: typesIn(args[0] as Buffer) });
    return write.apply(this, args as Parameters<typeof write>);
  });
  return { fakes: admitted.map(({ fake }) => fake), writes, atTurnsEnd };
}

function conversationsIn(network: Network, sessions: readonly DatapathSession[]): Conversations {
  const conversations = createConversations({
    network,
    clock: port.clock,
    logger: pino({ level: 'silent' }),
    match: 'mac',
    idleTimeoutS: 10,
    installed: () => ASKING,
  });
  for (const dpid of DPIDS) {
    network.setSwitch(dpid, switchOf(dpid, [portOf(1, 'fabric'), portOf(2, 'fabric'), portOf(HOST, 'host')]));
  }
  for (const [from, to] of [[S1, S2] as const, [S2, S3] as const]) {
    const [a, b] = [
      { dpid: from, port: 2 },
      { dpid: to, port: 1 },
    ];
    network.setLink(linkId(a, b), { id: linkId(a, b), a, b, bidirectional: true });
  }
  network.setHost(A, hostAt(A, { dpid: S1, port: HOST }));
  network.setHost(B, hostAt(B, { dpid: S3, port: HOST }));
  network.flush();
  for (const session of sessions) conversations.attach(session.dpid, session, { flows: [], items: ASKING });
  return conversations;
}

function typesIn(bytes: Buffer): number[] {
  const types: number[] = [];
  new Framer().push(bytes, (frame) => types.push(frame[1]!));
  return types;
}

/** Packets of as many senders, in one piece. */
function packetIns(count: number, ethDst: number): Buffer {
  const messages = Array.from({ length: count }, (_, i): PacketIn => {
    const data = buildEthernet({ ethDst, ethSrc: 0x0600_0000_0000 + i, etherType: 0x88b5, payload: Buffer.alloc(46) });
    const header = { type: 'packetIn', xid: 0, bufferId: 0xffffffff, totalLen: data.length } as const;
    return { ...header, reason: 1, tableId: TABLES.forward.id, cookie: 0n, match: { inPort: HOST }, data };
  });
  return Buffer.concat(messages.map(encode));
}

describe('a turn with many packet-ins', () => {
  it('ends with one write to each switch, the last one on the way first', async () => {
    const { fakes, writes, atTurnsEnd } = await startLine();
    fakes[0]!.sendBytes(packetIns(PACKETS, B));
    await fakes[0]!.next('flowMod', ({ match }) => match.ethSrc === 0x0600_0000_0000 + PACKETS - 1);
    const rules = Array.from({ length: PACKETS }, () => RULE);
    expect(writes).toEqual([
      { dpid: S3, types: Array.from({ length: PACKETS }, () => [RULE, PACKET]).flat() },
      { dpid: S2, types: rules },
      { dpid: S1, types: rules },
    ]);
    // Nothing of it was left for a later turn.
    expect(atTurnsEnd).toEqual(Array.from({ length: PACKETS }, () => 3));
  });

  it('of several switches ends with one write to each all the same', async () => {
    const { fakes, writes } = await startLine();
    // The kernel has both before the event loop looks.
    fakes[0]!.sendBytes(packetIns(PACKETS, B));
    fakes[2]!.sendBytes(packetIns(PACKETS, A));
    await Promise.all([0, 2].map((end) => fakes[end]!.next('packetOut', ({ data }) => data.at(11) === PACKETS - 1)));
    expect(writes.map(({ dpid }) => dpid).sort()).toEqual([S1, S2, S3]);
  });
});

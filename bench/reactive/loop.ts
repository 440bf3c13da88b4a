/**
 * What one packet-in costs from its bytes to those of its answers: framing, decoding, the way, rules, the packet sent on, and what is
 * put together for each switch's socket; no kernel. Beside it the plain loop with the same bytes. The traffic is the same in networks
 * of every size, among the same few switches, so that what grows with the network is seen.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '../../src/core/clock.ts';
import { decode, encode, Framer, hello } from '../../src/openflow/codec/index.ts';
import type { PacketIn } from '../../src/openflow/codec/index.ts';
import { Connection } from '../../src/openflow/session/connection.ts';
import type { DatapathHandlers, DatapathSession } from '../../src/openflow/session/datapath.ts';
import { SESSION_LIMITS } from '../../src/openflow/session/limits.ts';
import { TABLES } from '../../src/flows/pipeline.ts';
import type { Conversations } from '../../src/reactive/conversations.ts';
import { best, median } from '../support/rounds.ts';
import { conversationsAmong } from './facts.ts';
import { answerOf, PACKET_IN_BYTES, putAsk } from './messages.ts';
import { plainAnswers } from './plain.ts';
import { askOf, hostsPerLeaf, portsOf, SPINES } from './pods.ts';
import type { WayLength } from './pods.ts';
import { QuietSocket } from './quiet-socket.ts';

/** Nobody is asked whether it lives. */
const LIMITS = { ...SESSION_LIMITS, echoIdleMs: 1e9 };
/** Leaves that talk, in a network of any size. */
const TALKING = 6;
/** Packet-ins in a turn of the event loop, of each leaf that talks. */
const AT_ONCE = 50;
const PER_TURN = TALKING * AT_ONCE;
/** Few enough that no collection comes between. */
const TURNS_EACH = 4;
const TURNS_COUNTED = 15;
const TURNS_TIMED = 300;
const WARM_TURNS = 600;
const ROUNDS = 9;

export interface LoopCost {
  readonly switches: number;
  readonly way: WayLength;
  /** Microseconds for a packet-in, the best of several rounds. */
  readonly us: number;
  readonly plainUs: number;
  readonly memory: Memory;
  readonly plainMemory: Memory;
}

/** One turn of the event loop with its packet-ins; resolves with the milliseconds that it took, the making of the packets left out. */
type Turn = () => Promise<number>;

export async function measureLoop(switches: number, way: WayLength): Promise<LoopCost> {
  const sockets = Array.from({ length: switches }, () => new QuietSocket());
  const sessions = await Promise.all(sockets.map((socket, index) => connect(socket, index, switches)));
  const conversations = conversationsAmong(sessions.map(({ session }) => session));
  for (const each of sessions) each.conversations = conversations;
  const traffic = createTraffic(switches, way);
  const ours = turnOf(traffic, (leaf) => sockets[leaf]!);
  const plainSocket = new QuietSocket();
  const answers = plainAnswers(way);
  plainSocket.on('data', (chunk: Buffer) => plainSocket.write(answers(chunk)));
  const plain = turnOf(traffic, () => plainSocket);
  await repeat(WARM_TURNS, ours);
  await repeat(WARM_TURNS, plain);
  const times: Record<'ours' | 'plain', number[]> = { ours: [], plain: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.ours.push(await repeat(TURNS_TIMED, ours));
    times.plain.push(await repeat(TURNS_TIMED, plain));
  }
  const [memory, plainMemory] = [await allocated(ours), await allocated(plain)];
  const { packets, programmed } = conversations.counters!;
  if (programmed !== packets) throw new Error(`only ${programmed} of ${packets} packet-ins were programmed`);
  const usEach = (all: readonly number[]): number => (best(all) * 1_000) / (TURNS_TIMED * PER_TURN);
  return { switches, way, us: usEach(times.ours), plainUs: usEach(times.plain), memory, plainMemory };
}

/** For a packet-in, in bytes: objects on the heap, and memory of buffers beside it. */
interface Memory {
  readonly heap: number;
  readonly buffers: number;
}

/** Medians of several turns, each begun with an empty nursery. */
async function allocated(step: Turn): Promise<Memory> {
  setFlagsFromString('--expose-gc');
  setFlagsFromString('--max-semi-space-size=64');
  const collect = runInNewContext('gc') as () => void;
  const heap: number[] = [];
  const buffers: number[] = [];
  for (let i = 0; i < TURNS_COUNTED; i++) {
    collect();
    // What is looked at for the first time after a collection is paid for here.
    await step();
    const before = process.memoryUsage();
    await repeat(TURNS_EACH, step);
    const after = process.memoryUsage();
    heap.push((after.heapUsed - before.heapUsed) / (TURNS_EACH * PER_TURN));
    buffers.push((after.arrayBuffers - before.arrayBuffers) / (TURNS_EACH * PER_TURN));
  }
  return { heap: median(heap), buffers: median(buffers) };
}

async function repeat(turns: number, step: Turn): Promise<number> {
  let ms = 0;
  for (let i = 0; i < turns; i++) ms += await step();
  return ms;
}

interface Connected {
  readonly session: DatapathSession;
  conversations: Conversations | undefined;
}

/** A session of ours whose switch says what `answerOf` does, and whose packet-ins of `forward` are answered. */
function connect(quiet: QuietSocket, index: number, switches: number): Promise<Connected> {
  const ports = portsOf(switches)[index]!;
  const framer = new Framer();
  quiet.onWrite = (data) =>
    framer.push(data, (frame) => {
      const answer = answerOf(index, ports, decode(frame));
      if (answer) setImmediate(() => quiet.emit('data', encode(answer)));
    });
  return new Promise((resolve) => {
    const admit = (session: DatapathSession): Promise<DatapathHandlers> => {
      const connected: Connected = { session, conversations: undefined };
      quiet.onWrite = () => {};
      setImmediate(() => resolve(connected));
      const packetIn = ({ tableId, match, data }: PacketIn): void => {
        if (tableId === TABLES.forward.id) connected.conversations!.packetIn(session.dpid, match.inPort!, data);
      };
      const none = (): void => {};
      return Promise.resolve({
        packetIn,
        portStatus: none,
        flowRemoved: none,
        flowMonitor: none,
        error: none,
        closed: none,
      });
    };
    const log = { log: () => {}, stop: () => {} };
    const { channel } = new Connection({
      socket: quiet.socket,
      clock: systemClock,
      limits: LIMITS,
      log,
      admit,
      onClosed: () => {},
    });
    if (channel.closed) throw new Error('a session ended before it began');
    quiet.emit('data', encode(hello()));
  });
}

/** Chunks of packet-ins by leaf, each packet of another conversation. */
function createTraffic(switches: number, way: WayLength): () => ReadonlyMap<number, Buffer> {
  const chunks = new Map<number, Buffer>();
  for (let leaf = SPINES; leaf < SPINES + TALKING; leaf++) chunks.set(leaf, Buffer.alloc(AT_ONCE * PACKET_IN_BYTES));
  const hosts = Math.min(hostsPerLeaf(switches), hostsPerLeaf(500));
  let next = 0;
  return () => {
    for (let i = 0; i < PER_TURN; i++) {
      const asked = askOf(next++, way, TALKING, hosts);
      putAsk(chunks.get(asked.leaf)!, Math.floor(i / TALKING) * PACKET_IN_BYTES, asked, i);
    }
    return chunks;
  };
}

function turnOf(traffic: () => ReadonlyMap<number, Buffer>, socketOf: (leaf: number) => QuietSocket): Turn {
  return async () => {
    const chunks = traffic();
    const start = performance.now();
    for (const [leaf, chunk] of chunks) socketOf(leaf).emit('data', chunk);
    await turn();
    return performance.now() - start;
  };
}

/** What is queued for the end of this turn is written. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

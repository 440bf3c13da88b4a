/**
 * The load: the switches of `pods.ts` over real TCP sockets, in a process of their own. They send a packet-in for every
 * answer that they get, each of another pair of hosts, and tell how many there were and how long each took. Run by ../reactive.ts.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { decode, encode, Framer, hello, OFPT } from '../../src/openflow/codec/index.ts';
import { TABLES } from '../../src/flows/pipeline.ts';
import { ETHER_TYPE } from '../../src/packet/index.ts';
import { answerOf, FRAME_BYTES, ID_AT, packetIn, PACKET_IN_BYTES, putAsk } from './messages.ts';
import { askOf, cables, HOST_PORT, hostsPerLeaf, macOf, portsOf, SPINES } from './pods.ts';
import type { End, WayLength } from './pods.ts';

export interface Round {
  readonly seconds: number;
  /** Packet-ins without an answer, over all switches. */
  readonly outstanding: number;
  readonly way: WayLength;
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
  | { readonly do: 'connect'; readonly port: number; readonly plainPorts: PlainPorts; readonly switches: number }
  | { readonly do: 'learn' }
  | ({ readonly do: 'round' } & Round);

/** Of the plain servers, by how many rules they answer with. */
export type PlainPorts = Readonly<Record<WayLength, number>>;

/** What comes of it. */
export type Told = { readonly connected: true } | { readonly learnt: true } | { readonly result: RoundResult };

/** In PACKET_OUT with one output action. */
const OUT_FRAME_AT = 24 + 16;
/** Packet-ins that can be told apart at one time: a power of two. */
const IDS = 1 << 16;
/** Whatever is under way is answered within this. */
const DRAIN_MS = 10_000;
const MAX_LATENCIES = 20_000;

let switches = 0;
const sockets: Socket[] = [];
const plainSockets: Record<WayLength, Socket[]> = { 1: [], 4: [] };
let ports: number[][] = [];
const peers = new Map<string, End>();
const greeted = new Set<number>();
const sentAt = new Float64Array(IDS);
/** Of the plain server, per socket: which packet-ins wait, in order. */
const waiting: number[][] = [];
let next = 0;
let round: Round | undefined;
let answered = 0;
/** Packet-ins without an answer. */
let open = 0;
let allAnswered = (): void => {};
let flowMods = 0;
let latencies: number[] = [];

/** The next packet-in: pairs come again only after all others did. */
function ask({ plain, way }: Round): void {
  const id = next++;
  open++;
  const asked = askOf(id, way, switches - SPINES, hostsPerLeaf(switches));
  sentAt[id % IDS] = performance.now();
  if (plain) waiting[asked.leaf]!.push(id % IDS);
  const output = outputOf((plain ? plainSockets[way] : sockets)[asked.leaf]!);
  putAsk(output.bytes, output.length, asked, id % IDS);
  output.length += PACKET_IN_BYTES;
  if (output.length + PACKET_IN_BYTES > OUTPUT_BYTES) flush(output);
}

/** What a socket has to say in this turn, in one piece: the load shall not be what limits. */
interface Output {
  readonly socket: Socket;
  bytes: Buffer;
  length: number;
}

const OUTPUT_BYTES = 64 * 1024;
const outputs = new Map<Socket, Output>();
const toFlush = new Set<Output>();

function outputOf(socket: Socket): Output {
  let output = outputs.get(socket);
  if (!output) outputs.set(socket, (output = { socket, bytes: Buffer.allocUnsafe(OUTPUT_BYTES), length: 0 }));
  if (toFlush.size === 0) setImmediate(flushAll);
  toFlush.add(output);
  return output;
}

function flush(output: Output): void {
  output.socket.write(Buffer.from(output.bytes.subarray(0, output.length)));
  output.length = 0;
}

function flushAll(): void {
  for (const output of toFlush) if (output.length > 0) flush(output);
  toFlush.clear();
}

function settle(id: number): void {
  if (--open === 0) allAnswered();
  if (!round) return;
  answered++;
  if (answered % 16 === 0 || round.outstanding === 1) latencies.push(performance.now() - sentAt[id]!);
  ask(round);
}

function receive(index: number, frame: Buffer): void {
  const type = frame[1];
  if (type === OFPT.FLOW_MOD) flowMods++;
  else if (type === OFPT.PACKET_OUT) {
    if (frame.readUInt16BE(OUT_FRAME_AT + 12) === ETHER_TYPE.LLDP) carryProbe(index, frame);
    else settle(frame.readUInt32BE(OUT_FRAME_AT + ID_AT));
  } else {
    const answer = answerOf(index, ports[index]!, decode(frame));
    if (answer) sockets[index]!.write(encode(answer));
  }
}

/** A probe comes out where its cable ends. */
function carryProbe(index: number, frame: Buffer): void {
  const port = frame.readUInt32BE(24 + 4);
  const far = peers.get(`${index}:${port}`);
  // One that has not greeted yet is not there for anybody.
  if (far && greeted.has(far.index))
    sockets[far.index]!.write(packetIn(TABLES.intake.id, far.port, frame.subarray(OUT_FRAME_AT)));
}

async function connectAll(order: Extract<Order, { do: 'connect' }>): Promise<void> {
  switches = order.switches;
  ports = portsOf(switches);
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
    for (const way of [1, 4] as const) await connectPlain(index, way, order.plainPorts[way]);
  }
}

async function connectPlain(index: number, way: WayLength, port: number): Promise<void> {
  const framer = new Framer();
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  plainSockets[way].push(socket);
  const receivePlain = (frame: Buffer): void => {
    if (frame[1] === OFPT.FLOW_MOD) flowMods++;
    else settle(waiting[index]!.shift()!);
  };
  socket.on('data', (chunk: Buffer) => framer.push(chunk, receivePlain));
  await once(socket, 'connect');
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
  for (let i = 0; i < order.outstanding; i++) ask(order);
  await pause(order.seconds * 1_000);
  const seconds = (performance.now() - start) / 1_000;
  const result = { answered, flowMods, seconds, latencies: sample(latencies) };
  round = undefined;
  // What is under way is nobody's, and must not be there in the next round.
  await drained();
  return result;
}

/** Rejects where some are never answered. */
function drained(): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${open} packet-ins were never answered`)), DRAIN_MS);
    allAnswered = () => {
      clearTimeout(timer);
      resolve();
    };
    if (open === 0) allAnswered();
  });
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

/**
 * Reactive forwarding under load: packet-ins answered a second by the whole controller, over real TCP sockets to switches in
 * another process, each answer being three flow-mods to three switches and a packet-out. Beside it a plain server that answers
 * each packet-in with as many fixed bytes on the socket it came by, in the same run. And what a packet-in costs in memory, in
 * networks of several sizes. Run with `npm run bench -- reactive`.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { startController } from '../src/controller.ts';
import type { Controller } from '../src/controller.ts';
import { encode, flowMod, Framer, OFPP, OFPT, packetOut } from '../src/openflow/codec/index.ts';
import { measureAllocation } from './reactive/allocation.ts';
import type { Allocation } from './reactive/allocation.ts';
import { cables, hostsPerLeaf, SPINES } from './reactive/leaf-spine.ts';
import type { Row } from './support/table.ts';
import type { Order, Round, RoundResult, Told } from './reactive/switches.ts';

const SIZES = [10, 100];
const ROUNDS = 3;
const ROUND_S = 2;
/** Enough that neither side ever waits for the other. */
const OUTSTANDING = 2_048;
const PATIENCE_MS = 60_000;

export interface Load {
  readonly switches: number;
  readonly perSecond: number;
  readonly plainPerSecond: number;
  /** Flow-mods for each packet-in that was answered. */
  readonly rulesPerAnswer: number;
  /** With many outstanding. */
  readonly loaded: Percentiles;
  /** With one packet-in at a time in the whole network. */
  readonly idle: Percentiles;
  readonly plainIdle: Percentiles;
}

/** Milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

interface ReactiveFigures {
  readonly loads: readonly Load[];
  readonly allocations: readonly Allocation[];
}

async function runReactive(sizes: readonly number[]): Promise<ReactiveFigures> {
  const loads: Load[] = [];
  for (const size of sizes) loads.push(await measureLoad(size));
  return { loads, allocations: [10, 100, 500].map(measureAllocation) };
}

async function measureLoad(switches: number): Promise<Load> {
  const data = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
  const endpoint = { host: '127.0.0.1', port: 0 };
  const controller = await startController({
    config: {
      openflow: endpoint,
      http: endpoint,
      data,
      forwarding: 'reactive',
      reactiveMatch: 'mac',
      idleTimeout: 10,
      // Discovery is not what is measured: seldom, but ends that were not there yet are found.
      probeInterval: 2_000,
      hostTimeout: 900,
      statsInterval: 0,
      logLevel: 'silent',
    },
    logger: pino({ level: 'silent' }),
    webRoot: undefined,
  });
  const plain = await plainServer();
  const load = fork(fileURLToPath(new URL('reactive/switches.ts', import.meta.url)));
  try {
    const { port: plainPort } = plain.address() as AddressInfo;
    await order(load, { do: 'connect', port: controller.openflow.port, plainPort, switches });
    await until(controller, '/links', cables(switches).length);
    await until(controller, '/switches', switches);
    await learnt(controller, load, switches);
    return await rounds(load, switches);
  } finally {
    if (load.connected) load.disconnect();
    plain.close();
    await controller.stop();
    await rm(data, { recursive: true, force: true });
  }
}

async function rounds(load: ChildProcess, switches: number): Promise<Load> {
  const busy = { seconds: ROUND_S, outstanding: OUTSTANDING };
  const quiet = { seconds: ROUND_S, outstanding: 1 };
  // The first ones are compiled.
  for (const plain of [false, true]) await play(load, { ...busy, seconds: 1, plain });
  let best: RoundResult | undefined;
  let plainPerSecond = 0;
  for (let i = 0; i < ROUNDS; i++) {
    const result = await play(load, { ...busy, plain: false });
    if (!best || rate(result) > rate(best)) best = result;
    plainPerSecond = Math.max(plainPerSecond, rate(await play(load, { ...busy, plain: true })));
  }
  const idle = percentiles(await play(load, { ...quiet, plain: false }));
  const plainIdle = percentiles(await play(load, { ...quiet, plain: true }));
  return {
    switches,
    perSecond: rate(best!),
    plainPerSecond,
    rulesPerAnswer: best!.flowMods / best!.answered,
    loaded: percentiles(best!),
    idle,
    plainIdle,
  };
}

/** Answers each packet-in with the bytes of three flow-mods and a packet-out, whatever it says. */
async function plainServer(): Promise<Server> {
  const match = { ethDst: 1, ethSrc: 2 };
  const instructions = [{ type: 'applyActions', actions: [{ type: 'output', port: 1, maxLen: 0 }] }] as const;
  const rule = encode(flowMod({ match, instructions }));
  const actions = [{ type: 'output', port: 1, maxLen: 0 }] as const;
  const out = encode(packetOut({ inPort: OFPP.CONTROLLER, actions, data: Buffer.alloc(60) }));
  const answer = Buffer.concat([rule, rule, rule, out]);
  const server = createServer({ noDelay: true }, (socket) => {
    const framer = new Framer();
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      const answers: Buffer[] = [];
      framer.push(chunk, (frame) => {
        if (frame[1] === OFPT.PACKET_IN) answers.push(answer);
      });
      socket.write(Buffer.concat(answers));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function order(load: ChildProcess, what: Order): Promise<Told> {
  const told = once(load, 'message') as Promise<[Told]>;
  const listening = new AbortController();
  const ended = once(load, 'exit', { signal: listening.signal }).then(() => {
    throw new Error('the load ended; what it printed says why');
  });
  // Nobody asks any more once it has told.
  ended.catch(() => {});
  load.send(what);
  try {
    return (await Promise.race([told, ended]))[0];
  } finally {
    listening.abort();
  }
}

async function play(load: ChildProcess, round: Round): Promise<RoundResult> {
  const told = await order(load, { do: 'round', ...round });
  if (!('result' in told)) throw new Error('the load told no result');
  return told.result;
}

/** Hosts speak until all are known: at first their ports are not known to be hosts'. */
async function learnt(controller: Controller, load: ChildProcess, switches: number): Promise<void> {
  const hosts = (switches - SPINES) * hostsPerLeaf(switches);
  const deadline = Date.now() + PATIENCE_MS;
  while ((await count(controller, '/hosts')) < hosts) {
    if (Date.now() > deadline) throw new Error(`not all of ${hosts} hosts were learnt`);
    await order(load, { do: 'learn' });
    await pause(500);
  }
}

async function until(controller: Controller, path: string, wanted: number): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while ((await count(controller, path)) < wanted) {
    if (Date.now() > deadline) throw new Error(`${path} has ${await count(controller, path)} of ${wanted} entries`);
    await pause(100);
  }
}

async function count(controller: Controller, path: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${controller.http.port}/api/v1/topology`);
  const topology = (await response.json()) as Readonly<Record<string, readonly unknown[]>>;
  return topology[path.slice(1)]?.length ?? 0;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function rate({ answered, seconds }: RoundResult): number {
  return answered / seconds;
}

function percentiles({ latencies }: RoundResult): Percentiles {
  const at = (part: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

export async function benchReactive(): Promise<Row[]> {
  const { loads, allocations } = await runReactive(SIZES);
  return [...loads.map(loadRow), ...allocations.map(allocationRow)];
}

function loadRow({ switches, perSecond, plainPerSecond, loaded, idle, plainIdle }: Load): Row {
  const both = ({ p50, p99 }: Percentiles): string => `${p50.toFixed(2)} and ${p99.toFixed(2)} ms`;
  return {
    what: `packet-ins answered a second, ${switches} switches`,
    figure: Math.round(perSecond).toLocaleString('en'),
    beside:
      `${(perSecond / plainPerSecond).toFixed(2)} of a plain server; p50 and p99 loaded ${both(loaded)}, ` +
      `alone ${both(idle)}, the plain one's ${both(plainIdle)}`,
  };
}

function allocationRow({ switches, bytesPerPacketIn, microsecondsPerPacketIn }: Allocation): Row {
  return {
    what: `… heap for each packet-in, ${switches} switches`,
    figure: `${Math.round(bytesPerPacketIn)} bytes`,
    beside: `${microsecondsPerPacketIn.toFixed(2)} microseconds`,
  };
}

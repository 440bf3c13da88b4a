/**
 * Packet-ins a second by the whole controller, over real TCP sockets to switches in another process. Beside it plain servers that
 * answer each packet-in with as many messages on the socket it came by, in the same run.
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
import { startController } from '../../src/controller.ts';
import type { Controller } from '../../src/controller.ts';
import { processorMs } from '../../test/support/processor-time.ts';
import { plainAnswers } from './plain.ts';
import { cables, hostsPerLeaf, SPINES } from './pods.ts';
import type { WayLength } from './pods.ts';
import type { Order, Round, RoundResult, Told } from './switches.ts';

const ROUNDS = 3;
const ROUND_S = 2;
/** Enough that neither side ever waits for the other. */
const OUTSTANDING = 4_096;
const PATIENCE_MS = 240_000;

export interface Load {
  readonly switches: number;
  readonly way: WayLength;
  readonly ours: Served;
  readonly plain: Served;
  /** Flow-mods for each packet-in that was answered. */
  readonly rulesPerAnswer: number;
}

/** The best of several rounds: what else the machine does only ever slows. */
export interface Served {
  readonly perSecond: number;
  /** Of this process alone, for a packet-in, in microseconds: the kernel's part of its sockets among it. */
  readonly processorUs: number;
  /** Milliseconds from a packet-in to its answer with many outstanding, and with one in the whole network. */
  readonly loadedMs: Percentiles;
  readonly aloneMs: Percentiles;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

interface Played extends RoundResult {
  readonly processorMs: number;
}

export async function measureLoads(switches: number): Promise<Load[]> {
  const data = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
  const controller = await start(data);
  const plain = { 1: await plainServer(1), 4: await plainServer(4) };
  const load = fork(fileURLToPath(new URL('switches.ts', import.meta.url)));
  try {
    const plainPorts = { 1: portOf(plain[1]), 4: portOf(plain[4]) };
    await order(load, { do: 'connect', port: controller.openflow.port, plainPorts, switches });
    await until(controller, 'links', cables(switches).length);
    await until(controller, 'switches', switches);
    await learnt(controller, load, switches);
    const found: Load[] = [];
    for (const way of [1, 4] as const) found.push(await rounds(load, switches, way));
    return found;
  } finally {
    if (load.connected) load.disconnect();
    for (const server of Object.values(plain)) server.close();
    await controller.stop();
    await rm(data, { recursive: true, force: true });
  }
}

function start(data: string): Promise<Controller> {
  const endpoint = { host: '127.0.0.1', port: 0 };
  return startController({
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
}

async function rounds(load: ChildProcess, switches: number, way: WayLength): Promise<Load> {
  const busy = { seconds: ROUND_S, outstanding: OUTSTANDING, way };
  const quiet = { ...busy, seconds: 1, outstanding: 1 };
  const found: Record<'ours' | 'plain', Played[]> = { ours: [], plain: [] };
  for (let i = 0; i <= ROUNDS; i++) {
    for (const side of ['ours', 'plain'] as const) {
      const played = await play(load, { ...busy, plain: side === 'plain' });
      // The first ones are compiled.
      if (i > 0) found[side].push(played);
    }
  }
  const alone = {
    ours: await play(load, { ...quiet, plain: false }),
    plain: await play(load, { ...quiet, plain: true }),
  };
  const served = (side: 'ours' | 'plain'): Served => {
    const best = found[side].reduce((one, other) => (rate(other) > rate(one) ? other : one));
    return {
      perSecond: rate(best),
      processorUs: Math.min(...found[side].map(({ processorMs: ms, answered }) => (ms * 1_000) / answered)),
      loadedMs: percentiles(best),
      aloneMs: percentiles(alone[side]),
    };
  };
  const [one] = found.ours;
  return { switches, way, ours: served('ours'), plain: served('plain'), rulesPerAnswer: one!.flowMods / one!.answered };
}

async function plainServer(rules: number): Promise<Server> {
  const server = createServer({ noDelay: true }, (socket) => {
    const answers = plainAnswers(rules);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => socket.write(answers(chunk)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
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

async function play(load: ChildProcess, round: Round): Promise<Played> {
  const before = processorMs();
  const told = await order(load, { do: 'round', ...round });
  if (!('result' in told)) throw new Error('the load told no result');
  return { ...told.result, processorMs: processorMs() - before };
}

/** Hosts speak until all are known: at first their ports are not known to be hosts'. */
async function learnt(controller: Controller, load: ChildProcess, switches: number): Promise<void> {
  const hosts = (switches - SPINES) * hostsPerLeaf(switches);
  const deadline = Date.now() + PATIENCE_MS;
  while ((await count(controller, 'hosts')) < hosts) {
    if (Date.now() > deadline) throw new Error(`not all of ${hosts} hosts were learnt`);
    await order(load, { do: 'learn' });
    await pause(500);
  }
}

async function until(controller: Controller, what: string, wanted: number): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while ((await count(controller, what)) < wanted) {
    if (Date.now() > deadline) throw new Error(`there are ${await count(controller, what)} of ${wanted} ${what}`);
    await pause(100);
  }
}

async function count(controller: Controller, what: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${controller.http.port}/api/v1/topology`);
  const topology = (await response.json()) as Readonly<Record<string, readonly unknown[]>>;
  return topology[what]?.length ?? 0;
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

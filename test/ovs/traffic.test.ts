/** Rates on real Open vSwitch: what is sent through a line of three switches is what REST, the stream and /metrics tell. */
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startController } from '../support/controller.ts';
import type { RunningController } from '../support/controller.ts';
import { startPrivateOvs } from '../support/private-ovs.ts';
import type { PrivateOvs } from '../support/private-ovs.ts';
import { items, until } from '../support/rest.ts';
import { addRingBridge, arpRequest, dpidOf, HOST_PORT, inject, macOf, sentBy } from '../support/ring.ts';

const SIZE = 3;
const INTERVAL_MS = 1_000;
/** A dummy port holds 100 frames that the switch has not taken yet. */
const FRAMES = 80;
const FRAME_BYTES = 1_000;
/** Probes and what else the controller sends while rates are measured, in bytes: a small part of the burst. */
const NOISE_BYTES = (FRAMES * FRAME_BYTES) / 10;
/** A burst falls within one reading or two; where the machine stood still so long that we missed both, another one tells. */
const BURSTS = 5;

/** Port 1 leads to the next switch. */
const TO_NEXT = 1;
/** A third of a burst over two readings and a bit: the patch ports may tell a part of it later. */
const LEAST_BPS = ((FRAMES * FRAME_BYTES * 8) / (3 * INTERVAL_MS * 3)) * 1_000;

interface PortJson {
  readonly number: number;
  readonly kind: string;
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly rxBps: number | null;
  readonly txBps: number | null;
  readonly ratesOverMs: number | null;
}
interface LinkJson {
  readonly id: string;
  readonly a: { readonly dpid: string };
  readonly bidirectional: boolean;
  readonly aToBBps: number | null;
  readonly bToABps: number | null;
}
interface StatsJson {
  readonly type: string;
  readonly links: readonly { readonly id: string; readonly aToBBps: number | null }[];
  readonly ports: readonly { readonly dpid: string; readonly port: number; readonly rxBps: number | null }[];
}

describe('traffic through a line of real switches', () => {
  let ovs: PrivateOvs;
  let controller: RunningController;
  let stream: WebSocket;
  /** Every message of the topic stats, oldest first. */
  const told: StatsJson[] = [];

  const portOf = async (index: number, number: number): Promise<PortJson> => {
    const ports = await items<PortJson>(controller.baseUrl, `/switches/s${index}/ports`);
    const port = ports.find((each) => each.number === number);
    if (!port) throw new Error(`s${index} has no port ${number}`);
    return port;
  };
  const links = (): Promise<readonly LinkJson[]> => items(controller.baseUrl, '/links');
  /** Bytes that a port has taken in or given out since it was made, as the switch prints them. */
  const dumped = async (index: number, number: number, way: 'rx' | 'tx'): Promise<number> => {
    const text = await ovs.ofctl('dump-ports', `s${index}`, String(number));
    return Number(new RegExp(`${way} pkts=\\d+, bytes=(\\d+)`).exec(text)?.[1]);
  };
  const burst = (): Promise<string> =>
    ovs.appctl('netdev-dummy/receive', 'h1', ...Array<string>(FRAMES).fill(frameFor(SIZE)));

  /** Sends a burst until a rate of the port, times the time that it is an average of, is what the switch counted of it. */
  const measured = async (index: number, number: number, way: 'rx' | 'tx'): Promise<PortJson> => {
    const told = ({ rxBps, txBps, ratesOverMs }: PortJson): number =>
      (((way === 'rx' ? rxBps : txBps) ?? 0) * (ratesOverMs ?? 0)) / 8_000;
    const ask = (): Promise<PortJson> => portOf(index, number);
    const missed: number[] = [];
    while (missed.length < BURSTS) {
      await until(ask, (port) => port.ratesOverMs !== null && told(port) < NOISE_BYTES);
      const before = await dumped(index, number, way);
      await burst();
      const bytes = await until(
        async () => (await dumped(index, number, way)) - before,
        (count) => count >= FRAMES * FRAME_BYTES,
      );
      const covers = (port: PortJson): boolean => Math.abs(told(port) - bytes) < NOISE_BYTES;
      await until(ask, (port) => told(port) >= NOISE_BYTES);
      const port = await until(ask, (each) => covers(each) || told(each) < NOISE_BYTES);
      if (covers(port)) return port;
      missed.push(bytes);
    }
    throw new Error(`no reading of s${index}:${number} told a burst; they were ${missed.join()} bytes`);
  };

  beforeAll(async () => {
    controller = await startController({ args: ['--stats-interval', String(INTERVAL_MS)] });
    ovs = await startPrivateOvs();
    const target = `tcp:127.0.0.1:${controller.openflowPort}`;
    for (let index = 1; index <= SIZE; index++) await addRingBridge(ovs, index, target);
    for (let index = 1; index < SIZE; index++) {
      await ovs.patch({ bridge: `s${index}`, ofport: 1 }, { bridge: `s${index + 1}`, ofport: 2 });
    }
    stream = new WebSocket(`${controller.baseUrl.replace('http', 'ws')}/api/v1/stream?topics=stats`);
    stream.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as StatsJson;
      if (message.type === 'stats') told.push(message);
    });
    await once(stream, 'open');
    await until(links, (found) => found.length === SIZE - 1 && found.every(({ bidirectional }) => bidirectional));
    for (const index of [1, SIZE]) {
      await until(
        () => portOf(index, HOST_PORT),
        ({ kind }) => kind === 'host',
      );
      await inject(ovs, index, arpRequest(index));
    }
    await until(
      () => items(controller.baseUrl, '/hosts'),
      (found) => found.length === 2,
    );
    // From here on a frame for the far host goes the whole way by rules.
    const before = await sentBy(ovs, `s${SIZE}`, HOST_PORT);
    await until(
      async () => {
        await inject(ovs, 1, frameFor(SIZE));
        return sentBy(ovs, `s${SIZE}`, HOST_PORT);
      },
      (count) => count > before,
    );
  });
  afterAll(async () => {
    stream?.terminate();
    await controller?.stop();
    await ovs?.dispose();
  });

  it('is told at every port that it passes as the switch itself counts it', async () => {
    await measured(1, HOST_PORT, 'rx');
    await measured(1, TO_NEXT, 'tx');
    await measured(2, TO_NEXT, 'tx');
    await measured(SIZE, HOST_PORT, 'tx');
  });

  it('is told over the links in the direction in which it flows, and on the stream', async () => {
    told.length = 0;
    await burst();
    const busy = await until(links, (found) => found.every(({ aToBBps }) => (aToBBps ?? 0) > LEAST_BPS));
    for (const { bToABps } of busy) expect(bToABps).toBeLessThan(LEAST_BPS / 2);
    const ids = busy.map(({ id }) => id);
    const isTold = ({ links: each, ports }: StatsJson): boolean =>
      each.filter(({ id, aToBBps }) => ids.includes(id) && (aToBBps ?? 0) > LEAST_BPS).length === SIZE - 1 &&
      ports.some(({ dpid, port, rxBps }) => dpid === dpidOf(1) && port === HOST_PORT && (rxBps ?? 0) > LEAST_BPS);
    await until(
      async () => told.length,
      () => told.some(isTold),
    );
  });

  it('is counted in the metrics as the switch counts it', async () => {
    await burst();
    const bytes = await dumped(1, HOST_PORT, 'rx');
    const line = `signalbox_port_receive_bytes_total{dpid="${dpidOf(1)}",switch="s1",port="${HOST_PORT}"} `;
    const counted = async (): Promise<number> => {
      const text = await (await fetch(`${controller.baseUrl}/metrics`)).text();
      return Number(
        text
          .split('\n')
          .find((each) => each.startsWith(line))
          ?.slice(line.length),
      );
    };
    await until(counted, (count) => count >= bytes);
    expect(await counted()).toBe(await dumped(1, HOST_PORT, 'rx'));
  });

  it('makes no rate of a port that was made anew and counts from the beginning', async () => {
    await burst();
    await ovs.vsctl('del-port', 's1', 'h1');
    await ovs.dummyPort('s1', 'h1', { ofport: HOST_PORT });
    const seen: (number | null)[] = [];
    const isCalm = async (): Promise<boolean> => {
      const port = await portOf(1, HOST_PORT).catch(() => undefined);
      if (port) seen.push(port.rxBps);
      return port?.kind === 'host' && port.rxBps === 0;
    };
    await until(isCalm, (is) => is);
    // What a counter that went back would make of it, were it taken for one that wrapped, is far beyond.
    expect(Math.max(...seen.map((bps) => bps ?? 0))).toBeLessThan(FRAMES * FRAME_BYTES * 8 * 10);
    expect((await portOf(1, HOST_PORT)).rxBytes).toBe(0);
  });
});

/** A frame of a local experimental type (IEEE 802 clause 9.2.3), long. */
function frameFor(to: number): string {
  const mac = (index: number): string => macOf(index).toString(16).padStart(12, '0');
  return `${mac(to)}${mac(1)}88b5`.padEnd(FRAME_BYTES * 2, '0');
}

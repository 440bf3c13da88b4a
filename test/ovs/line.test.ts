/** The whole line on real Open vSwitch: a ring of bridges comes alive, forwards, loses its controller, gets it back. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startController } from '../support/controller.ts';
import type { RunningController } from '../support/controller.ts';
import { watchFlows } from '../support/flow-watch.ts';
import { startPrivateOvs } from '../support/private-ovs.ts';
import type { PrivateOvs } from '../support/private-ovs.ts';
import { get, items, until } from '../support/rest.ts';
import {
  addRingBridge,
  arpRequest,
  buildRing,
  dpidOf,
  frameFields,
  HOST_PORT,
  inject,
  sentBy,
  unicast,
} from '../support/ring.ts';

const SIZE = 4;
const BRIDGES = Array.from({ length: SIZE }, (_, index) => index + 1);

interface LinkJson {
  readonly id: string;
  readonly up: boolean;
  readonly bidirectional: boolean;
}
interface PortJson {
  readonly number: number;
  readonly kind: string;
}
interface HostJson {
  readonly mac: string;
  readonly ips: readonly string[];
  readonly switch: string;
  readonly port: number;
}
interface FlowJson {
  readonly tableName: string;
  readonly match: Readonly<Record<string, unknown>>;
  readonly owner: { readonly kind: string; readonly name: string } | null;
}

describe('a ring of real switches', () => {
  let ovs: PrivateOvs;
  let controller: RunningController;
  let data: string;
  let target: string;

  const links = (): Promise<readonly LinkJson[]> => items(controller.baseUrl, '/links');
  const hosts = (): Promise<readonly HostJson[]> => items(controller.baseUrl, '/hosts');
  const whole = async (): Promise<void> => {
    await until(links, (found) => found.length === SIZE && found.every(({ bidirectional }) => bidirectional));
    for (const index of BRIDGES) {
      const hostPort = async (): Promise<PortJson | undefined> =>
        (await items<PortJson>(controller.baseUrl, `/switches/s${index}/ports`)).find(
          ({ number }) => number === HOST_PORT,
        );
      await until(hostPort, (port) => port?.kind === 'host');
      await settled(index);
    }
  };
  /** What the switch holds is what is desired of it. */
  const settled = async (index: number): Promise<void> => {
    const flows = async (source: string): Promise<string> => {
      const found = await items<FlowJson>(controller.baseUrl, `/switches/s${index}/flows?source=${source}`);
      return found
        .filter(({ owner }) => owner !== null)
        .map(
          ({ tableName, match }) =>
            `${tableName} ${Object.keys(match)
              .sort(byText)
              .map((field) => `${field}=${String(match[field])}`)
              .join()}`,
        )
        .sort(byText)
        .join('\n');
    };
    await until(
      async () => [await flows('desired'), await flows('installed')],
      ([desired, installed]) => desired === installed,
    );
  };
  const deliveries = (): Promise<number[]> => Promise.all(BRIDGES.map((index) => sentBy(ovs, `s${index}`, HOST_PORT)));
  /** The bridge's rules as text, counters left out. */
  const flowKeys = async (index: number): Promise<string> => {
    const [, ...flows] = (await ovs.ofctl('dump-flows', `s${index}`, '--no-stats')).split('\n');
    return flows.sort(byText).join('\n');
  };

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'signalbox-line-'));
    controller = await startController({ data });
    target = `tcp:127.0.0.1:${controller.openflowPort}`;
    ovs = await startPrivateOvs();
    await buildRing(ovs, SIZE, target);
    await whole();
  });
  afterAll(async () => {
    await controller?.stop();
    await ovs?.dispose();
    await rm(data, { recursive: true, force: true });
  });

  it('tells host ports from fabric ports', async () => {
    const ports = await items<PortJson>(controller.baseUrl, '/switches/s1/ports');
    expect(ports.map(({ number, kind }) => [number, kind])).toEqual([
      [1, 'fabric'],
      [2, 'fabric'],
      [HOST_PORT, 'host'],
    ]);
  });

  it('learns hosts from a broadcast, which crosses the ring once', async () => {
    const before = await deliveries();
    for (const index of BRIDGES) await inject(ovs, index, arpRequest(index));
    const found = await until(hosts, (list) => list.length === SIZE && list.every(({ ips }) => ips.length === 1));
    expect(found.map(({ switch: dpid }) => dpid).sort(byText)).toEqual(BRIDGES.map(dpidOf));
    const after = await deliveries();
    // Each host port sends every other host's broadcast, once; now and then a probe.
    for (const [i, count] of after.entries()) {
      expect(count - before[i]!).toBeGreaterThanOrEqual(SIZE - 1);
      expect(count - before[i]!).toBeLessThanOrEqual(SIZE - 1 + 2);
    }
  });

  it('forwards known hosts by the shortest way, as the switch itself says', async () => {
    for (const index of BRIDGES) await settled(index);
    const trace = await ovs.appctl('ofproto/trace', 's1', frameFields(1, 2));
    expect(trace).toContain('bridge("s2")');
    expect(trace).not.toContain('bridge("s3")');
    const before = await sentBy(ovs, 's2', HOST_PORT);
    await inject(ovs, 1, unicast(1, 2));
    await until(
      () => sentBy(ovs, 's2', HOST_PORT),
      (count) => count > before,
    );
  });

  it('names the owner of every rule', async () => {
    const flows = await items<FlowJson>(controller.baseUrl, '/switches/s1/flows');
    expect(flows.length).toBeGreaterThan(15);
    for (const { owner } of flows) expect(owner).not.toBeNull();
    expect(flows.find(({ match }) => match['eth_dst'] === '02:00:00:00:00:02')?.owner).toEqual({
      kind: 'forward',
      name: '02:00:00:00:00:02',
    });
  });

  it('finds a restarted controller with nothing to change', async () => {
    const before = await Promise.all(BRIDGES.map(flowKeys));
    const monitor = await Promise.all(BRIDGES.map((index) => watchFlows(ovs, `s${index}`)));
    await controller.kill();
    controller = await startController({ data, args: ['--openflow', target.replace('tcp:', '')] });
    await until(
      () => get<{ switches: number; hosts: number }>(controller.baseUrl, '/health'),
      (health) => health.switches === SIZE,
    );
    await until(
      () => items<{ connected: boolean }>(controller.baseUrl, '/switches'),
      (list) => list.length === SIZE && list.every(({ connected }) => connected),
    );
    await whole();
    expect(await hosts()).toHaveLength(SIZE);
    expect(await Promise.all(BRIDGES.map(flowKeys))).toEqual(before);
    const seen = await Promise.all(monitor.map((end) => end()));
    expect(seen.flat()).toEqual([]);
  });

  it('makes a bridge whole that was deleted and added again', async () => {
    await ovs.vsctl('del-br', 's2');
    await until(links, (found) => found.filter(({ up }) => up).length === SIZE - 2);
    // Its neighbours' ports look up still, but traffic is led around it.
    await until(
      () => ovs.appctl('ofproto/trace', 's1', frameFields(1, 3)),
      (trace) => trace.includes('bridge("s4")') && trace.includes('bridge("s3")'),
    );
    await addRingBridge(ovs, 2, target);
    await ovs.vsctl('--if-exists', 'del-port', 's1-1', '--', '--if-exists', 'del-port', 's3-2');
    await ovs.patch({ bridge: 's1', ofport: 1 }, { bridge: 's2', ofport: 2 });
    await ovs.patch({ bridge: 's2', ofport: 1 }, { bridge: 's3', ofport: 2 });
    await whole();
  });

  it('settles on 1.3 with a bridge that is set to no version', async () => {
    await ovs.vsctl('clear', 'bridge', 's4', 'protocols', '--', 'set-controller', 's4', target);
    await until(
      () => items<{ name: string; connected: boolean }>(controller.baseUrl, '/switches'),
      (list) => list.find(({ name }) => name === 's4')?.connected === true,
    );
    await whole();
  });
});

function byText(x: string, y: string): number {
  return x < y ? -1 : 1;
}

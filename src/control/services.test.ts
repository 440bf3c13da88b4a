import { describe, expect, it } from 'vitest';
import { appsFor } from '../apps/index.ts';
import { UnavailableError } from '../core/errors.ts';
import { linkId } from '../core/ids.ts';
import type { Dpid } from '../core/ids.ts';
import { createManualClock } from '../core/manual-clock.ts';
import { createSignal } from '../core/signal.ts';
import { DesiredTables } from '../flows/desired/tables.ts';
import { toMessage } from '../flows/reconcile/op.ts';
import { flowMod, OFPFC } from '../openflow/codec/index.ts';
import { HostTracker } from '../topology/hosts/tracker.ts';
import { Network } from '../topology/network.ts';
import { flows } from '../topology/testing/counted.ts';
import { hostAt, portOf, switchOf } from '../topology/testing/facts.ts';
import { dpidOf, graphOf } from '../topology/testing/graphs.ts';
import { Timeline } from '../timeline/timeline.ts';
import { Traffic } from '../topology/traffic/traffic.ts';
import { createReconciling } from './reconciling.ts';
import { createServices } from './services.ts';
import { FakeSwitch } from './testing/fake-switch.ts';

const M = 0x0200_0000_0001;
const HOST = { dpid: dpidOf(0), port: 9 };

/** A triangle with one link that works one way only, a host on the first switch, which alone has a session. */
function start() {
  const clock = createManualClock();
  const network = new Network(clock);
  const desired = new DesiredTables(appsFor('proactive'));
  network.onUpdate((update) => desired.update(update));
  const names = new Map<number, string>();
  const stored = new Map<number, string | undefined>();
  const hosts = new HostTracker({ network, clock, timeoutMs: 1_000, nameOf: (mac) => names.get(mac) });
  const { dpids, links } = graphOf(3, [
    [0, 1],
    [1, 2],
    [0, 2],
  ]);
  for (const dpid of dpids)
    network.setSwitch(dpid, switchOf(dpid, [portOf(1, 'fabric'), portOf(2, 'fabric'), portOf(9, 'host')]));
  for (const { id, a, b } of links) network.setLink(id, { id, a, b, bidirectional: true });
  network.setHost(M, hostAt(M, HOST));
  network.flush();
  const device = new FakeSwitch(dpidOf(0), [1, 2, 9]);
  const session = device.session();
  const traffic = new Traffic(clock);
  const services = createServices({
    network,
    hosts,
    finder: { lookFor: async () => {} },
    desired,
    server: {
      host: '',
      port: 0,
      session: (dpid: Dpid) => (dpid === device.dpid ? session.asSession() : undefined),
      close: async () => {},
    },
    store: {
      setHostName: (mac, name) => {
        if (name === 'taken') throw new Error('taken');
        stored.set(mac, name);
      },
    },
    names,
    reconciling: createReconciling({
      reconciler: { report: () => undefined, audit: async () => undefined, stats: () => ({ dirty: 0 }) },
      desired,
      news: createSignal(),
      clock,
    }),
    timeline: new Timeline({ clock }),
    traffic,
    conversations: undefined,
    clock,
    version: '1',
  });
  return { clock, network, desired, services, device, stored, traffic };
}

describe('paths', () => {
  it('are those of the view as it is', () => {
    const { network, services } = start();
    const query = { from: HOST, to: { dpid: dpidOf(2), port: 9 }, k: 5 };
    expect(services.paths(query).paths.map(({ cost }) => cost)).toEqual([1, 2]);
    const [a, b] = [
      { dpid: dpidOf(0), port: 2 },
      { dpid: dpidOf(2), port: 2 },
    ];
    network.setLink(linkId(a, b), { id: linkId(a, b), a, b, bidirectional: false });
    network.flush();
    expect(services.paths(query).paths.map(({ cost }) => cost)).toEqual([2]);
  });
});

describe('paths by load', () => {
  it('lead around a link that is busy, and tell what is free', () => {
    const { clock, network, services, traffic } = start();
    const [a, b] = [
      { dpid: dpidOf(0), port: 2 },
      { dpid: dpidOf(2), port: 2 },
    ];
    const speedBps = 1e9;
    for (const [dpid, sw] of network.view.switches) {
      for (const port of sw.ports.values()) network.setPort(dpid, port.number, { ...port, speedBps });
    }
    network.flush();
    const [straight] = services.paths({ from: a, to: b, k: 1 }).paths;
    expect(straight?.hops).toHaveLength(2);
    const link = network.view.links.get(straight?.links[0] ?? '')!;
    flows(traffic, clock, [{ ...link.a, rxBps: 0, txBps: speedBps * 0.9 }]);
    const query = { from: a, to: b, k: 2, metric: 'load' } as const;
    const there = services.paths(query).paths;
    expect(there.map(({ cost, hops }) => [cost, hops.length])).toEqual([
      [2, 3],
      [10, 2],
    ]);
    expect(there[1]?.freeBps).toBeCloseTo(speedBps * 0.1, 3);
    // Each way has its own load.
    const back = services.paths({ ...query, from: b, to: a, k: 1 }).paths;
    expect(back.map(({ cost, hops }) => [cost, hops.length])).toEqual([[1, 2]]);
  });
});

describe('paths by latency', () => {
  it('lead around a link that is slow', () => {
    const { network, services } = start();
    const query = { from: HOST, to: { dpid: dpidOf(2), port: 9 }, k: 2, metric: 'latency' } as const;
    const [straight] = services.paths({ ...query, metric: 'hops' }).paths;
    for (const link of network.view.links.values())
      network.setLink(link.id, { ...link, latencyMs: link.id === straight?.links[0] ? 30 : 2 });
    network.flush();
    expect(services.paths(query).paths.map(({ latencyMs, hops }) => [latencyMs, hops.length])).toEqual([
      [4, 3],
      [30, 2],
    ]);
  });
});

describe('flows', () => {
  it('have the owner that wants them, ours that nobody wants any more are leaving, and those of others have none', async () => {
    const { services, desired, device } = start();
    for (const item of desired.of(device.dpid).values()) device.apply(toMessage({ type: 'add', item }, 1));
    const cookie = (services.desiredFlows(device.dpid)[0]?.cookie ?? 0n) + 1n;
    const foreign = { command: OFPFC.ADD, tableId: 0, instructions: [] };
    device.apply(flowMod({ ...foreign, priority: 7, match: { inPort: 77 }, cookie }));
    device.apply(flowMod({ ...foreign, priority: 8, match: { inPort: 78 }, cookie: 5n }));
    device.apply(flowMod({ ...foreign, priority: 9, match: { inPort: 79 }, cookie: 0x5b0c_0801_0000_0000n }));
    const flows = await services.installedFlows(device.dpid);
    expect(flows).toHaveLength(services.desiredFlows(device.dpid).length + 3);
    const owner = (priority: number) =>
      flows.find((flow) => flow.priority === priority && flow.tableName === 'intake')?.owner;
    expect(owner(7)).toEqual({ kind: 'signalbox', name: 'leaving' });
    expect(owner(9)).toEqual({ kind: 'reactive', name: 'conversation' });
    expect(owner(8)).toBeNull();
    expect(flows.find(({ match }) => match.ethDst === M)?.owner).toEqual({
      kind: 'forward',
      name: '02:00:00:00:00:01',
    });
    const wanted = services.desiredFlows(device.dpid);
    expect(wanted.every((flow) => flow.owner !== null)).toBe(true);
    expect(wanted.map(({ tableId }) => tableId)).toEqual(wanted.map(({ tableId }) => tableId).sort((x, y) => x - y));
  });

  it('cannot be had from a switch without a session', async () => {
    const { services } = start();
    await expect(services.installedFlows(dpidOf(1))).rejects.toThrow(UnavailableError);
    await expect(services.portCounters(dpidOf(1))).rejects.toThrow('is not connected');
    expect(services.desiredFlows(dpidOf(1)).length).toBeGreaterThan(0);
    expect(services.desiredFlows(dpidOf(7))).toEqual([]);
  });
});

describe('names of hosts', () => {
  it('are stored, shown and taken away', () => {
    const { network, services, stored } = start();
    expect(services.nameHost(M, 'printer')).toBe(true);
    expect([network.host(M)?.name, stored.get(M)]).toEqual(['printer', 'printer']);
    expect(services.nameHost(M, undefined)).toBe(true);
    expect([network.host(M)?.name, stored.get(M)]).toEqual([undefined, undefined]);
  });

  it.each(['printer', '02:00:00:00:00:01'])('are taken from a host that is not there, by %s', (reference) => {
    const { network, services, stored } = start();
    expect(services.takeName(reference)).toBe(false);
    services.nameHost(M, 'printer');
    network.setHost(M, undefined);
    expect(services.takeName(reference)).toBe(true);
    expect(stored.get(M)).toBeUndefined();
    expect(services.takeName(reference)).toBe(false);
  });

  it('are not given to a host that is not known, or when they are taken', () => {
    const { network, services, stored } = start();
    expect(services.nameHost(0x99, 'x')).toBe(false);
    expect(() => services.nameHost(M, 'taken')).toThrow('taken');
    expect([network.host(M)?.name, stored.size]).toEqual([undefined, 0]);
  });
});

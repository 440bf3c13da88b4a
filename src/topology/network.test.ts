import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDpid, linkId } from '../core/ids.ts';
import { createManualClock } from '../core/manual-clock.ts';
import { Network } from './network.ts';
import type { ViewUpdate } from './network.ts';
import { hostAt, portOf, switchOf } from './testing/facts.ts';

const S1 = formatDpid(1n);
const S2 = formatDpid(2n);

function start(version?: number) {
  const clock = createManualClock();
  const network = new Network(clock, version);
  const updates: ViewUpdate[] = [];
  network.onUpdate((update) => updates.push(update));
  return { clock, network, updates };
}

function link(portA: number, portB: number, bidirectional = true) {
  const a = { dpid: S1, port: portA };
  const b = { dpid: S2, port: portB };
  return { id: linkId(a, b), a, b, bidirectional };
}

describe('batching', () => {
  it('publishes when changes have been still for 2 ms', () => {
    const { clock, network, updates } = start();
    network.setSwitch(S1, switchOf(S1, []));
    clock.advance(1);
    network.setHost(1, hostAt(1, { dpid: S1, port: 1 }));
    clock.advance(1.9);
    expect(updates).toHaveLength(0);
    clock.advance(0.1);
    expect(updates).toHaveLength(1);
    expect(updates[0]!.change).toEqual({
      switches: new Set([S1]),
      links: new Set(),
      hosts: new Set([1]),
      policies: new Set(),
    });
  });

  it('publishes 20 ms after the first change at the latest', () => {
    const { clock, network, updates } = start();
    network.setSwitch(S1, switchOf(S1, []));
    for (let ms = 0; ms < 20; ms++) {
      expect(updates).toHaveLength(0);
      network.setPort(S1, ms, portOf(ms));
      clock.advance(1);
    }
    expect(updates).toHaveLength(1);
    expect(network.view.switches.get(S1)?.ports.size).toBe(20);
  });

  it('makes few views of a hundred ports that come up', () => {
    const { clock, network, updates } = start();
    network.setSwitch(S1, switchOf(S1, []));
    network.flush();
    updates.length = 0;
    for (let port = 1; port <= 100; port++) {
      network.setPort(S1, port, portOf(port));
      clock.advance(0.5);
    }
    clock.advance(10);
    expect(updates.length).toBeGreaterThanOrEqual(2);
    expect(updates.length).toBeLessThanOrEqual(4);
    expect(network.view.switches.get(S1)?.ports.size).toBe(100);
  });

  it('begins a new wait after a flush', () => {
    const { clock, network, updates } = start();
    network.setSwitch(S1, switchOf(S1, []));
    network.flush();
    network.flush();
    expect(updates).toHaveLength(1);
    clock.advance(100);
    expect(updates).toHaveLength(1);
    network.setSwitch(S2, switchOf(S2, []));
    clock.advance(2);
    expect(updates).toHaveLength(2);
  });
});

describe('views', () => {
  it('count up by one from where they are told to start', () => {
    const { network, updates } = start(41);
    expect(network.view.version).toBe(41);
    for (let i = 0; i < 3; i++) {
      network.setHost(i, hostAt(i, { dpid: S1, port: 1 }));
      network.flush();
    }
    expect(updates.map(({ view, previous }) => [previous.version, view.version])).toEqual([
      [41, 42],
      [42, 43],
      [43, 44],
    ]);
  });

  it('never change, and share what stays the same', () => {
    const { network } = start();
    network.setSwitch(S1, switchOf(S1, [1, 2]));
    network.setSwitch(S2, switchOf(S2, [1]));
    network.setLink(link(1, 1).id, link(1, 1));
    network.flush();
    const before = network.view;
    network.setPortKind({ dpid: S1, port: 1 }, 'host');
    network.flush();
    const after = network.view;
    expect(before.switches.get(S1)?.ports.get(1)?.kind).toBe('unknown');
    expect(after.switches.get(S1)?.ports.get(1)?.kind).toBe('host');
    expect(after.switches.get(S1)?.ports.get(2)).toBe(before.switches.get(S1)?.ports.get(2));
    expect(after.switches.get(S2)).toBe(before.switches.get(S2));
    expect(after.links).toBe(before.links);
    expect(after.hosts).toBe(before.hosts);
  });

  it('do not come of what is set and set back, whether by the same object or another', () => {
    const { clock, network, updates } = start();
    network.setSwitch(S1, switchOf(S1, [1]));
    network.setLink(link(1, 1).id, link(1, 1));
    network.flush();
    const before = network.view;
    network.setPortKind({ dpid: S1, port: 1 }, 'host');
    network.setPortKind({ dpid: S1, port: 1 }, 'unknown');
    network.setLink(link(1, 1).id, undefined);
    network.setLink(link(1, 1).id, link(1, 1));
    network.setHost(7, hostAt(7, { dpid: S1, port: 1 }));
    network.setHost(7, undefined);
    network.setSwitch(S1, { ...network.switch(S1)! });
    clock.advance(50);
    expect(updates).toHaveLength(1);
    expect(network.view).toBe(before);
    expect(network.switch(S1)).toBe(before.switches.get(S1));
  });

  it('come in order to every listener, also when one changes facts or flushes', () => {
    const { network, updates } = start();
    network.onUpdate(({ view }) => {
      if (view.hosts.size < 3) network.setHost(view.hosts.size, hostAt(view.hosts.size, { dpid: S1, port: 1 }));
      network.flush();
    });
    const later: number[] = [];
    network.onUpdate(({ view }) => later.push(view.version));
    network.setSwitch(S1, switchOf(S1, []));
    for (let i = 0; i < 6; i++) network.flush();
    expect(later).toEqual([1, 2, 3, 4]);
    expect(updates.map(({ view }) => view.version)).toEqual(later);
  });
});

describe('facts not yet published', () => {
  it('are what questions are answered by', () => {
    const { network } = start();
    network.setSwitch(S1, switchOf(S1, [1]));
    expect(network.switch(S1)?.dpid).toBe(S1);
    expect(network.port({ dpid: S1, port: 1 })?.number).toBe(1);
    expect(network.view.switches.size).toBe(0);
    network.flush();
    network.setSwitch(S1, undefined);
    expect(network.switch(S1)).toBeUndefined();
    expect([...network.switches()]).toEqual([]);
    expect(network.view.switches.size).toBe(1);
  });

  it('ignore a port of a switch that is not there', () => {
    const { network, updates } = start();
    network.setPort(S1, 1, portOf(1));
    network.setPortKind({ dpid: S1, port: 1 }, 'host');
    network.flush();
    expect(updates).toHaveLength(0);
  });

  it('know the links of a port', () => {
    const { network } = start();
    const one = link(1, 1);
    const two = link(1, 2);
    network.setLink(one.id, one);
    network.setLink(two.id, two);
    expect(network.linksAt({ dpid: S1, port: 1 })).toEqual([one, two]);
    expect(network.linksAt({ dpid: S2, port: 2 })).toEqual([two]);
    network.flush();
    network.setLink(one.id, undefined);
    expect(network.linksAt({ dpid: S1, port: 1 })).toEqual([two]);
    network.setLink(two.id, { ...two, bidirectional: false });
    expect(network.linksAt({ dpid: S2, port: 2 })).toEqual([{ ...two, bidirectional: false }]);
    expect(network.linksAt({ dpid: S2, port: 1 })).toEqual([]);
  });
});

describe('changes', () => {
  const operation = fc.oneof(
    fc.record({
      kind: fc.constant('host' as const),
      key: fc.integer({ min: 0, max: 3 }),
      value: fc.option(fc.integer({ min: 1, max: 2 })),
    }),
    fc.record({
      kind: fc.constant('link' as const),
      key: fc.integer({ min: 0, max: 3 }),
      value: fc.option(fc.integer({ min: 0, max: 1 })),
    }),
    fc.record({ kind: fc.constant('flush' as const), key: fc.constant(0), value: fc.constant(null) }),
  );

  it('are exactly the entries that differ, and linksAt agrees with all links, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60, size: 'max' }), (operations) => {
        const { network, updates } = start();
        for (const { kind, key, value } of operations) {
          if (kind === 'flush') network.flush();
          else if (kind === 'host')
            network.setHost(key, value === null ? undefined : hostAt(key, { dpid: S1, port: value }));
          else network.setLink(link(key % 2, key).id, value === null ? undefined : link(key % 2, key, value === 1));
          for (const port of [0, 1]) {
            const all = [...network.links()].map(([, found]) => found).filter(({ a }) => a.port === port);
            expect(new Set(network.linksAt({ dpid: S1, port }))).toEqual(new Set(all));
          }
        }
        network.flush();
        for (const { previous, view, change } of updates) {
          expect(change.hosts).toEqual(differing(previous.hosts, view.hosts));
          expect(change.links).toEqual(differing(previous.links, view.links));
          expect(change.hosts.size + change.links.size).toBeGreaterThan(0);
        }
      }),
    );
  });

  function differing<K, V>(x: ReadonlyMap<K, V>, y: ReadonlyMap<K, V>): Set<K> {
    const text = (map: ReadonlyMap<K, V>, key: K): string => JSON.stringify(map.get(key)) ?? '';
    return new Set([...x.keys(), ...y.keys()].filter((key) => text(x, key) !== text(y, key)));
  }
});

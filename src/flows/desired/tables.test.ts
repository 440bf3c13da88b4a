import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appsFor } from '../../apps/index.ts';
import { linkId } from '../../core/ids.ts';
import type { Dpid } from '../../core/ids.ts';
import { createManualClock } from '../../core/manual-clock.ts';
import { OFPGT } from '../../openflow/codec/index.ts';
import { Network } from '../../topology/network.ts';
import type { ViewUpdate } from '../../topology/network.ts';
import { hostAt, portOf, switchOf } from '../../topology/testing/facts.ts';
import { dpidOf } from '../../topology/testing/graphs.ts';
import { wholeOf } from '../../topology/view.ts';
import type { PortKind } from '../../topology/view.ts';
import { sameItem } from '../items.ts';
import type { Item } from '../items.ts';
import { apply, FLOOD_GROUP, goto } from '../pipeline.ts';
import type { App, Output } from './app.ts';
import { DesiredTables } from './tables.ts';
import type { AppFailure, DesiredChange } from './tables.ts';

const SWITCHES = 4;
const PORTS = 5;

/** A network whose views go into desired tables at once. */
function start(apps: readonly App[], onFailure?: (failure: AppFailure) => void, dryRuns = false) {
  const network = new Network(createManualClock());
  const tables = new DesiredTables(apps, onFailure);
  let change: ReadonlyMap<Dpid, ReadonlySet<string>> = new Map();
  const wasTried: boolean[] = [];
  network.onUpdate((update) => {
    const tried = dryRuns ? tryOut(tables, network, update) : undefined;
    change = tables.update(update);
    if (tried) wasTried.push(tried(change));
  });
  return {
    /** Of every view, whether trying it out before told just what came of it and left no trace. */
    wasTried,
    network,
    tables,
    /** Publishes and tells what changed in the tables. */
    flush: () => {
      change = new Map();
      network.flush();
      return change;
    },
  };
}

/** Tries a view out; returns what tells, once it is there, whether that went right. */
function tryOut(tables: DesiredTables, network: Network, update: ViewUpdate): (change: DesiredChange) => boolean {
  const snapshot = () =>
    JSON.stringify(
      [...new Set([...network.view.switches.keys(), ...update.previous.switches.keys()])].map((dpid) =>
        contents(tables.of(dpid)).map(({ key, content, owner }) => [key, content, owner]),
      ),
    );
  const before = snapshot();
  const tried = tables.tryOut(update, (differences) => ({
    inside: snapshot(),
    keys: [...differences]
      .map(
        ([dpid, all]) =>
          `${dpid} ${all
            .map(({ from, to }) => (to ?? from)!.key)
            .sort()
            .join()}`,
      )
      .sort(),
  }));
  const isTraceless = snapshot() === before;
  return (change) => {
    const keys = [...change].map(([dpid, changed]) => `${dpid} ${[...changed].sort().join()}`).sort();
    return isTraceless && tried.inside === snapshot() && JSON.stringify(tried.keys) === JSON.stringify(keys);
  };
}

/** The tables that a fresh engine makes of a network's newest view. */
function afresh(apps: readonly App[], network: Network): DesiredTables {
  const { view } = network;
  const fresh = new DesiredTables(apps);
  fresh.update({ view, change: wholeOf(view) });
  return fresh;
}

function contents(items: ReadonlyMap<string, Item>) {
  return [...items]
    .map(([key, item]) => ({
      key,
      content: item.content,
      owner: item.owner,
      ...(item.kind === 'flow' ? { cookie: item.cookie } : {}),
      ...(item.kind === 'meter' ? {} : { after: item.after }),
    }))
    .sort((x, y) => (x.key < y.key ? -1 : 1));
}

function appOf(name: string, id: number, build: App['build'], units: App['units'] = (facts) => facts.switches()): App {
  return { name, id, units, build };
}

describe('desired tables', () => {
  const node = fc.integer({ min: 0, max: SWITCHES - 1 });
  const number = fc.integer({ min: 1, max: PORTS });
  /** Few places, so that policies want the same ones; some are in a table where none may be, and so fail. */
  const flowSpec = fc.record({
    dpid: fc.constantFrom('s1', 's2', 'edge', dpidOf(0), dpidOf(SWITCHES - 1)),
    table: fc.constantFrom('guard', 'steer', 'steer', 'flood'),
    priority: fc.constantFrom(7, 8),
    match: number.map((port) => ({ in_port: port })),
    instructions: fc.constantFrom([], [{ goto_table: 'forward' }], [{ apply_actions: [{ output: 3 }] }]),
  });
  const event = fc.oneof(
    fc.record({ type: fc.constant('switch' as const), node, there: fc.boolean() }),
    fc.record({ type: fc.constant('away' as const), node, away: fc.boolean() }),
    fc.record({
      type: fc.constant('port' as const),
      node,
      number,
      kind: fc.constantFrom<PortKind>('unknown', 'host', 'fabric'),
      up: fc.boolean(),
    }),
    fc.record({
      type: fc.constant('link' as const),
      from: node,
      to: node,
      state: fc.constantFrom('both', 'one', 'gone'),
    }),
    fc.record({
      type: fc.constant('host' as const),
      mac: fc.integer({ min: 1, max: 4 }),
      node,
      number,
      there: fc.boolean(),
    }),
    fc.record({
      type: fc.constant('policy' as const),
      name: fc.constantFrom('p1', 'p2', 'p3'),
      there: fc.boolean(),
      kind: fc.constantFrom('flow', 'flow', 'other'),
      spec: flowSpec,
    }),
    fc.record({
      type: fc.constant('speed' as const),
      node,
      number,
      speedBps: fc.constantFrom(0, 10e9, 25e9, 100e9),
    }),
    fc.record({ type: fc.constant('rename' as const), node, name: fc.constantFrom('s1', 's2', 'edge') }),
    fc.record({ type: fc.constant('flush' as const) }),
  );
  type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

  const nodes = Array.from({ length: SWITCHES }, (_, index) => index);
  const links = nodes.flatMap((from) => nodes.slice(from + 1).map((to) => ({ type: 'link' as const, from, to })));
  /** All are there, in a line. */
  const line: readonly Event[] = [
    ...nodes.map((each) => ({ type: 'switch' as const, node: each, there: true })),
    ...links.map(({ from, to, ...link }) => ({
      ...link,
      from,
      to,
      state: to === from + 1 ? ('both' as const) : ('gone' as const),
    })),
  ];
  /** A switch that has a host leaves with it and all its links, and comes back with nothing but a host. */
  const absence = fc.record({ node, mac: fc.integer({ min: 1, max: 4 }) }).map(({ node: gone, mac }): Event[] => {
    const flush: Event = { type: 'flush' };
    const host = (there: boolean): Event => ({ type: 'host', mac, node: gone, number: PORTS, there });
    const cut = links
      .filter(({ from, to }) => from === gone || to === gone)
      .map((link) => ({ ...link, state: 'gone' as const }));
    const leaves: Event[] = [...cut, host(false), { type: 'switch', node: gone, there: false }];
    return [host(true), flush, ...leaves, flush, { type: 'switch', node: gone, there: true }, host(true), flush];
  });
  const history = fc
    .array(fc.oneof({ arbitrary: event.map((one) => [one]), weight: 20 }, fc.constant(line), absence), {
      maxLength: 60,
      size: 'max',
    })
    .map((parts) => parts.flat());

  function play(network: Network, one: Event): void {
    switch (one.type) {
      case 'switch': {
        const ports = Array.from({ length: PORTS }, (_, index) => portOf(index + 1, index < 3 ? 'fabric' : 'host'));
        network.setSwitch(dpidOf(one.node), one.there ? switchOf(dpidOf(one.node), ports) : undefined);
        break;
      }
      case 'away': {
        const known = network.switch(dpidOf(one.node));
        if (known) network.setSwitch(known.dpid, { ...known, connected: !one.away, away: one.away });
        break;
      }
      case 'port':
        network.setPort(dpidOf(one.node), one.number, portOf(one.number, one.kind, one.up));
        break;
      case 'speed': {
        const known = network.port({ dpid: dpidOf(one.node), port: one.number });
        if (known) network.setPort(dpidOf(one.node), one.number, { ...known, speedBps: one.speedBps });
        break;
      }
      case 'link': {
        if (one.from >= one.to) break;
        const [a, b] = [
          { dpid: dpidOf(one.from), port: one.to },
          { dpid: dpidOf(one.to), port: one.from + 1 },
        ];
        const id = linkId(a, b);
        network.setLink(id, one.state === 'gone' ? undefined : { id, a, b, bidirectional: one.state === 'both' });
        break;
      }
      case 'host':
        network.setHost(one.mac, one.there ? hostAt(one.mac, { dpid: dpidOf(one.node), port: one.number }) : undefined);
        break;
      case 'policy': {
        const { name, kind, spec } = one;
        const revision = (network.policy(name)?.revision ?? 0) + 1;
        network.setPolicy(name, one.there ? { name, kind, spec, revision } : undefined);
        break;
      }
      case 'rename': {
        const known = network.switch(dpidOf(one.node));
        if (known) network.setSwitch(known.dpid, { ...known, name: one.name });
        break;
      }
      case 'flush':
        network.flush();
    }
  }

  it('are those that a fresh engine makes of the last view, and the changes reported lead there', () => {
    const apps = [...appsFor('proactive'), quarrel('b', 201), quarrel('a', 200)];
    fc.assert(
      fc.property(history, (events) => {
        const { network, tables, flush, wasTried } = start(apps, undefined, true);
        const copies = new Map<Dpid, Map<string, Item>>();
        const followChange = (change: ReadonlyMap<Dpid, ReadonlySet<string>>): void => {
          for (const [dpid, keys] of change) {
            const copy = copies.get(dpid) ?? new Map<string, Item>();
            copies.set(dpid, copy);
            for (const key of keys) {
              const item = tables.of(dpid).get(key);
              // What is reported did change.
              expect(sameItem(copy.get(key), item)).toBe(false);
              if (item) copy.set(key, item);
              else copy.delete(key);
            }
          }
        };
        for (const one of events) {
          if (one.type === 'flush') followChange(flush());
          else play(network, one);
        }
        followChange(flush());
        expect(wasTried).not.toContain(false);
        const fresh = afresh(apps, network);
        for (let index = 0; index < SWITCHES; index++) {
          const dpid = dpidOf(index);
          expect(contents(tables.of(dpid))).toEqual(contents(fresh.of(dpid)));
          const wire = (items: ReadonlyMap<string, Item>) => contents(items).map(({ key, content }) => [key, content]);
          expect(wire(copies.get(dpid) ?? new Map())).toEqual(wire(tables.of(dpid)));
        }
        const texts = (from: DesiredTables) =>
          [
            ...from.conflicts(),
            ...from.failures().map(({ owner, error }) => ({ owner, error: error instanceof Error && error.message })),
          ]
            .map((one) => JSON.stringify(one))
            .sort();
        expect(texts(tables)).toEqual(texts(fresh));
      }),
      { numRuns: 200 },
    );
  });

  /** Wants the same places as its namesakes, for something else. */
  function quarrel(name: string, id: number): App {
    return appOf(name, id, (facts, dpid, output) => {
      for (const { number } of facts.ports(dpid)) {
        output.rule(dpid, {
          table: 'guard',
          priority: 7,
          match: { inPort: number },
          instructions: [apply({ type: 'output', port: id, maxLen: 0 }), goto('shape')],
        });
      }
    });
  }

  it('are untouched by a view in which nothing that they rest on changed', () => {
    let builds = 0;
    const counting = appsFor('proactive').map((app) => ({
      ...app,
      build: (...args: Parameters<App['build']>) => {
        builds++;
        app.build(...args);
      },
    }));
    const { network, flush } = start(counting);
    network.setSwitch(dpidOf(0), switchOf(dpidOf(0), [portOf(1, 'host'), portOf(2, 'host')]));
    network.setHost(1, hostAt(1, { dpid: dpidOf(0), port: 1 }));
    expect(flush().size).toBe(1);
    builds = 0;
    network.setPort(dpidOf(0), 1, { ...portOf(1, 'host'), name: 'other', speedBps: 5 });
    expect(flush().size).toBe(0);
    expect(builds).toBe(0);
    network.setHost(2, hostAt(2, { dpid: dpidOf(0), port: 2 }));
    flush();
    // The new host's two units and no other.
    expect(builds).toBe(2);
  });
});

describe('conflicts', () => {
  const place = { table: 'guard', priority: 5, match: {} } as const;
  const wants = (port: number) => (_: unknown, dpid: Dpid, output: Output) =>
    output.rule(dpid, { ...place, instructions: [apply({ type: 'output', port, maxLen: 0 })] });
  const one = appOf('alpha', 101, wants(1));
  const two = appOf('beta', 102, wants(2));
  const three = appOf('gamma', 103, wants(3), (facts) => (facts.hosts().length > 0 ? [] : facts.switches()));

  it.each([[[one, two, three]], [[three, two, one]], [[two, three, one]]])(
    'are settled by name and reported with both owners, whatever the order',
    (apps) => {
      const { network, tables, flush } = start(apps);
      network.setSwitch(dpidOf(0), switchOf(dpidOf(0), []));
      flush();
      const holder = { kind: 'alpha', name: dpidOf(0) };
      const [item] = [...tables.of(dpidOf(0)).values()];
      expect(item?.owner).toEqual(holder);
      expect(tables.conflicts()).toEqual([
        { dpid: dpidOf(0), key: item?.key, holder, refused: { kind: 'beta', name: dpidOf(0) } },
        { dpid: dpidOf(0), key: item?.key, holder, refused: { kind: 'gamma', name: dpidOf(0) } },
      ]);
    },
  );

  it('leave each unit with what it wants, whoever has the place', () => {
    const { network, tables, flush } = start([one, two]);
    network.setSwitch(dpidOf(0), switchOf(dpidOf(0), []));
    flush();
    const [first, second] = ['alpha', 'beta'].map((kind) => tables.wantedBy({ kind, name: dpidOf(0) })?.placed[0]);
    expect(first?.item).toBe([...tables.of(dpidOf(0)).values()][0]);
    expect(second).toMatchObject({ where: [dpidOf(0)], item: { key: first?.item.key, owner: { kind: 'beta' } } });
    expect(tables.wantedBy({ kind: 'alpha', name: dpidOf(1) })).toBeUndefined();
    expect(tables.wantedBy({ kind: 'delta', name: dpidOf(0) })).toBeUndefined();
  });

  it('end when one gives up its place, and the next in line has it', () => {
    const { network, tables, flush } = start([three, two]);
    network.setSwitch(dpidOf(0), switchOf(dpidOf(0), []));
    flush();
    network.setHost(1, hostAt(1, { dpid: dpidOf(0), port: 1 }));
    expect(flush()).toEqual(new Map());
    expect(tables.conflicts()).toEqual([]);
    network.setSwitch(dpidOf(0), undefined);
    expect(flush().size).toBe(1);
    expect(tables.of(dpidOf(0)).size).toBe(0);
  });
});

describe('an app that fails', () => {
  const sound = appOf('sound', 110, (_, dpid, output) =>
    output.rule(dpid, { table: 'guard', priority: 1, match: {}, instructions: [goto('shape')] }),
  );

  function broken(spoil: (dpid: Dpid, output: Output) => void): App {
    return appOf('broken', 111, (facts, dpid, output) => {
      output.rule(dpid, { table: 'shape', priority: 1, match: {}, instructions: [goto('learn')] });
      if (facts.ports(dpid).length > 0) spoil(dpid, output);
    });
  }

  it.each<[string, string, (dpid: Dpid, output: Output) => void]>([
    [
      'throws',
      'no good',
      () => {
        throw new Error('no good');
      },
    ],
    [
      'matches what its table does not allow',
      'matches ethSrc',
      (dpid, output) => output.rule(dpid, { table: 'flood', priority: 1, match: { ethSrc: 1 }, instructions: [] }),
    ],
    [
      'goes to a table that comes earlier',
      'goes to intake',
      (dpid, output) => output.rule(dpid, { table: 'steer', priority: 1, match: {}, instructions: [goto('intake')] }),
    ],
    [
      'makes a group of others',
      'outside the range',
      (dpid, output) => output.group(dpid, { groupId: 1, groupType: OFPGT.ALL, buckets: [] }),
    ],
    [
      'makes a rule that no message can carry',
      'cannot be sent',
      (dpid, output) =>
        output.rule(dpid, { table: 'guard', priority: 1, match: { inPort: 2 ** 40 }, instructions: [] }),
    ],
  ])('has none of its unit’s rules where it %s, and costs nobody else any', (_, message, spoil) => {
    const failures: AppFailure[] = [];
    const { network, tables, flush } = start([broken(spoil), sound], (failure) => failures.push(failure));
    network.setSwitch(dpidOf(0), switchOf(dpidOf(0), [portOf(1, 'host')]));
    network.setSwitch(dpidOf(1), switchOf(dpidOf(1), []));
    flush();
    const owners = (dpid: Dpid) => [...tables.of(dpid).values()].map(({ owner }) => owner?.kind ?? '').sort();
    expect(owners(dpidOf(0))).toEqual(['sound']);
    expect(owners(dpidOf(1))).toEqual(['broken', 'sound']);
    expect(failures).toHaveLength(1);
    expect(failures[0]?.owner).toEqual({ kind: 'broken', name: dpidOf(0) });
    expect(String(failures[0]?.error)).toContain(message);
    expect(tables.failures()).toEqual(failures);
    // It is heard of once, not with every view.
    network.setHost(1, hostAt(1, { dpid: dpidOf(1), port: 1 }));
    flush();
    expect(failures).toHaveLength(1);
    // Mended, it has its rules again.
    network.setPort(dpidOf(0), 1, undefined);
    flush();
    expect(owners(dpidOf(0))).toEqual(['broken', 'sound']);
    expect(tables.failures()).toEqual([]);
  });

  it('is left out as a whole where it cannot name its units', () => {
    const failures: AppFailure[] = [];
    const nameless = appOf('nameless', 112, sound.build, (facts) => {
      if (facts.hosts().length > 0) throw new Error('who?');
      return facts.switches();
    });
    const { network, tables, flush } = start([nameless, { ...sound, build: flood }], (failure) =>
      failures.push(failure),
    );
    network.setSwitch(dpidOf(0), switchOf(dpidOf(0), []));
    flush();
    expect(tables.of(dpidOf(0)).size).toBe(2);
    network.setHost(1, hostAt(1, { dpid: dpidOf(0), port: 1 }));
    flush();
    expect([...tables.of(dpidOf(0)).values()].map(({ kind }) => kind)).toEqual(['group']);
    expect(failures.map(({ owner }) => owner)).toEqual([{ kind: 'nameless', name: '' }]);
    expect(tables.failures()).toEqual(failures);
    network.setHost(1, undefined);
    flush();
    expect(tables.of(dpidOf(0)).size).toBe(2);
  });

  function flood(_: unknown, dpid: Dpid, output: Output): void {
    output.group(dpid, { groupId: FLOOD_GROUP, groupType: OFPGT.ALL, buckets: [] });
  }
});

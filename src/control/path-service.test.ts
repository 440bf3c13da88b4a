import { describe, expect, it } from 'vitest';
import type { Dpid, LinkId, PortRef } from '../core/ids.ts';
import { createManualClock } from '../core/manual-clock.ts';
import type { PathAnswer, PathQuery } from '../northbound/services.ts';
import { Network } from '../topology/network.ts';
import type { LinkMetrics } from '../topology/paths/metrics.ts';
import { portOf, switchOf } from '../topology/testing/facts.ts';
import { dpidOf, graphOf, gridOf } from '../topology/testing/graphs.ts';
import type { TestGraph } from '../topology/testing/graphs.ts';
import { createPathService } from './path-service.ts';
import { viewMetrics } from './view-metrics.ts';

const GIGABIT = 1_000_000_000;

interface Options {
  /** Of links by their two switches, `s1-s2`, lower first. */
  readonly latencyMs?: Readonly<Record<string, number>>;
  readonly rateBps?: Readonly<Record<string, number>>;
  readonly speedBps?: number;
}

/** A network of such a form, and the service on it. Switches are s1, s2 and so on. */
function start({ dpids, links }: TestGraph, { latencyMs = {}, rateBps = {}, speedBps = GIGABIT }: Options = {}) {
  const network = new Network(createManualClock());
  const ports = links.flatMap(({ a, b }) => [a, b]);
  for (const dpid of dpids) {
    const own = ports.filter((port) => port.dpid === dpid);
    network.setSwitch(
      dpid,
      switchOf(
        dpid,
        own.map(({ port }) => ({ ...portOf(port, 'fabric'), speedBps })),
      ),
    );
  }
  for (const { id, a, b } of links) network.setLink(id, { id, a, b, bidirectional: true });
  network.flush();
  const named = (link: { a: PortRef; b: PortRef }) => `${nameOf(link.a.dpid)}-${nameOf(link.b.dpid)}`;
  const metrics: LinkMetrics = viewMetrics(() => network.view, {
    latencyMs: (link) => latencyMs[named(link)],
    rateBps: (link) => rateBps[named(link)],
  });
  const service = createPathService({ network, metrics });
  const find = (from: number, to: number, rest: Partial<PathQuery> = {}): PathAnswer =>
    service.find({ from: { dpid: dpidOf(from - 1) }, to: { dpid: dpidOf(to - 1) }, k: 1, ...rest });
  return { network, links, service, find };
}

function nameOf(dpid: Dpid): string {
  return `s${Number.parseInt(dpid, 16)}`;
}

/** Each path as the names of its switches. */
function routes({ paths }: PathAnswer): string[] {
  return paths.map(({ hops }) => hops.map(({ dpid }) => nameOf(dpid)).join(' '));
}

function avoiding(switches: readonly number[], links: readonly LinkId[] = []): Partial<PathQuery> {
  return { avoid: { switches: switches.map((number) => dpidOf(number - 1)), links } };
}

function passing(...switches: number[]): Partial<PathQuery> {
  return { via: switches.map((number) => dpidOf(number - 1)) };
}

const triangle = (): TestGraph =>
  graphOf(3, [
    [0, 1],
    [1, 2],
    [0, 2],
  ]);
/** s1 to s4 by s2 or by s3. */
const square = (): TestGraph =>
  graphOf(4, [
    [0, 1],
    [0, 2],
    [1, 3],
    [2, 3],
  ]);
const line = (): TestGraph =>
  graphOf(3, [
    [0, 1],
    [1, 2],
  ]);

describe('a path', () => {
  it('leads from port to port over links, with what is known of them', () => {
    const { service, links } = start(triangle(), { latencyMs: { 's1-s3': 0.25 }, rateBps: { 's1-s3': GIGABIT / 4 } });
    const from = { dpid: dpidOf(0), port: 9 };
    const to = { dpid: dpidOf(2), port: 8 };
    expect(service.find({ from, to, k: 5 })).toEqual({
      paths: [
        {
          cost: 1,
          hops: [
            { dpid: dpidOf(0), inPort: 9, outPort: 2 },
            { dpid: dpidOf(2), inPort: 2, outPort: 8 },
          ],
          links: [links[2]!.id],
          latencyMs: 0.25,
          freeBps: 0.75 * GIGABIT,
        },
        {
          cost: 2,
          hops: [
            { dpid: dpidOf(0), inPort: 9, outPort: 1 },
            { dpid: dpidOf(1), inPort: 1, outPort: 2 },
            { dpid: dpidOf(2), inPort: 1, outPort: 8 },
          ],
          links: [links[0]!.id, links[1]!.id],
          latencyMs: undefined,
          freeBps: GIGABIT,
        },
      ],
      reason: undefined,
      shared: undefined,
    });
  });

  it('has open ends at switches, and one hop within a switch', () => {
    const { service, find } = start(triangle());
    const [path] = find(1, 2).paths;
    expect([path?.hops[0]?.inPort, path?.hops[1]?.outPort]).toEqual([undefined, undefined]);
    const within = { from: { dpid: dpidOf(0), port: 9 }, to: { dpid: dpidOf(0), port: 1 }, k: 3 };
    expect(service.find(within).paths).toMatchObject([
      { cost: 0, hops: [{ dpid: dpidOf(0), inPort: 9, outPort: 1 }], links: [], latencyMs: 0, freeBps: undefined },
    ]);
    expect(service.find({ ...within, disjoint: 'links' }).paths).toHaveLength(1);
  });

  it('leads over links of the newest view that work both ways', () => {
    const { network, links, find } = start(triangle());
    const { id, a, b } = links[2]!;
    network.setLink(id, { id, a, b, bidirectional: false });
    network.flush();
    expect(routes(find(1, 3, { k: 5 }))).toEqual(['s1 s2 s3']);
    network.setLink(id, { id, a, b, bidirectional: true });
    network.flush();
    expect(routes(find(1, 3, { k: 5 }))).toEqual(['s1 s3', 's1 s2 s3']);
  });

  it.each(['connected', 'away'] as const)(
    'crosses a switch that is not there (%s) only where there is no other way',
    (how) => {
      const { network, find } = start(square());
      const absent = network.switch(dpidOf(1))!;
      network.setSwitch(absent.dpid, { ...absent, connected: false, away: how === 'away' });
      network.flush();
      expect(routes(find(1, 4, { k: 5 }))).toEqual(['s1 s3 s4', 's1 s2 s4']);
      expect(find(1, 4, { k: 5 }).paths.map(({ cost }) => cost)).toEqual([2, 2]);
      expect(routes(find(1, 2))).toEqual(['s1 s2']);
      expect(routes(find(1, 4, { ...avoiding([3]), disjoint: 'nodes' }))).toEqual(['s1 s2 s4']);
    },
  );
});

describe('metrics', () => {
  it('choose the path, and are the unit of its cost', () => {
    const measured = {
      latencyMs: { 's1-s3': 7, 's1-s2': 0.5, 's2-s3': 0.75 },
      rateBps: { 's1-s3': 0.9 * GIGABIT, 's1-s2': GIGABIT / 2, 's2-s3': 0 },
    };
    const { find } = start(triangle(), measured);
    const costs = (metric: PathQuery['metric']) => {
      const answer = find(1, 3, { metric, k: 2 });
      return answer.paths.map(({ cost }, index) => [routes(answer)[index], cost]);
    };
    expect(costs('hops')).toEqual([
      ['s1 s3', 1],
      ['s1 s2 s3', 2],
    ]);
    expect(costs('latency')).toEqual([
      ['s1 s2 s3', 1.25],
      ['s1 s3', 7],
    ]);
    expect(costs('load')).toEqual([
      ['s1 s2 s3', 3],
      ['s1 s3', 10],
    ]);
  });

  it('count what was not measured as a millisecond, idle, and wide enough', () => {
    const { find } = start(triangle(), { speedBps: 0 });
    const [path] = find(1, 3, { metric: 'latency', minBandwidthBps: 1e12 }).paths;
    expect(path).toMatchObject({ cost: 1, latencyMs: undefined, freeBps: undefined });
    expect(find(1, 3, { metric: 'load' }).paths[0]?.cost).toBe(1);
  });
});

describe('constraints', () => {
  it('are held to, each and together', () => {
    const { find, links } = start(square(), {
      latencyMs: { 's1-s2': 5, 's1-s3': 1, 's2-s4': 5, 's3-s4': 2 },
      rateBps: { 's1-s3': GIGABIT / 2 },
    });
    expect(routes(find(1, 4, passing(3)))).toEqual(['s1 s3 s4']);
    expect(routes(find(1, 4, passing(1, 3, 4)))).toEqual(['s1 s3 s4']);
    expect(routes(find(1, 3, passing(2, 4)))).toEqual(['s1 s2 s4 s3']);
    expect(routes(find(1, 4, { k: 5, ...avoiding([2]) }))).toEqual(['s1 s3 s4']);
    expect(routes(find(1, 4, { k: 5, ...avoiding([], [links[0]!.id]) }))).toEqual(['s1 s3 s4']);
    expect(routes(find(1, 4, { k: 5, minBandwidthBps: 0.6 * GIGABIT }))).toEqual(['s1 s2 s4']);
    expect(routes(find(1, 4, { k: 5, maxLatencyMs: 3 }))).toEqual(['s1 s3 s4']);
    expect(routes(find(1, 4, { k: 5, maxLatencyMs: 10 }))).toEqual(['s1 s2 s4', 's1 s3 s4']);
  });

  it.each<[string, number, number, Partial<PathQuery>, string]>([
    ['an end that is avoided', 1, 3, avoiding([3]), 's3 is to be avoided and to be where the path begins or ends'],
    ['a waypoint that is avoided', 1, 3, { ...passing(2), ...avoiding([2]) }, 's2 is to be avoided and to be passed'],
    ['a waypoint twice', 1, 3, passing(2, 2), 'A path passes s2 once only'],
    ['an end amid waypoints', 1, 3, passing(3, 2), 'A path passes s3 once only'],
    ['a waypoint within a switch', 1, 1, passing(2), 'Both ends are at s1'],
    ['a switch that is not there', 1, 7, {}, 'Switch 0000000000000007 is not in the network'],
    ['all that leads there avoided', 1, 3, avoiding([2]), 'goes by what is to be avoided'],
    ['waypoints in an order that meets a switch twice', 1, 2, passing(3), 'No path from s1 to s2 passes s3 without'],
    ['too much bandwidth', 1, 3, { minBandwidthBps: 2e9 }, 'has a link with less than 2000000000 bit/s free'],
    ['too little time', 1, 3, { maxLatencyMs: 3.9 }, 'The quickest path from s1 to s3 takes 4 ms, more than 3.9'],
    [
      'more than one that cannot be',
      1,
      3,
      { maxLatencyMs: 0, minBandwidthBps: 2e9 },
      'holds to all of minBandwidthBps, maxLatencyMs',
    ],
    ['too much bandwidth for a pair', 1, 3, { minBandwidthBps: 2e9, disjoint: 'links' }, 'has a link with less than'],
  ])('that cannot be held to are named: %s', (_what, from, to, rest, reason) => {
    const { find } = start(line(), { latencyMs: { 's1-s2': 2, 's2-s3': 2 } });
    const answer = find(from, to, rest);
    expect(answer.paths).toEqual([]);
    expect(answer.reason).toContain(reason);
  });

  it('are blamed for those paths only that hold to the rest', () => {
    // By s2 it is quick and narrow, by s3 wide and slow.
    const { find } = start(square(), {
      latencyMs: { 's1-s2': 1, 's1-s3': 5, 's2-s4': 1, 's3-s4': 5 },
      rateBps: { 's1-s2': GIGABIT / 2 },
    });
    const rest = { minBandwidthBps: 0.6 * GIGABIT, maxLatencyMs: 4 };
    expect(find(1, 4, rest).reason).toBe(
      'Every path from s1 to s4 that holds to maxLatencyMs has a link with less than 600000000 bit/s free: ask for less.',
    );
    expect(find(1, 4, { ...rest, ...avoiding([2]) }).reason).toBe(
      'The quickest path from s1 to s4 that holds to minBandwidthBps, avoid takes 10 ms, more than 4: allow more.',
    );
    expect(find(1, 4, { ...passing(3), ...avoiding([], ['x']), maxLatencyMs: 9 }).reason).toBe(
      'The quickest path from s1 to s4 that holds to avoid, via takes 10 ms, more than 9: allow more.',
    );
  });

  it('are told the time of the quickest path of all, be it by a switch that is away', () => {
    const { network, find } = start(square(), { latencyMs: { 's1-s2': 1, 's1-s3': 5, 's2-s4': 1, 's3-s4': 5 } });
    network.setSwitch(dpidOf(1), { ...network.switch(dpidOf(1))!, connected: false, away: true });
    network.flush();
    expect(find(1, 4, { maxLatencyMs: 1 }).reason).toContain('takes 2 ms, more than 1');
    expect(routes(find(1, 4, { maxLatencyMs: 2 }))).toEqual(['s1 s2 s4']);
  });

  it('are blamed without a time where the quickest path is too hard to find', () => {
    const slow = gridOf(6, 6).links.filter(({ a, b }) => [a.dpid, b.dpid].includes(dpidOf(34)));
    const latencyMs = Object.fromEntries(slow.map(({ a, b }) => [`${nameOf(a.dpid)}-${nameOf(b.dpid)}`, 100]));
    const { find } = start(gridOf(6, 6), { latencyMs });
    expect(find(23, 1, { ...passing(19, 36), maxLatencyMs: 5 }).reason).toBe(
      'Every path from s23 to s1 that holds to via takes more than 5 ms: allow more.',
    );
  });

  it('are not blamed where nothing leads', () => {
    const { find } = start(graphOf(3, [[0, 1]]));
    expect(find(1, 3, { maxLatencyMs: 1 }).reason).toBe('No links lead from s1 to s3 now.');
  });

  it('that take too long to hold to are given up, with a word', () => {
    const { find } = start(gridOf(6, 6));
    const { paths, reason } = find(19, 34, passing(24, 4));
    expect(paths).toEqual([]);
    expect(reason).toMatch(/given up after 250000 steps/);
  });
});

describe('a disjoint pair', () => {
  it('shares nothing where it can', () => {
    const { find } = start(square());
    const answer = find(1, 4, { disjoint: 'nodes' });
    expect(routes(answer)).toEqual(['s1 s2 s4', 's1 s3 s4']);
    expect([answer.reason, answer.shared]).toEqual([undefined, { links: [], switches: [] }]);
  });

  it('may share switches where links are asked for, and tells which', () => {
    const bowTie = graphOf(5, [
      [0, 1],
      [0, 2],
      [1, 2],
      [2, 3],
      [2, 4],
      [3, 4],
    ]);
    const { find } = start(bowTie);
    const byLinks = find(1, 5, { disjoint: 'links' });
    expect(routes(byLinks)).toEqual(['s1 s3 s5', 's1 s2 s3 s4 s5']);
    expect([byLinks.reason, byLinks.shared]).toEqual([undefined, { links: [], switches: [dpidOf(2)] }]);
    const byNodes = find(1, 5, { disjoint: 'nodes' });
    expect(byNodes.reason).toBe('No two paths are disjoint by nodes: these share as little as can be, s3.');
  });

  it('is one path where there is no other', () => {
    const { find, links } = start(line());
    const answer = find(1, 3, { disjoint: 'links' });
    expect(routes(answer)).toEqual(['s1 s2 s3']);
    expect(answer.shared).toEqual({ links: links.map(({ id }) => id), switches: [dpidOf(1)] });
    expect(answer.reason).toContain('s1-s2, s2-s3');
  });

  it('passes waypoints and holds to a latency, each of its paths', () => {
    // By s2 or s3 to s4, on by s5 or s6 to s7; s3 is slow.
    const chain = graphOf(8, [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 3],
      [3, 4],
      [3, 5],
      [4, 6],
      [5, 6],
      [0, 7],
      [7, 6],
    ]);
    const { find } = start(chain, { latencyMs: { 's1-s3': 9, 's1-s8': 5, 's7-s8': 5 } });
    const by = (rest: Partial<PathQuery>) => {
      const answer = find(1, 7, { disjoint: 'links', ...rest });
      return [routes(answer), answer.reason];
    };
    expect(by({})).toEqual([['s1 s8 s7', 's1 s2 s4 s5 s7'], undefined]);
    expect(by(passing(4))).toEqual([['s1 s2 s4 s5 s7', 's1 s3 s4 s6 s7'], undefined]);
    expect(find(1, 7, { disjoint: 'nodes', ...passing(4) }).shared).toEqual({ links: [], switches: [] });
    expect(by({ ...passing(4), maxLatencyMs: 5 })).toEqual([
      ['s1 s2 s4 s5 s7', 's1 s2 s4 s6 s7'],
      'No two paths that hold to maxLatencyMs, via are disjoint by links: these share as little as can be, s1-s2, s2-s4.',
    ]);
    expect(by({ maxLatencyMs: 10 })).toEqual([['s1 s8 s7', 's1 s2 s4 s5 s7'], undefined]);
    expect(by({ ...passing(8), maxLatencyMs: 9 })).toEqual([
      [],
      'The quickest path from s1 to s7 that holds to via takes 10 ms, more than 9: allow more.',
    ]);
  });

  it('that takes too long to prove is told as the best found, with a word', () => {
    const { find } = start(gridOf(6, 6));
    const { paths, shared, reason } = find(15, 28, { disjoint: 'links', ...passing(1) });
    expect([paths.length, shared?.links.length]).toEqual([2, 2]);
    expect(reason).toMatch(/given up after 250000 steps: there may be a pair that shares less/);
  });

  it('that takes too long to find is none, with a word', () => {
    const { find } = start(gridOf(6, 6));
    const { paths, reason } = find(19, 34, { disjoint: 'nodes', ...passing(24, 4) });
    expect(paths).toEqual([]);
    expect(reason).toMatch(/given up after 250000 steps/);
  });
});

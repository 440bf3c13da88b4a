import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dpid } from '../../core/ids.ts';
import { arbitraryGraph, gridOf } from '../testing/graphs.ts';
import type { TestGraph } from '../testing/graphs.ts';
import { arbitraryHistory } from '../testing/histories.ts';
import type { HistoryOptions, Moment } from '../testing/histories.ts';
import { AllPairs, concernedBy } from './all-pairs.ts';
import type { PairsChange } from './all-pairs.ts';
import { alternateArcs } from './alternates.ts';
import { distancesTo, nextHopArcs, UNREACHED } from './bfs.ts';
import type { FollowedLink, FollowedView } from './follow.ts';
import { buildGraph } from './graph.ts';
import type { Graph } from './graph.ts';

describe('the distances of all pairs', () => {
  it.each<[string, Partial<HistoryOptions>]>([
    ['small networks', {}],
    ['sparse networks', { switches: 14, cables: 16 }],
    ['dense networks', { switches: 7, cables: 40 }],
    ['networks whose switches are away at times', { away: true }],
  ])('are, after every change, what searches from scratch find: in %s', (_name, options) => {
    const history = arbitraryHistory({ switches: 10, cables: 22, moments: 40, away: false, ...options });
    fc.assert(
      fc.property(history, (moments) => {
        const pairs = new AllPairs();
        for (const moment of moments) {
          pairs.update(moment.view, moment.change);
          expect(measured(pairs)).toEqual(fromScratch(moment));
        }
      }),
    );
  });

  it('are so where so much has changed at once that all is searched anew', () => {
    const history = arbitraryHistory({ switches: 60, cables: 200, moments: 160, away: true });
    fc.assert(
      fc.property(history, fc.integer({ min: 20, max: 80 }), (moments, together) => {
        const pairs = new AllPairs();
        for (let at = 0; at < moments.length; at += together) {
          const group = moments.slice(at, at + together);
          const { view } = group.at(-1)!;
          const switches = new Set(group.flatMap(({ change }) => [...change.switches]));
          const links = new Set(group.flatMap(({ change }) => [...change.links]));
          pairs.update(view, { switches, links });
          expect(measured(pairs)).toEqual(fromScratch({ view }));
        }
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('are those of searches where many are searched at once', () => {
    fc.assert(
      fc.property(arbitraryGraph(100, 200), (graph) => {
        const pairs = new AllPairs();
        const view = viewOf(graph);
        pairs.update(view, { switches: view.switches.keys(), links: view.links.keys() });
        expect(measured(pairs)).toEqual(fromScratch({ view }));
      }),
      { numRuns: 30 },
    );
  });

  it('tell of every switch whose next hops or alternates changed, and of every target', () => {
    const history = arbitraryHistory({ switches: 9, cables: 20, moments: 30, away: true });
    fc.assert(
      fc.property(history, (moments) => {
        const pairs = new AllPairs();
        let arcs = arcsOfAll(pairs);
        let distances = distancesOfAll(pairs);
        for (const { view, change } of moments) {
          const told = pairs.update(view, change);
          const arcsBefore = arcs;
          arcs = arcsOfAll(pairs);
          for (const { one: dpid, other: target } of differing(arcsBefore, arcs)) {
            expectConcerned(pairs, told, { dpid, target });
          }
          const distancesBefore = distances;
          distances = distancesOfAll(pairs);
          for (const { one: target, other: dpid } of differing(distancesBefore, distances)) {
            expectMoved(pairs, told, { dpid, target });
          }
        }
      }),
    );
  });

  it('touch little where little changes', () => {
    const graph = gridOf(12, 12);
    const view = viewOf(graph);
    const pairs = new AllPairs();
    pairs.update(view, { switches: view.switches.keys(), links: view.links.keys() });
    const link = graph.links[0]!;
    const links = new Map(view.links);
    links.delete(link.id);
    const told = pairs.update({ ...view, links }, { switches: [], links: [link.id] });
    expect([...told.rewired].sort()).toEqual([link.a.dpid, link.b.dpid]);
    // Of 144 targets only those in the corner's row and in the neighbour's column are farther for somebody.
    expect(told.moved.size).toBeLessThan(30);
    const nothing = { switches: new Set(), all: false, rewired: new Set(), moved: new Map() };
    expect(pairs.update(view, { switches: [], links: [] })).toEqual(nothing);
  });

  it('are searched anew where much changes, and it says so', () => {
    const { dpids, links } = gridOf(12, 12);
    const view = viewOf({ dpids, links });
    const pairs = new AllPairs();
    expect(pairs.update(view, { switches: dpids, links: view.links.keys() }).all).toBe(true);
  });
});

function viewOf({ dpids, links }: TestGraph): FollowedView<FollowedLink> {
  return {
    switches: new Map(dpids.map((dpid) => [dpid, { away: false }])),
    links: new Map(links.map((link) => [link.id, { ...link, bidirectional: true }])),
  };
}

type Distances = Record<string, Record<string, number>>;

function measured(pairs: AllPairs): Distances {
  return byDpid(pairs.graph, (target) => pairs.to(target));
}

function fromScratch({ view }: Pick<Moment, 'view'>): Distances {
  const usable = [...view.links.values()].filter(({ bidirectional }) => bidirectional);
  const graph = buildGraph(view.switches.keys(), usable);
  const marks = Uint8Array.from(graph.dpids, (dpid) => Number(view.switches.get(dpid)!.away));
  return byDpid(graph, (target) => distancesTo(graph, target, marks));
}

function byDpid(graph: Graph, distances: (target: number) => Int32Array): Distances {
  const all: Distances = {};
  for (const dpid of [...graph.indexOf.keys()].sort()) {
    const row = distances(graph.indexOf.get(dpid)!);
    all[dpid] = Object.fromEntries([...graph.indexOf].map(([other, node]) => [other, row[node]!]));
  }
  return all;
}

/** Next hops and alternates of each switch to all targets. */
function arcsOfAll(pairs: AllPairs): Map<string, string> {
  const { graph, reluctant } = pairs;
  const shown = (arc: number): string => `${graph.arcPort[arc]} to ${graph.dpids[graph.arcTo[arc]!]}`;
  return pairTable(pairs, (dpid, target) => {
    const distance = pairs.to(graph.indexOf.get(target)!);
    const node = graph.indexOf.get(dpid)!;
    const next = nextHopArcs(graph, distance, node, reluctant).map(shown);
    const others = alternateArcs(graph, distance, node, reluctant).map(shown);
    return next.length + others.length > 0 ? `${next.join()} else ${others.join()}` : '';
  });
}

/** How far all switches are from each target. */
function distancesOfAll(pairs: AllPairs): Map<string, string> {
  const { graph } = pairs;
  return pairTable(pairs, (target, dpid) => {
    const distance = pairs.to(graph.indexOf.get(target)!)[graph.indexOf.get(dpid)!]!;
    return distance === UNREACHED ? '' : `${distance}`;
  });
}

/** Of each two switches what there is to say, where there is anything. */
function pairTable({ graph }: AllPairs, tell: (one: Dpid, other: Dpid) => string): Map<string, string> {
  const table = new Map<string, string>();
  for (const one of graph.indexOf.keys()) {
    for (const other of graph.indexOf.keys()) {
      const told = tell(one, other);
      if (told !== '') table.set(`${one} ${other}`, told);
    }
  }
  return table;
}

function differing(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): { one: Dpid; other: Dpid }[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key));
  return keys.map((key) => {
    const [one = '', other = ''] = key.split(' ');
    return { one, other };
  });
}

interface Pair {
  readonly dpid: Dpid;
  readonly target: Dpid;
}

function expectConcerned({ graph }: AllPairs, told: PairsChange, { dpid, target }: Pair): void {
  const isGone = told.rewired.has(target) && !graph.indexOf.has(target);
  if (!isGone) expect(told.switches).toContain(dpid);
  if (told.all || told.rewired.has(dpid) || isGone) return;
  const moved = told.moved.get(graph.indexOf.get(target) ?? -1) ?? [];
  expect(concernedBy(graph, moved)).toContain(graph.indexOf.get(dpid));
}

/** Who came or went needs no telling beside that. */
function expectMoved({ graph }: AllPairs, told: PairsChange, { dpid, target }: Pair): void {
  const [node, at] = [graph.indexOf.get(dpid), graph.indexOf.get(target)];
  if (told.all || (told.rewired.has(dpid) && (node === undefined || dpid === target)) || at === undefined) return;
  expect(told.moved.get(at)).toContain(node);
}

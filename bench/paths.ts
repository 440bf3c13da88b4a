/**
 * Paths in a fat tree of 28-port switches: 980 switches, 10,976 links. Each figure is the median of several runs beside the
 * worst, on changes and pairs of switches spread over the network. Run with `npm run bench -- paths`.
 */
import { AllPairs, concernedBy } from '../src/topology/paths/all-pairs.ts';
import type { PairsChange } from '../src/topology/paths/all-pairs.ts';
import { alternateArcs } from '../src/topology/paths/alternates.ts';
import { nextHopArcs, treeArcs } from '../src/topology/paths/bfs.ts';
import { fillAllDistances } from '../src/topology/paths/bit-parallel.ts';
import { disjointPair } from '../src/topology/paths/disjoint.ts';
import type { FollowedLink, FollowedView } from '../src/topology/paths/follow.ts';
import { UNMEASURED, weighArcs } from '../src/topology/paths/metrics.ts';
import type { PathProblem } from '../src/topology/paths/plan.ts';
import { kShortestPaths } from '../src/topology/paths/yen.ts';
import { fatTree } from '../src/topology/testing/graphs.ts';
import { ms } from './support/table.ts';
import type { Row } from './support/table.ts';

const PORTS = 28;
const RUNS = 21;
const WARM_UP = 5;
/** Steps of these sizes, without a factor in common with the numbers of switches and links, come everywhere soon. */
const STRIDE = 997;
const FROM_STRIDE = 389;
const TO_STRIDE = 271;

interface Timing {
  readonly name: string;
  readonly times: readonly number[];
  /** Undefined where nothing was promised. */
  readonly targetMs?: number;
}

/** Keeps what was computed, so that it is not optimised away. */
let sink: unknown;

function time(step: (run: number) => unknown): number[] {
  const times: number[] = [];
  for (let run = 0; run < WARM_UP + RUNS; run++) {
    const start = process.hrtime.bigint();
    sink = step(run);
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    if (run >= WARM_UP) times.push(ms);
  }
  return times.sort((x, y) => x - y);
}

function rowOf({ name, times, targetMs }: Timing): Row {
  const median = times[times.length >> 1]!;
  const row = { what: name, figure: ms(median), beside: `worst ${ms(times.at(-1)!)}` };
  return targetMs === undefined ? row : { ...row, target: `under ${targetMs} ms`, met: median < targetMs };
}

type View = FollowedView<FollowedLink>;

function fatTreeView(): View {
  const { dpids, links } = fatTree(PORTS);
  return {
    switches: new Map(dpids.map((dpid) => [dpid, { away: false }])),
    links: new Map(links.map((link) => [link.id, { ...link, bidirectional: true }])),
  };
}

function pairsOf(view: View): AllPairs {
  const pairs = new AllPairs();
  pairs.update(view, { switches: view.switches.keys(), links: view.links.keys() });
  return pairs;
}

function allTrees(pairs: AllPairs): Timing {
  const stride = pairs.graph.dpids.length;
  const distance = new Int32Array(stride * stride);
  const times = time(() => {
    fillAllDistances(pairs.graph, { distance, stride });
    let arcs = 0;
    for (let target = 0; target < stride; target++) {
      const row = distance.subarray(target * stride, (target + 1) * stride);
      arcs += treeArcs(pairs.graph, row)[target === 0 ? 1 : 0]!;
    }
    return arcs;
  });
  return { name: 'all-pairs: distances and a shortest-path tree to each switch', times, targetMs: 100 };
}

function fromNothing(view: View): Timing {
  return { name: 'from an empty graph to all distances (a controller starts)', times: time(() => pairsOf(view)) };
}

/** Next hops and alternates of all that a change may concern. */
function recompute(pairs: AllPairs, change: PairsChange): number {
  const { graph, reluctant } = pairs;
  let found = 0;
  const nodes = [...change.rewired].map((dpid) => graph.indexOf.get(dpid)!);
  for (let target = 0; target < graph.dpids.length; target++) {
    const distance = pairs.to(target);
    const concerned = concernedBy(graph, change.moved.get(target) ?? []);
    for (const node of nodes) concerned.add(node);
    for (const node of concerned) {
      found += nextHopArcs(graph, distance, node, reluctant).length;
      found += alternateArcs(graph, distance, node, reluctant).length;
    }
  }
  return found;
}

function oneLink(view: View, pairs: AllPairs): Timing[] {
  const links = [...view.links.values()];
  const times: Record<'down' | 'up' | 'hops', number[]> = { down: [], up: [], hops: [] };
  const clock = (into: number[], step: () => unknown): void => {
    const start = process.hrtime.bigint();
    sink = step();
    into.push(Number(process.hrtime.bigint() - start) / 1e6);
  };
  for (let run = 0; run < WARM_UP + RUNS; run++) {
    const link = links[(run * STRIDE) % links.length]!;
    const without = { ...view, links: new Map(view.links) };
    without.links.delete(link.id);
    const change = { switches: [], links: [link.id] };
    let told: PairsChange | undefined;
    clock(times.down, () => (told = pairs.update(without, change)));
    clock(times.hops, () => recompute(pairs, told!));
    clock(times.up, () => pairs.update(view, change));
  }
  const row = (name: string, all: number[], targetMs?: number): Timing => ({
    name,
    times: all.slice(WARM_UP).sort((x, y) => x - y),
    ...(targetMs === undefined ? {} : { targetMs }),
  });
  return [
    row('one link down: graph and all distances', times.down, 10),
    row('one link up: graph and all distances', times.up, 10),
    row('one link down: then the next hops and alternates that it concerns', times.hops),
  ];
}

function queries({ graph }: AllPairs): Timing[] {
  const weights = weighArcs(graph, { metric: 'hops', metrics: UNMEASURED });
  // Latencies that differ from link to link, as measured ones do.
  const latency = weights.map((_, arc) => 20 + ((graph.arcLink[arc]! * STRIDE) % 90));
  const nodes = graph.dpids.length;
  const problem = (run: number, of: Float64Array): PathProblem => {
    const from = (run * FROM_STRIDE) % nodes;
    return { graph, from, to: (from + 1 + ((run * TO_STRIDE) % (nodes - 1))) % nodes, weights: of };
  };
  const eight = { k: 8 };
  const delay = { of: latency, limit: 300 };
  const via = (run: number) => {
    const { from, to } = problem(run, weights);
    return [1, 2].map((step) => (run * 131 + step * 311) % nodes).filter((node) => node !== from && node !== to);
  };
  return [
    {
      name: 'k = 8 shortest, by hops',
      times: time((run) => kShortestPaths(problem(run, weights), eight)),
      targetMs: 5,
    },
    {
      name: 'k = 8 shortest, by latency',
      times: time((run) => kShortestPaths(problem(run, latency), eight)),
      targetMs: 5,
    },
    {
      name: 'k = 8 by hops, by way of two switches',
      times: time((run) => kShortestPaths({ ...problem(run, weights), via: via(run) }, eight)),
    },
    {
      name: 'k = 8 by hops, within a latency that rules most out',
      times: time((run) => kShortestPaths({ ...problem(run, weights), delay }, eight)),
    },
    {
      name: 'pair that shares no link, by hops',
      times: time((run) => disjointPair({ ...problem(run, weights), by: 'links' })),
    },
    {
      name: 'pair that shares no switch, by latency',
      times: time((run) => disjointPair({ ...problem(run, latency), by: 'nodes' })),
    },
  ];
}

/** Prints the table. */
export function benchPaths(): Row[] {
  const view = fatTreeView();
  const pairs = pairsOf(view);
  const rows = [allTrees(pairs), ...oneLink(view, pairs), ...queries(pairs), fromNothing(view)].map(rowOf);
  if (sink === undefined) throw new Error('nothing was measured');
  const network = `paths in a fat tree, k = ${PORTS}: ${view.switches.size} switches, ${view.links.size} links`;
  return [{ what: network, figure: 'median' }, ...rows];
}

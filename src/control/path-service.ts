/** Answers questions for paths on the newest view, on a graph that is kept in step with it. */
import type { PathAnswer, PathQuery, PathRecord } from '../northbound/services.ts';
import type { Network } from '../topology/network.ts';
import { constrainedPair } from '../topology/paths/constrained-pair.ts';
import type { ConstrainedPair } from '../topology/paths/constrained-pair.ts';
import { disjointPair } from '../topology/paths/disjoint.ts';
import { followViews } from '../topology/paths/follow.ts';
import type { ArcPath } from '../topology/paths/graph.ts';
import { LiveGraph } from '../topology/paths/live-graph.ts';
import { costOf, linkOf } from '../topology/paths/metrics.ts';
import type { LinkMetrics } from '../topology/paths/metrics.ts';
import type { PathProblem } from '../topology/paths/plan.ts';
import { kShortestPaths, MAX_WORK } from '../topology/paths/yen.ts';
import { wholeOf } from '../topology/view.ts';
import type { Link } from '../topology/view.ts';
import { toProblem } from './path-problem.ts';
import type { PathNetwork } from './path-problem.ts';
import { contradictionIn, whyNoPath, whyShared } from './path-reasons.ts';
import { viewMetrics } from './view-metrics.ts';

const LOOSEN = 'Loosen via or maxLatencyMs.';

export interface PathServiceOptions {
  readonly network: Network;
  /** Default: capacities from the view, and nothing measured. */
  readonly metrics?: LinkMetrics;
}

export interface PathService {
  find(query: PathQuery): PathAnswer;
}

export function createPathService({ network, metrics }: PathServiceOptions): PathService {
  const graph = new LiveGraph<Link>();
  const follow = followViews(graph);
  let view = network.view;
  follow(view, wholeOf(view));
  network.onUpdate((update) => {
    view = update.view;
    follow(view, update.change);
  });
  const known = metrics ?? viewMetrics(() => view);
  return { find: (query) => findPaths({ graph, view, metrics: known }, query) };
}

/** The paths that a query asks for, in a network as it stands. Pure: the same network and query give the same answer. */
export function findPaths(network: PathNetwork, query: PathQuery): PathAnswer {
  const contradiction = contradictionIn(network, query);
  if (contradiction !== undefined) return { paths: [], reason: contradiction, shared: undefined };
  return query.disjoint ? findPair(network, query, query.disjoint) : findBest(network, query);
}

function findBest(network: PathNetwork, query: PathQuery): PathAnswer {
  const { paths, complete } = kShortestPaths(toProblem(network, query), { k: query.k });
  const records = paths.map((path) => toRecord(network, query, path));
  if (!complete) {
    const reason = `The search was given up after ${MAX_WORK} steps: there may be more paths. ${LOOSEN}`;
    return { paths: records, reason, shared: undefined };
  }
  return { paths: records, reason: records.length > 0 ? undefined : whyNoPath(network, query), shared: undefined };
}

function findPair(network: PathNetwork, query: PathQuery, by: 'links' | 'nodes'): PathAnswer {
  const { graph } = network;
  const { pair, complete } = pairIn(toProblem(network, query), by);
  const givenUp = `The search was given up after ${MAX_WORK} steps: there may be a pair that shares less or costs less. ${LOOSEN}`;
  if (!pair) return { paths: [], reason: complete ? whyNoPath(network, query) : givenUp, shared: undefined };
  const links = pair.sharedLinks.map((index) => graph.links[index]!.id);
  const switches = pair.sharedNodes.map((node) => graph.dpids[node]!);
  const [first, second] = pair.paths;
  const paths = first.join() === second.join() ? [first] : [first, second];
  return {
    paths: paths.map((path) => toRecord(network, query, path)),
    reason: complete ? whyShared(network.view, query, { links, switches }) : givenUp,
    shared: { links, switches },
  };
}

function pairIn(problem: PathProblem, by: 'links' | 'nodes'): ConstrainedPair {
  const isEasy = !problem.via?.length && !problem.delay;
  return isEasy ? { pair: disjointPair({ ...problem, by }), complete: true } : constrainedPair({ ...problem, by });
}

function toRecord(network: PathNetwork, query: PathQuery, path: ArcPath): PathRecord {
  const { graph, metrics } = network;
  const ends = path.map((arc) => linkOf(graph, arc));
  const free = ends.map(({ link, out }) => metrics.freeBps(link, out)).filter((bps) => bps !== undefined);
  const isMeasured = ends.every(({ link, out }) => metrics.latencyMs(link, out) !== undefined);
  return {
    cost: costOf(graph, path, { metric: query.metric ?? 'hops', metrics }),
    hops: toHops(network, query, path),
    links: ends.map(({ link }) => link.id),
    latencyMs: isMeasured ? costOf(graph, path, { metric: 'latency', metrics }) : undefined,
    freeBps: free.length > 0 ? Math.min(...free) : undefined,
  };
}

function toHops({ graph }: PathNetwork, { from, to }: PathQuery, path: ArcPath): PathRecord['hops'] {
  return [from.dpid, ...path.map((arc) => graph.dpids[graph.arcTo[arc]!]!)].map((dpid, index) => {
    const cameBy = path[index - 1];
    const leavesBy = path[index];
    return {
      dpid,
      inPort: cameBy === undefined ? portOf(from) : graph.arcInPort[cameBy],
      outPort: leavesBy === undefined ? portOf(to) : graph.arcPort[leavesBy],
    };
  });
}

function portOf(end: PathQuery['from']): number | undefined {
  return 'port' in end ? end.port : undefined;
}

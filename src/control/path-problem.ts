/** A query for paths as a problem on the graph. */
import type { Dpid } from '../core/ids.ts';
import type { PathQuery } from '../northbound/services.ts';
import { tailOf } from '../topology/paths/graph.ts';
import type { Graph } from '../topology/paths/graph.ts';
import { latencyLimit, latencyUnits, linkOf, weighArcs } from '../topology/paths/metrics.ts';
import type { LinkMetrics } from '../topology/paths/metrics.ts';
import type { DelayBound, PathProblem } from '../topology/paths/plan.ts';
import type { Link, NetworkView } from '../topology/view.ts';

export interface PathNetwork {
  /** Of the view's switches and links. */
  readonly graph: Graph<Link>;
  readonly view: NetworkView;
  readonly metrics: LinkMetrics;
}

export interface ProblemOptions {
  /** Default true: switches that nobody can tell anything now are crossed only where there is no other way. */
  readonly prefersPresent?: boolean;
}

/** The ends must be in the graph. */
export function toProblem(
  network: PathNetwork,
  query: PathQuery,
  { prefersPresent = true }: ProblemOptions = {},
): PathProblem {
  const { graph, metrics } = network;
  const weights = weighArcs(graph, {
    metric: query.metric ?? 'hops',
    metrics,
    ...(prefersPresent ? { reluctant: reluctantNodes(network) } : {}),
    ...(query.avoid || query.minBandwidthBps !== undefined ? { allows: allowedArcs(network, query) } : {}),
  });
  return {
    graph,
    from: graph.indexOf.get(query.from.dpid)!,
    to: graph.indexOf.get(query.to.dpid)!,
    weights,
    via: waypointsOf(query).map((dpid) => graph.indexOf.get(dpid)!),
    ...(query.maxLatencyMs === undefined ? {} : { delay: delayBound(network, query.maxLatencyMs) }),
  };
}

/** Switches that nobody can tell anything now. */
function reluctantNodes({ graph, view }: PathNetwork): Uint8Array {
  return Uint8Array.from(graph.dpids, (dpid) => {
    const owner = view.switches.get(dpid);
    return Number(owner !== undefined && (owner.away || !owner.connected));
  });
}

function allowedArcs({ graph, metrics }: PathNetwork, { avoid, minBandwidthBps }: PathQuery): (arc: number) => boolean {
  const links = new Set(avoid?.links);
  const nodes = new Set(avoid?.switches.map((dpid) => graph.indexOf.get(dpid)));
  return (arc) => {
    if (nodes.has(graph.arcTo[arc]) || nodes.has(tailOf(graph, arc))) return false;
    const { link, out } = linkOf(graph, arc);
    if (links.has(link.id)) return false;
    return minBandwidthBps === undefined || (metrics.freeBps(link, out) ?? Infinity) >= minBandwidthBps;
  };
}

function delayBound({ graph, metrics }: PathNetwork, maxLatencyMs: number): DelayBound {
  const of = new Float64Array(graph.arcTo.length);
  for (const node of graph.indexOf.values()) {
    for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) of[arc] = latencyUnits(graph, arc, metrics);
  }
  return { of, limit: latencyLimit(maxLatencyMs) };
}

/** The switches to pass between the ends: where the path begins and ends it is anyway. */
export function waypointsOf({ from, to, via = [] }: PathQuery): readonly Dpid[] {
  const start = via[0] === from.dpid ? 1 : 0;
  const end = via.length > start && via.at(-1) === to.dpid ? via.length - 1 : via.length;
  return via.slice(start, end);
}

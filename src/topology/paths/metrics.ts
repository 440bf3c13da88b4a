/** What a path may cost, in weights of arcs. All weights are whole numbers, so that sums are exact and equal paths are equal. */
import type { PortRef } from '../../core/ids.ts';
import type { ArcWeights } from './dijkstra.ts';
import { tailOf } from './graph.ts';
import type { ArcPath, Graph, NamedLink } from './graph.ts';

export type Metric = 'hops' | 'latency' | 'load';

/**
 * What is known of links; each answer is for the direction that leaves by `out`, one of the link's ends. Undefined where nothing
 * was measured: then the defaults below count.
 */
export interface LinkMetrics {
  /** One way, in milliseconds. */
  latencyMs(link: NamedLink, out: PortRef): number | undefined;
  /** Capacity less what flows now, bits per second. Where it is not known the link passes for wide enough. */
  freeBps(link: NamedLink, out: PortRef): number | undefined;
  /** What flows now as a part of the capacity, 0 to 1. */
  load(link: NamedLink, out: PortRef): number | undefined;
}

/** Of a link whose latency was not measured: more than most cables have, so that measured ones are preferred. */
export const DEFAULT_LATENCY_MS = 1;
export const DEFAULT_LOAD = 0;

export const UNMEASURED: LinkMetrics = {
  latencyMs: () => undefined,
  freeBps: () => undefined,
  load: () => undefined,
};

/** Latency counts in microseconds. */
const UNITS_PER_MS = 1_000;
/** Load counts in thousandths of what an idle link costs. */
const UNITS_PER_IDLE_LINK = 1_000;
/** A link that is full costs as much as a thousand idle ones: it is never out of the question. */
const MOST_LOAD = 0.999;
/** The heaviest link, 17 seconds of latency: sums over any path stay exact. */
const MOST_UNITS = 2 ** 24;

/** Weight units in one of the metric's own. */
const SCALE: Readonly<Record<Metric, number>> = { hops: 1, latency: UNITS_PER_MS, load: UNITS_PER_IDLE_LINK };

export interface WeightOptions {
  readonly metric: Metric;
  readonly metrics: LinkMetrics;
  /** Nodes that are passed through only where there is no other way, 1 each. */
  readonly reluctant?: Uint8Array;
  /** False for arcs that may not be used. */
  readonly allows?: (arc: number) => boolean;
}

/** A weight for each arc; Infinity where it is not allowed. */
export function weighArcs(graph: Graph<NamedLink>, options: WeightOptions): ArcWeights {
  const { reluctant, allows } = options;
  const weights = new Float64Array(graph.arcTo.length).fill(Infinity);
  let heaviest = 0;
  for (const node of graph.indexOf.values()) {
    for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
      if (allows && !allows(arc)) continue;
      const weight = units(graph, arc, options);
      weights[arc] = weight;
      heaviest = Math.max(heaviest, weight);
    }
  }
  // More than any path weighs without, and no more than that, so that sums stay small.
  const reluctance = heaviest * graph.indexOf.size;
  if (reluctant)
    for (let arc = 0; arc < weights.length; arc++) if (reluctant[graph.arcTo[arc]!]) weights[arc]! += reluctance;
  return weights;
}

/** What a path costs in the metric's own unit: links, milliseconds, or idle links. Reluctance does not count. */
export function costOf(
  graph: Graph<NamedLink>,
  path: ArcPath,
  options: Pick<WeightOptions, 'metric' | 'metrics'>,
): number {
  return path.reduce((sum, arc) => sum + units(graph, arc, options), 0) / SCALE[options.metric];
}

/** The arc's latency in whole microseconds, at least 1. */
export function latencyUnits(graph: Graph<NamedLink>, arc: number, metrics: LinkMetrics): number {
  return units(graph, arc, { metric: 'latency', metrics });
}

/** A bound in milliseconds as a bound for sums of `latencyUnits`. */
export function latencyLimit(ms: number): number {
  // 2.3 times 1,000 is a little less than 2,300 in floating point.
  return Math.floor(ms * UNITS_PER_MS + 1e-6);
}

function units(
  graph: Graph<NamedLink>,
  arc: number,
  { metric, metrics }: Pick<WeightOptions, 'metric' | 'metrics'>,
): number {
  if (metric === 'hops') return 1;
  const { link, out } = linkOf(graph, arc);
  const value =
    metric === 'latency'
      ? (metrics.latencyMs(link, out) ?? DEFAULT_LATENCY_MS) * UNITS_PER_MS
      : loadCost(metrics.load(link, out) ?? DEFAULT_LOAD) * UNITS_PER_IDLE_LINK;
  // Written so that what is no number becomes the least.
  return value > 1 ? Math.min(Math.round(value), MOST_UNITS) : 1;
}

/** How long a queue of this load makes a packet stay, an idle link's being 1: half full costs 2, nine tenths full 10. */
function loadCost(load: number): number {
  return 1 / (1 - Math.min(Math.max(load, 0), MOST_LOAD));
}

/** The link of an arc, and the end by which the arc leaves. */
export function linkOf<L extends NamedLink>(graph: Graph<L>, arc: number): { link: L; out: PortRef } {
  const link = graph.links[graph.arcLink[arc]!]!;
  const isFromA = link.a.dpid === graph.dpids[tailOf(graph, arc)];
  return { link, out: isFromA ? link.a : link.b };
}

/** Cheapest ways to one target, by Dijkstra's algorithm. */
import type { Graph } from './graph.ts';
import { NodeHeap } from './node-heap.ts';

/**
 * What each arc costs, by index: whole numbers, so that sums are exact and equal costs are equal; Infinity where an arc may
 * not be used. 0 is allowed only where this is said.
 */
export type ArcWeights = Float64Array;

export interface CostTree {
  /** Of the cheapest way from each node to the target; Infinity where there is none. */
  readonly cost: Float64Array;
  /** The fewest arcs of such a way. Not exact where weights are 0. */
  readonly hops: Int32Array;
}

export interface CostOptions {
  readonly target: number;
  /** May be 0. */
  readonly weights: ArcWeights;
  /** Nodes, 1 each, that may begin a way but not be passed through. */
  readonly blocked?: Uint8Array;
}

/** The costs from all nodes to a target. */
export function costsTo(graph: Graph, { target, weights, blocked }: CostOptions): CostTree {
  const cost = new Float64Array(graph.dpids.length).fill(Infinity);
  const hops = new Int32Array(graph.dpids.length);
  const heap = new NodeHeap(cost);
  cost[target] = 0;
  heap.lowered(target);
  for (let node = heap.pop(); node !== undefined; node = heap.pop()) {
    if (node !== target && blocked?.[node]) continue;
    const here = cost[node]!;
    const steps = hops[node]! + 1;
    for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
      const neighbour = graph.arcTo[arc]!;
      const by = here + weights[graph.arcBack[arc]!]!;
      if (by < cost[neighbour]!) {
        cost[neighbour] = by;
        hops[neighbour] = steps;
        heap.lowered(neighbour);
      } else if (by === cost[neighbour] && steps < hops[neighbour]! && by < Infinity) hops[neighbour] = steps;
    }
  }
  return { cost, hops };
}

/** The arcs of `node` by which the target is cheapest: the equal-cost next hops of weighted paths. Weights must not be 0. */
export function cheapestArcs(graph: Graph, tree: CostTree, weights: ArcWeights, node: number): number[] {
  const arcs: number[] = [];
  const here = tree.cost[node]!;
  if (here === 0 || here === Infinity) return arcs;
  for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
    const by = weights[arc]! + tree.cost[graph.arcTo[arc]!]!;
    if (by === here) arcs.push(arc);
  }
  return arcs;
}

/** Hop distances by breadth-first search. */
import type { Graph } from './graph.ts';

export const UNREACHED = -1;

/** Hops from every node to `target` (links carry both ways), UNREACHED where there is no path. */
export function distancesTo(graph: Graph, target: number): Int32Array {
  const distance = new Int32Array(graph.dpids.length).fill(UNREACHED);
  const queue = new Int32Array(graph.dpids.length);
  distance[target] = 0;
  queue[0] = target;
  let tail = 1;
  for (let head = 0; head < tail; head++) {
    const node = queue[head]!;
    const next = distance[node]! + 1;
    for (let arc = graph.rowStart[node]!; arc < graph.rowStart[node + 1]!; arc++) {
      const neighbour = graph.arcTo[arc]!;
      if (distance[neighbour] !== UNREACHED) continue;
      distance[neighbour] = next;
      queue[tail++] = neighbour;
    }
  }
  return distance;
}

/** The arcs of `node` that lead one hop closer to where `distance` counts to: the equal-cost next hops. */
export function nextHopArcs(graph: Graph, distance: Int32Array, node: number): number[] {
  const arcs: number[] = [];
  const here = distance[node]!;
  if (here <= 0) return arcs;
  for (let arc = graph.rowStart[node]!; arc < graph.rowStart[node + 1]!; arc++) {
    if (distance[graph.arcTo[arc]!] === here - 1) arcs.push(arc);
  }
  return arcs;
}

/**
 * Where else a switch may send when all its next hops are down, without asking anybody.
 *
 * Every step of a next hop or of an alternate leads to a node of smaller (distance, dpid), compared in this order. So whatever
 * mix of them the switches use, and whatever has failed, no packet comes back to where it was. The price is that of two
 * neighbours at the same distance only one may lean on the other, and that a way which leads away from the target first
 * is never taken: those need the controller.
 */
import { distanceBy, UNREACHED } from './bfs.ts';
import type { Reluctant } from './bfs.ts';
import type { Graph } from './graph.ts';

/** The arcs of `node` to neighbours of smaller (distance, dpid) that are no next hops, the shortest way first. */
export function alternateArcs(graph: Graph, distance: Int32Array, node: number, reluctant?: Reluctant): number[] {
  const here = distance[node]!;
  if (here <= 0) return [];
  const found: { arc: number; by: number }[] = [];
  for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
    const neighbour = graph.arcTo[arc]!;
    const there = distance[neighbour]!;
    if (there === UNREACHED || there > here) continue;
    if (there === here && graph.dpids[neighbour]! > graph.dpids[node]!) continue;
    const by = distanceBy(graph, distance, arc, reluctant);
    if (by > here) found.push({ arc, by });
  }
  return found.sort((x, y) => x.by - y.by || x.arc - y.arc).map(({ arc }) => arc);
}

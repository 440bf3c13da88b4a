/** Hop distances by breadth-first search. */
import type { Graph } from './graph.ts';

export const UNREACHED = -1;

/** Added to a distance for every reluctant node on the way: more than the hops of any path. */
export const RELUCTANCE = 1 << 16;

/** Nodes that are passed through only where there is no other way, 1 each; they are reached as others are. */
export type Reluctant = Uint8Array;

/**
 * Hops from every node to `target` (links carry both ways), plus RELUCTANCE for each reluctant node between; UNREACHED
 * where there is no path.
 */
export function distancesTo(graph: Graph, target: number, reluctant?: Reluctant): Int32Array {
  const distance = new Int32Array(graph.dpids.length).fill(UNREACHED);
  const queue = new Int32Array(graph.dpids.length);
  distance[target] = 0;
  queue[0] = target;
  let tail = 1;
  let head = 0;
  /** Reluctant nodes, in order of distance: what lies behind them comes after all else. */
  let held: number[] = [];
  for (;;) {
    const waiting = held;
    held = [];
    let next = 0;
    while (head < tail || next < waiting.length) {
      const fromHeld =
        next < waiting.length && (head === tail || distance[waiting[next]!]! + RELUCTANCE <= distance[queue[head]!]!);
      const node = fromHeld ? waiting[next++]! : queue[head++]!;
      if (!fromHeld && node !== target && reluctant?.[node]) held.push(node);
      else tail = reach(graph, { node, at: distance[node]! + 1 + (fromHeld ? RELUCTANCE : 0), distance, queue, tail });
    }
    if (held.length === 0) return distance;
  }
}

interface Reach {
  readonly node: number;
  /** The distance of its neighbours, where they have none yet. */
  readonly at: number;
  readonly distance: Int32Array;
  readonly queue: Int32Array;
  readonly tail: number;
}

/** Queues the neighbours that were not reached yet; returns the queue's new end. */
function reach(graph: Graph, { node, at, distance, queue, tail }: Reach): number {
  let end = tail;
  for (let arc = graph.rowStart[node]!; arc < graph.rowStart[node + 1]!; arc++) {
    const neighbour = graph.arcTo[arc]!;
    if (distance[neighbour] !== UNREACHED) continue;
    distance[neighbour] = at;
    queue[end++] = neighbour;
  }
  return end;
}

/** The arcs of `node` that lead to `target` at the least distance: the equal-cost next hops. */
export function nextHopArcs(graph: Graph, distance: Int32Array, node: number, reluctant?: Reluctant): number[] {
  const arcs: number[] = [];
  const here = distance[node]!;
  if (here <= 0) return arcs;
  for (let arc = graph.rowStart[node]!; arc < graph.rowStart[node + 1]!; arc++) {
    const neighbour = graph.arcTo[arc]!;
    const there = distance[neighbour]!;
    if (there === UNREACHED) continue;
    const through = there > 0 && reluctant?.[neighbour] ? RELUCTANCE : 0;
    if (there + through === here - 1) arcs.push(arc);
  }
  return arcs;
}

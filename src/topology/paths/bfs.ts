/** Hop distances by breadth-first search. */
import type { Graph } from './graph.ts';

export const UNREACHED = -1;
export const NO_ARC = -1;

/** Added to a distance for every reluctant node on the way: more than the hops of any path. */
export const RELUCTANCE = 1 << 16;

/** Nodes that are passed through only where there is no other way, 1 each; they are reached as others are. */
export type Reluctant = Uint8Array;

/**
 * Hops from every node to `target` (links carry both ways), plus RELUCTANCE for each reluctant node between; UNREACHED
 * where there is no path.
 */
export function distancesTo(graph: Graph, target: number, reluctant?: Reluctant): Int32Array {
  const distance = new Int32Array(graph.dpids.length);
  const queue = new Int32Array(graph.dpids.length);
  if (reluctant) fillReluctantDistances(graph, { target, reluctant, distance, queue });
  else fillDistances(graph, { target, distance, queue });
  return distance;
}

/** Where to write, of as many entries as there are indices. */
interface Search {
  readonly target: number;
  readonly distance: Int32Array;
  /** Scratch. */
  readonly queue: Int32Array;
}

function fillDistances({ rowStart, rowEnd, arcTo }: Graph, { target, distance, queue }: Search): void {
  distance.fill(UNREACHED);
  distance[target] = 0;
  queue[0] = target;
  let tail = 1;
  for (let head = 0; head < tail; head++) {
    const node = queue[head]!;
    const next = distance[node]! + 1;
    const end = rowEnd[node]!;
    for (let arc = rowStart[node]!; arc < end; arc++) {
      const neighbour = arcTo[arc]!;
      if (distance[neighbour] !== UNREACHED) continue;
      distance[neighbour] = next;
      queue[tail++] = neighbour;
    }
  }
}

interface ReluctantSearch extends Search {
  readonly reluctant: Reluctant;
}

/**
 * `distancesTo` with reluctant nodes, into memory of the caller's. They are held back, in order of distance: what lies behind
 * them comes after all else.
 */
export function fillReluctantDistances(graph: Graph, search: ReluctantSearch): void {
  const { target, reluctant, distance, queue } = search;
  distance.fill(UNREACHED);
  distance[target] = 0;
  queue[0] = target;
  let tail = 1;
  let head = 0;
  let held: number[] = [];
  for (;;) {
    const waiting = held;
    held = [];
    let next = 0;
    while (head < tail || next < waiting.length) {
      const fromHeld =
        next < waiting.length && (head === tail || distance[waiting[next]!]! + RELUCTANCE <= distance[queue[head]!]!);
      const node = fromHeld ? waiting[next++]! : queue[head++]!;
      if (!fromHeld && node !== target && reluctant[node]) held.push(node);
      else tail = reach(graph, { node, at: distance[node]! + 1 + (fromHeld ? RELUCTANCE : 0), distance, queue, tail });
    }
    if (held.length === 0) return;
  }
}

interface Reach {
  readonly distance: Int32Array;
  readonly queue: Int32Array;
  readonly node: number;
  /** The distance of its neighbours, where they have none yet. */
  readonly at: number;
  readonly tail: number;
}

/** Queues the neighbours that were not reached yet; returns the queue's new end. */
function reach(graph: Graph, { node, at, distance, queue, tail }: Reach): number {
  let end = tail;
  for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
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
  for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
    if (distanceBy(graph, distance, arc, reluctant) === here) arcs.push(arc);
  }
  return arcs;
}

/** How far the target is by this arc; UNREACHED where it does not lead there. */
export function distanceBy(graph: Graph, distance: Int32Array, arc: number, reluctant?: Reluctant): number {
  const neighbour = graph.arcTo[arc]!;
  const there = distance[neighbour]!;
  if (there === UNREACHED) return UNREACHED;
  return there + 1 + (there > 0 && reluctant?.[neighbour] ? RELUCTANCE : 0);
}

/** A shortest-path tree: for each node the first of its next hops in order, or NO_ARC for the target and where nothing leads. */
export function treeArcs(graph: Graph, distance: Int32Array, reluctant?: Reluctant): Int32Array {
  const tree = new Int32Array(distance.length).fill(NO_ARC);
  for (let node = 0; node < distance.length; node++) {
    if (distance[node]! <= 0) continue;
    tree[node] = reluctant ? nextHopArcs(graph, distance, node, reluctant)[0]! : firstNearer(graph, distance, node);
  }
  return tree;
}

function firstNearer({ rowStart, arcTo }: Graph, distance: Int32Array, node: number): number {
  const nearer = distance[node]! - 1;
  let arc = rowStart[node]!;
  while (distance[arcTo[arc]!] !== nearer) arc++;
  return arc;
}

/**
 * Breadth-first search from 32 nodes at once, a bit for each (after Then et al., "The more the merrier", VLDB 2014): where
 * searches meet, as they soon do in a fabric, one look at an arc serves all of them.
 */
import { UNREACHED } from './bfs.ts';
import type { Graph } from './graph.ts';

const LANES = 32;

export interface Matrix {
  /** Hops between nodes x and y stand at x * stride + y, and the other way round. */
  readonly distance: Int32Array;
  /** At least as many as there are indices. */
  readonly stride: number;
}

/** Hop distances between all pairs. */
export function fillAllDistances(graph: Graph, matrix: Matrix): void {
  const nodes = graph.dpids.length;
  for (let x = 0; x < nodes; x++) matrix.distance.fill(UNREACHED, x * matrix.stride, x * matrix.stride + nodes);
  const wave = {
    seen: new Int32Array(nodes),
    arriving: new Int32Array(nodes),
    leaving: new Int32Array(nodes),
    front: new Int32Array(nodes),
    reached: new Int32Array(nodes),
  };
  for (let first = 0; first < nodes; first += LANES) searchFrom(graph, { ...matrix, wave, first });
}

/** Bits of an entry are the searches it is about. */
interface Wave {
  /** By which searches a node was reached. */
  readonly seen: Int32Array;
  /** By which a node is reached in this step. All 0 between steps. */
  readonly arriving: Int32Array;
  /** By which it was reached in the step before. */
  readonly leaving: Int32Array;
  /** The nodes with bits in `leaving`. */
  readonly front: Int32Array;
  /** The nodes with bits in `arriving`. */
  readonly reached: Int32Array;
}

interface Search extends Matrix {
  readonly wave: Wave;
  /** The node of the lowest bit; those after it follow. */
  readonly first: number;
}

function searchFrom(graph: Graph, search: Search): void {
  const { wave, first } = search;
  wave.seen.fill(0);
  let size = 0;
  for (let node = first; node < Math.min(first + LANES, graph.dpids.length); node++) {
    if (graph.dpids[node] === '') continue;
    wave.arriving[node] = 1 << (node - first);
    wave.reached[size++] = node;
  }
  for (let hops = 0; size > 0; hops++) {
    const front = arrive(search, size, hops);
    size = depart(graph, wave, front);
  }
}

/** Writes the distances of what is reached for the first time; returns how many nodes are so by any of the searches. */
function arrive({ wave, distance, stride, first }: Search, size: number, hops: number): number {
  const { seen, arriving, leaving, front, reached } = wave;
  let tail = 0;
  for (let i = 0; i < size; i++) {
    const node = reached[i]!;
    let fresh = arriving[node]! & ~seen[node]!;
    arriving[node] = 0;
    if (fresh === 0) continue;
    seen[node]! |= fresh;
    leaving[node] = fresh;
    front[tail++] = node;
    // By symmetry in the row of the node reached: the searches stand side by side there.
    const base = node * stride + first;
    for (; fresh !== 0; fresh &= fresh - 1) distance[base + 31 - Math.clz32(fresh & -fresh)] = hops;
  }
  return tail;
}

/** One step along all arcs of the front; returns how many nodes it leads to. */
function depart({ rowStart, rowEnd, arcTo }: Graph, { arriving, leaving, front, reached }: Wave, size: number): number {
  let tail = 0;
  for (let i = 0; i < size; i++) {
    const node = front[i]!;
    const bits = leaving[node]!;
    const end = rowEnd[node]!;
    for (let arc = rowStart[node]!; arc < end; arc++) {
      const neighbour = arcTo[arc]!;
      const known = arriving[neighbour]!;
      if (known === 0) reached[tail++] = neighbour;
      arriving[neighbour] = known | bits;
    }
  }
  return tail;
}

/** What paths are held against: every simple path of a small graph, looked at one by one. */
import { comparePaths } from '../paths/graph.ts';
import type { ArcPath, Graph } from '../paths/graph.ts';

/** Every path that visits no node twice, in no order. */
export function simplePaths(graph: Graph, from: number, to: number): ArcPath[] {
  const found: ArcPath[] = [];
  const visited = new Set<number>();
  const path: number[] = [];
  const walk = (node: number): void => {
    if (node === to) {
      found.push([...path]);
      return;
    }
    visited.add(node);
    for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
      if (visited.has(graph.arcTo[arc]!)) continue;
      path.push(arc);
      walk(graph.arcTo[arc]!);
      path.pop();
    }
    visited.delete(node);
  };
  walk(from);
  return found;
}

/** What each arc of a path weighs, in sum. */
export function sumOf(weights: Float64Array, path: ArcPath): number {
  return path.reduce((sum, arc) => sum + weights[arc]!, 0);
}

/** Paths that may be used, cheapest first, then in the order of paths. */
export function inOrder(paths: readonly ArcPath[], weights: Float64Array): ArcPath[] {
  const priced = paths.map((path) => ({ path, cost: sumOf(weights, path) })).filter(({ cost }) => cost < Infinity);
  return priced.sort((x, y) => x.cost - y.cost || comparePaths(x.path, y.path)).map(({ path }) => path);
}

/** The nodes that a path comes to, its beginning left out. */
export function nodesOf(graph: Graph, path: ArcPath): number[] {
  return path.map((arc) => graph.arcTo[arc]!);
}

/** True where the path passes these nodes in this order. */
export function passes(graph: Graph, path: ArcPath, via: readonly number[]): boolean {
  const nodes = nodesOf(graph, path);
  let next = 0;
  for (const node of nodes) if (node === via[next]) next++;
  return next === via.length && via.every((node) => nodes.indexOf(node) < nodes.length - 1);
}

/** Hops between any two nodes, by Floyd and Warshall; Infinity where nothing leads. */
export function hopsBetween(nodes: number, pairs: Iterable<readonly [number, number]>): number[][] {
  const all = Array.from({ length: nodes }, (_, node) => node);
  const known = all.map((x) => all.map((y) => (x === y ? 0 : Infinity)));
  for (const [x, y] of pairs) known[x]![y] = known[y]![x] = 1;
  for (const via of all)
    for (const row of known)
      for (const y of all) if (row[via]! + known[via]![y]! < row[y]!) row[y] = row[via]! + known[via]![y]!;
  return known;
}

/** Weights that look random and are the same each time: whole numbers from 1 to `most`. */
export function weightsOf(graph: Graph, seed: number, most: number): Float64Array {
  return Float64Array.from(
    graph.arcTo,
    (_, arc) => 1 + ((Math.imul(arc + 1, Math.imul(seed, 0x9e3779b1) | 1) >>> 8) % most),
  );
}

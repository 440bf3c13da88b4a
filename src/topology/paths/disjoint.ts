/**
 * Two paths that share as little as can be, by the method of Suurballe and Tarjan (Networks 14(2), 1984): the cheapest path, then
 * the cheapest way to change it into two. What the first path uses may be used again, at a price that outweighs all costs, so that the
 * pair is maximally disjoint where a disjoint one does not exist.
 */
import { costsTo } from './dijkstra.ts';
import type { ArcWeights } from './dijkstra.ts';
import { comparePaths, tailOf } from './graph.ts';
import type { ArcPath, Graph } from './graph.ts';
import type { PathProblem } from './plan.ts';
import { changeToTwo } from './residual.ts';
import type { FirstPath } from './residual.ts';
import { kShortestPaths } from './yen.ts';

export interface DisjointProblem {
  readonly graph: Graph;
  readonly from: number;
  readonly to: number;
  /** At least 1 each; Infinity where an arc may not be used. */
  readonly weights: ArcWeights;
  /** What the two should not share; the ends count for nothing. Paths that share no node but the ends share no link. */
  readonly by: 'links' | 'nodes';
}

export interface DisjointPair {
  /** The cheaper first. One path twice where there is no other. */
  readonly paths: readonly [ArcPath, ArcPath];
  /** Indices of links on both; as few as can be. */
  readonly sharedLinks: readonly number[];
  /** Nodes on both, without the ends and waypoints, in the order of the first path; by nodes as few as can be. */
  readonly sharedNodes: readonly number[];
}

/**
 * The pair that shares the fewest links (or the fewest nodes, and of such pairs the fewest links), and costs the least of those.
 * Undefined where no path leads to the end.
 */
export function disjointPair(problem: DisjointProblem): DisjointPair | undefined {
  const { graph, from, to, weights, by } = problem;
  const [path] = kShortestPaths({ graph, from, to, weights }, { k: 1 }).paths;
  if (!path) return undefined;
  if (from === to) return { paths: [[], []], sharedLinks: [], sharedNodes: [] };
  const potential = costsTo(graph, { target: to, weights }).cost;
  const first: FirstPath = { graph, from, to, path, reduced: (arc) => reducedCost(graph, arc, { weights, potential }) };
  const uses = new Map(path.map((arc) => [arc, 1]));
  for (const { arc, isUndone } of changeToTwo(first, by)) uses.set(arc, (uses.get(arc) ?? 0) + (isUndone ? -1 : 1));
  return pairOf(problem, [walk(problem, uses), walk(problem, uses)]);
}

/** Two paths as a pair. Waypoints are passed by both, so they are not shared either. */
export function pairOf(
  { graph, to, weights, via = [] }: Pick<PathProblem, 'graph' | 'to' | 'weights' | 'via'>,
  [x, y]: readonly [ArcPath, ArcPath],
): DisjointPair {
  const order = costOf(weights, x) - costOf(weights, y) || comparePaths(x, y);
  const [first, second] = order <= 0 ? [x, y] : [y, x];
  const links = new Set(second.map((arc) => graph.arcLink[arc]!));
  const nodes = new Set(second.map((arc) => graph.arcTo[arc]!));
  for (const node of [to, ...via]) nodes.delete(node);
  return {
    paths: [first, second],
    sharedLinks: first.map((arc) => graph.arcLink[arc]!).filter((link) => links.has(link)),
    sharedNodes: first.map((arc) => graph.arcTo[arc]!).filter((node) => nodes.has(node)),
  };
}

/** What each arc of a path weighs, in sum. */
export function costOf(weights: ArcWeights, path: ArcPath): number {
  return path.reduce((sum, arc) => sum + weights[arc]!, 0);
}

/** What an arc costs more than the cheapest way from where it begins: never negative, and 0 along cheapest ways. */
function reducedCost(
  graph: Graph,
  arc: number,
  { weights, potential }: { readonly weights: ArcWeights; readonly potential: Float64Array },
): number {
  const head = potential[graph.arcTo[arc]!]!;
  // Behind a node that does not lead to the end there is nothing, and Infinity less Infinity would be no number.
  if (head === Infinity) return Infinity;
  return weights[arc]! + head - potential[tailOf(graph, arc)]!;
}

/** Takes one path out of the arcs' uses. Together they hold no circle, since that would cost something for nothing. */
function walk({ graph, from, to }: DisjointProblem, uses: Map<number, number>): ArcPath {
  const path: number[] = [];
  for (let node = from; node !== to;) {
    let arc = graph.rowStart[node]!;
    while (!uses.get(arc)) arc++;
    uses.set(arc, uses.get(arc)! - 1);
    path.push(arc);
    node = graph.arcTo[arc]!;
  }
  return path;
}

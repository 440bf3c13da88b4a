/** What pairs of paths are held against: any two of the paths there are, one of them twice among these. */
import type { DisjointPair } from '../paths/disjoint.ts';
import { comparePaths } from '../paths/graph.ts';
import type { ArcPath } from '../paths/graph.ts';
import type { PathProblem } from '../paths/plan.ts';
import { nodesOf, sumOf } from './brute-force.ts';

export interface PairProblem extends PathProblem {
  readonly by: 'links' | 'nodes';
}

/** Nodes shared (by nodes only), links shared and the cost of both: the less the better, in this order. */
export type Score = readonly [nodes: number, links: number, cost: number];

/** Of the best pair of these paths; undefined where there are none. Links and nodes are bits: there may be 31 of each. */
export function bestScore({ graph, weights, via = [], by }: PairProblem, paths: readonly ArcPath[]): Score | undefined {
  const known = paths.map((path) => ({
    cost: sumOf(weights, path),
    links: bits(path.map((arc) => graph.arcLink[arc]!)),
    nodes: by === 'nodes' ? bits(betweenOf(graph, path, via)) : 0,
  }));
  const best: [number, number, number] = [Infinity, Infinity, Infinity];
  for (let i = 0; i < known.length; i++) {
    for (let j = i; j < known.length; j++) {
      const [x, y] = [known[i]!, known[j]!];
      const [nodes, links, cost] = [count(x.nodes & y.nodes), count(x.links & y.links), x.cost + y.cost];
      if ((nodes - best[0] || links - best[1] || cost - best[2]) >= 0) continue;
      best[0] = nodes;
      best[1] = links;
      best[2] = cost;
    }
  }
  return known.length > 0 ? best : undefined;
}

/** Of a pair that was found; throws where it is no two of these paths, or does not share what it says. */
export function scoreOfPair(
  { graph, weights, via = [], by }: PairProblem,
  pair: DisjointPair,
  paths: readonly ArcPath[],
): Score {
  const [x, y] = pair.paths;
  for (const path of [x, y])
    if (!paths.some((known) => comparePaths(known, path) === 0)) throw new Error(`${path.join()} is no such path`);
  const links = x.map((arc) => graph.arcLink[arc]!);
  const shared = links.filter((link) => y.some((arc) => graph.arcLink[arc] === link));
  const others = betweenOf(graph, y, via);
  const nodes = betweenOf(graph, x, via).filter((node) => others.includes(node));
  const said = `${pair.sharedLinks.join()} and ${pair.sharedNodes.join()}`;
  if (said !== `${shared.join()} and ${nodes.join()}`)
    throw new Error(`${x.join()} and ${y.join()} do not share ${said}`);
  return [by === 'nodes' ? nodes.length : 0, shared.length, sumOf(weights, x) + sumOf(weights, y)];
}

function betweenOf(graph: PathProblem['graph'], path: ArcPath, via: readonly number[]): number[] {
  return nodesOf(graph, path)
    .slice(0, -1)
    .filter((node) => !via.includes(node));
}

function bits(numbers: readonly number[]): number {
  return numbers.reduce((set, number) => set | (1 << number), 0);
}

function count(set: number): number {
  let found = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) found++;
  return found;
}

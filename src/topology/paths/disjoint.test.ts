import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder, nodesOf, simplePaths, sumOf, weightsOf } from '../testing/brute-force.ts';
import { arbitraryConnectedGraph, arbitraryGraph, connectedGraphs, graphOf } from '../testing/graphs.ts';
import { disjointPair } from './disjoint.ts';
import type { DisjointProblem } from './disjoint.ts';
import { buildGraph } from './graph.ts';
import type { ArcPath, Graph } from './graph.ts';

/** Nodes shared (by nodes only), links shared and the cost of both: the less the better, in this order. */
type Score = readonly [number, number, number];

/** The best of all pairs, one path twice among them. */
function bruteForce({ graph, from, to, weights, by }: DisjointProblem): Score | undefined {
  const paths = inOrder(simplePaths(graph, from, to), weights).map((path) => ({
    cost: sumOf(weights, path),
    links: bits(path.map((arc) => graph.arcLink[arc]!)),
    nodes: by === 'nodes' ? bits(nodesOf(graph, path).slice(0, -1)) : 0,
  }));
  const best: [number, number, number] = [Infinity, Infinity, Infinity];
  for (let i = 0; i < paths.length; i++) {
    for (let j = i; j < paths.length; j++) {
      const [x, y] = [paths[i]!, paths[j]!];
      const [nodes, links, cost] = [count(x.nodes & y.nodes), count(x.links & y.links), x.cost + y.cost];
      if ((nodes - best[0] || links - best[1] || cost - best[2]) >= 0) continue;
      best[0] = nodes;
      best[1] = links;
      best[2] = cost;
    }
  }
  return paths.length > 0 ? best : undefined;
}

function bits(numbers: readonly number[]): number {
  return numbers.reduce((set, number) => set | (1 << number), 0);
}

function count(set: number): number {
  let found = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) found++;
  return found;
}

/** The score of the pair found, once it is known to be two paths that share what it says. */
function scoreOf(problem: DisjointProblem): Score | undefined {
  const { graph, weights, by } = problem;
  const pair = disjointPair(problem);
  if (!pair) return undefined;
  const [x, y] = pair.paths;
  for (const path of pair.paths) expectSimple(problem, path);
  const links = x.map((arc) => graph.arcLink[arc]!);
  const shared = y.map((arc) => graph.arcLink[arc]!).filter((link) => links.includes(link));
  const inner = nodesOf(graph, x).slice(0, -1);
  const sharedNodes = nodesOf(graph, y).filter((node) => inner.includes(node));
  if (shared.length !== pair.sharedLinks.length || sharedNodes.length !== pair.sharedNodes.length)
    expect([pair.sharedLinks, pair.sharedNodes]).toEqual([shared, sharedNodes]);
  return [by === 'nodes' ? sharedNodes.length : 0, shared.length, sumOf(weights, x) + sumOf(weights, y)];
}

function expectSimple({ graph, from, to }: DisjointProblem, path: ArcPath): void {
  const nodes = [from, ...nodesOf(graph, path)];
  const joined = path.every((arc, index) => graph.arcTo[graph.arcBack[arc]!] === nodes[index]);
  if (!joined || new Set(nodes).size !== nodes.length || nodes.at(-1) !== to) expect(nodes).toBe('a simple path');
}

function expectBest(problem: DisjointProblem): void {
  const found = scoreOf(problem);
  const known = bruteForce(problem);
  if (found?.join() !== known?.join()) expect(found).toEqual(known);
}

describe('a pair of disjoint paths', () => {
  it('is the best of all pairs on every connected graph of up to six nodes', () => {
    let seed = 0;
    for (const { dpids, links } of connectedGraphs(6)) {
      const graph = buildGraph(dpids, links);
      seed++;
      const weights = weightsOf(graph, seed, [1, 3, 9, 1000][seed % 4]!);
      for (const by of ['links', 'nodes'] as const) expectBest({ graph, from: 0, to: dpids.length - 1, weights, by });
    }
  });

  it.each([
    ['of up to nine nodes', arbitraryGraph(9, 14), 1_000],
    ['of eight to twelve nodes', arbitraryConnectedGraph(10), 500],
  ])('is so on graphs %s with parallel links and closed arcs', (_which, graphs, numRuns) => {
    const cases = graphs.chain((graph) =>
      fc.record({
        graph: fc.constant(graph),
        to: fc.nat(graph.dpids.length - 1),
        by: fc.constantFrom('links' as const, 'nodes' as const),
        seed: fc.nat(1000),
        most: fc.constantFrom(1, 3, 1000),
        closed: fc.array(fc.nat(27), { maxLength: 3 }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ graph: { dpids, links }, to, by, seed, most, closed }) => {
        const graph = buildGraph(dpids, links);
        const weights = weightsOf(graph, seed, most);
        for (const arc of closed) if (arc < weights.length) weights[arc] = Infinity;
        expectBest({ graph, from: 0, to, weights, by });
      }),
      { numRuns, seed: 1 },
    );
  });

  it('changes the cheapest path where that stands in the way', () => {
    // The cheapest path 0-1-2-3 crosses both ways: neither side alone has another that leaves it alone.
    const graph = trap();
    const weights = new Float64Array(graph.arcTo.length).fill(10);
    for (let arc = 0; arc < weights.length; arc++) {
      const ends = [graph.arcTo[arc]!, graph.arcTo[graph.arcBack[arc]!]!].sort((x, y) => x - y).join();
      if (['0,1', '1,2', '2,3'].includes(ends)) weights[arc] = 1;
    }
    const pair = disjointPair({ graph, from: 0, to: 3, weights, by: 'links' })!;
    expect(pair.paths.map((path) => nodesOf(graph, path))).toEqual([
      [1, 5, 3],
      [4, 2, 3],
    ]);
    expect([pair.sharedLinks, pair.sharedNodes]).toEqual([[], []]);
  });

  it('is one path twice, and says what is shared, where there is only one', () => {
    const { dpids, links } = graphOf(3, [
      [0, 1],
      [1, 2],
    ]);
    const graph = buildGraph(dpids, links);
    const weights = new Float64Array(4).fill(1);
    const pair = disjointPair({ graph, from: 0, to: 2, weights, by: 'nodes' })!;
    expect(pair).toEqual({ paths: [pair.paths[0], pair.paths[0]], sharedLinks: [0, 1], sharedNodes: [1] });
  });

  it('is none where nothing leads', () => {
    const graph = buildGraph(graphOf(2, []).dpids, []);
    expect(disjointPair({ graph, from: 0, to: 1, weights: new Float64Array(0), by: 'links' })).toBeUndefined();
  });
});

function trap(): Graph {
  const { dpids, links } = graphOf(6, [
    [0, 1],
    [1, 2],
    [2, 3],
    [0, 4],
    [4, 2],
    [1, 5],
    [5, 3],
  ]);
  return buildGraph(dpids, links);
}

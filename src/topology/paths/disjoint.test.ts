import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder, nodesOf, simplePaths, weightsOf } from '../testing/brute-force.ts';
import { arbitraryConnectedGraph, arbitraryGraph, connectedGraphs, graphOf } from '../testing/graphs.ts';
import { bestScore, scoreOfPair } from '../testing/pairs.ts';
import { disjointPair } from './disjoint.ts';
import type { DisjointProblem } from './disjoint.ts';
import { buildGraph } from './graph.ts';
import type { Graph } from './graph.ts';

function expectBest(problem: DisjointProblem): void {
  const paths = inOrder(simplePaths(problem.graph, problem.from, problem.to), problem.weights);
  const pair = disjointPair(problem);
  const found = pair && scoreOfPair(problem, pair, paths);
  const known = bestScore(problem, paths);
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

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder, passes, simplePaths, sumOf, weightsOf } from '../testing/brute-force.ts';
import {
  arbitraryConnectedGraph,
  arbitraryGraph,
  connectedGraphs,
  fatTree,
  graphOf,
  gridOf,
} from '../testing/graphs.ts';
import type { TestGraph } from '../testing/graphs.ts';
import { bestScore, scoreOfPair } from '../testing/pairs.ts';
import { constrainedPair } from './constrained-pair.ts';
import { costsTo } from './dijkstra.ts';
import { disjointPair } from './disjoint.ts';
import { buildGraph } from './graph.ts';

/** Far more than any of these needs. */
const MUCH_WORK = 1e9;

/** Chosen by a number: it is the number that is tried for every graph. */
interface Choice {
  readonly seed: number;
  readonly via: readonly number[];
  readonly to: number;
  readonly by: 'links' | 'nodes';
}

function expectBestOf({ dpids, links }: TestGraph, { seed, via, to, by }: Choice): void {
  const graph = buildGraph(dpids, links);
  const weights = weightsOf(graph, seed, [1, 3, 1000][seed % 3]!);
  const of = weightsOf(graph, seed + 1, 9);
  const passing = simplePaths(graph, 0, to).filter((path) => passes(graph, path, via));
  // From a bound that rules out all to one that rules out nothing.
  const limit = Math.min(...passing.map((path) => sumOf(of, path)), 99) - 1 + (seed % 17);
  const isBound = seed % 4 > 0 || via.length === 0;
  const paths = inOrder(
    passing.filter((path) => !isBound || sumOf(of, path) <= limit),
    weights,
  );
  const problem = { graph, from: 0, to, weights, via, by, ...(isBound && { delay: { of, limit } }) };
  const { pair, complete } = constrainedPair(problem, MUCH_WORK);
  const found = pair && scoreOfPair(problem, pair, paths);
  const known = bestScore(problem, paths);
  if (!complete || found?.join() !== known?.join()) expect(found).toEqual(known);
}

describe('a pair of paths with waypoints and a bound on delay', () => {
  it('is the best of all pairs that hold to them, on every connected graph of up to six nodes', () => {
    let seed = 0;
    for (const graph of connectedGraphs(6)) {
      const to = graph.dpids.length - 1;
      seed++;
      // Where all graphs are tried it is no matter which of the nodes these are.
      const via = [[], [1], [2, 1], [1, 2, 3]][(seed >> 1) % 4]!.filter((node) => node < to);
      expectBestOf(graph, { seed, via, to, by: seed % 2 === 0 ? 'links' : 'nodes' });
    }
  }, 60_000);

  it.each([
    ['of up to nine nodes with parallel links', arbitraryGraph(9, 14)],
    ['of eight to twelve nodes', arbitraryConnectedGraph(9)],
  ])('is so on graphs %s', (_which, graphs) => {
    const cases = graphs.chain((graph) => {
      const others = graph.dpids.map((_, node) => node).slice(1);
      const chosen = fc.shuffledSubarray(others, { maxLength: Math.min(4, others.length) });
      return fc.tuple(fc.constant(graph), chosen, fc.nat(1000), fc.constantFrom('links' as const, 'nodes' as const));
    });
    fc.assert(
      fc.property(cases, ([graph, [to = 0, ...via], seed, by]) => expectBestOf(graph, { seed, via, to, by })),
      { numRuns: 600, seed: 1 },
    );
  });

  it('is that without constraints where they rule out nothing', () => {
    const { dpids, links } = gridOf(5, 5);
    const graph = buildGraph(dpids, links);
    const weights = weightsOf(graph, 7, 100);
    const delay = { of: weights, limit: 1e6 };
    for (const by of ['links', 'nodes'] as const) {
      const problem = { graph, from: 0, to: 24, weights, by };
      expect(constrainedPair({ ...problem, delay })).toEqual({ pair: disjointPair(problem), complete: true });
    }
  });

  it('leaves the cheapest pair where that takes too long, and shares what it must', () => {
    // From 0 to 3: by 1 and by 2 it is quick, by 4 slow.
    const { dpids, links } = graphOf(5, [
      [0, 1],
      [1, 3],
      [0, 2],
      [2, 3],
      [0, 4],
      [4, 3],
    ]);
    const graph = buildGraph(dpids, links);
    const by = (node: number) => (arc: number) => [graph.arcTo[arc], graph.arcTo[graph.arcBack[arc]!]].includes(node);
    const weights = Float64Array.from(graph.arcTo, (_, arc) => (by(2)(arc) ? 10 : 1));
    const of = Float64Array.from(graph.arcTo, (_, arc) => (by(4)(arc) ? 9 : 1));
    const routes = (limit: number) => {
      const { pair } = constrainedPair({ graph, from: 0, to: 3, weights, delay: { of, limit }, by: 'links' });
      return pair?.paths.map((path) => path.map((arc) => graph.arcTo[arc]!).join());
    };
    expect(routes(18)).toEqual(['1,3', '4,3']);
    expect(routes(17)).toEqual(['1,3', '2,3']);
    expect(routes(1)).toBeUndefined();
  });

  it('does not count the waypoints that both must pass', () => {
    const bowTie = graphOf(5, [
      [0, 1],
      [0, 2],
      [1, 2],
      [2, 3],
      [2, 4],
      [3, 4],
    ]);
    const graph = buildGraph(bowTie.dpids, bowTie.links);
    const weights = new Float64Array(graph.arcTo.length).fill(1);
    const { pair } = constrainedPair({ graph, from: 0, to: 4, weights, via: [2], by: 'nodes' });
    expect([pair?.sharedLinks, pair?.sharedNodes]).toEqual([[], []]);
  });

  it('is of no steps from a node to itself', () => {
    const graph = buildGraph(gridOf(2, 2).dpids, gridOf(2, 2).links);
    const weights = new Float64Array(graph.arcTo.length).fill(1);
    const problem = { graph, from: 1, to: 1, weights, delay: { of: weights, limit: 0 }, by: 'links' as const };
    expect(constrainedPair(problem).pair?.paths).toEqual([[], []]);
  });
});

describe('the search for such a pair', () => {
  it('is given up when the work is too much, with what was found', () => {
    const { dpids, links } = gridOf(6, 6);
    const graph = buildGraph(dpids, links);
    const weights = new Float64Array(graph.arcTo.length).fill(1);
    // A corner cannot be passed by two paths that share nothing, but who tells that to the search.
    const problem = { graph, from: 14, to: 27, weights, via: [0], by: 'links' as const };
    const { pair, complete } = constrainedPair(problem, 20_000);
    expect([pair?.sharedLinks.length, complete]).toEqual([2, false]);
    // Less than each of its stages takes by itself.
    expect(constrainedPair(problem, 200)).toEqual({ pair: undefined, complete: false });
  });

  it('is given up where sums would not be exact', () => {
    const { dpids, links } = gridOf(3, 3);
    const graph = buildGraph(dpids, links);
    const weights = new Float64Array(graph.arcTo.length).fill(2 ** 49);
    const problem = { graph, from: 1, to: 8, weights, via: [0], by: 'nodes' as const };
    const { pair, complete } = constrainedPair(problem);
    expect([pair?.paths.length, complete]).toEqual([2, false]);
  });

  it('ends in time in a grid of sixteen by way of one or two, and in one of thirty-six within a delay', () => {
    for (let seed = 0; seed < 40; seed++) {
      const isBound = seed % 2 === 0;
      const { dpids, links } = isBound ? gridOf(6, 6) : gridOf(4, 4);
      const graph = buildGraph(dpids, links);
      const weights = weightsOf(graph, seed, seed % 4 < 2 ? 1 : 1000);
      const of = weightsOf(graph, seed + 1, 1000);
      const nodes = fc.shuffledSubarray([...dpids.keys()], { minLength: 4, maxLength: 4 });
      const [from = 0, to = 0, ...two] = fc.sample(nodes, { seed, numRuns: 1 })[0]!;
      const least = costsTo(graph, { target: to, weights: of }).cost[from]!;
      const constraint = isBound ? { delay: { of, limit: 1.5 * least } } : { via: two.slice(seed % 8 < 4 ? 1 : 0) };
      const by = seed % 3 === 0 ? 'nodes' : 'links';
      expect(constrainedPair({ graph, from, to, weights, by, ...constraint }).complete).toBe(true);
    }
  });

  it('takes little work in a fabric', () => {
    const { dpids, links } = fatTree(8);
    const graph = buildGraph(dpids, links);
    const weights = new Float64Array(graph.arcTo.length).fill(1);
    const [from, to, via] = [0, 25, 70];
    const { pair, complete } = constrainedPair({ graph, from, to, weights, via: [via], by: 'links' });
    // Only one link leads from each pod to a core switch: the second path comes and goes by other pods.
    expect([pair?.paths.map((path) => path.length), pair?.sharedLinks, complete]).toEqual([[4, 12], [], true]);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodesOf, simplePaths, sumOf, weightsOf } from '../testing/brute-force.ts';
import { arbitraryConnectedGraph, arbitraryGraph, connectedGraphs } from '../testing/graphs.ts';
import type { TestGraph } from '../testing/graphs.ts';
import { cheapestArcs, costsTo } from './dijkstra.ts';
import type { ArcWeights } from './dijkstra.ts';
import { buildGraph } from './graph.ts';
import type { ArcPath } from './graph.ts';

describe('costs to a target', () => {
  it('are those of the cheapest simple path, with all arcs that begin one, on every connected graph of up to six nodes', () => {
    let seed = 0;
    // Nothing but ties, then many or hardly any.
    for (const graph of connectedGraphs(6)) expectCosts(graph, { seed: ++seed, mosts: [1, seed % 2 === 0 ? 3 : 100] });
  });

  it('are so on graphs of eight to twelve nodes', () => {
    const cases = fc.tuple(arbitraryConnectedGraph(10), fc.nat(1000), fc.constantFrom(1, 3, 100));
    fc.assert(
      fc.property(cases, ([graph, seed, most]) => expectCosts(graph, { seed, mosts: [most] })),
      { numRuns: 300, seed: 1 },
    );
  });

  it('are so on larger graphs with parallel links and closed arcs', () => {
    const cases = fc.tuple(arbitraryGraph(8, 13), fc.nat(1000), fc.constantFrom(1, 3, 100), fc.array(fc.nat(25)));
    fc.assert(fc.property(cases, ([graph, seed, most, closed]) => expectCosts(graph, { seed, mosts: [most], closed })));
  });

  it('go through no blocked node, but begin at one', () => {
    fc.assert(
      fc.property(arbitraryGraph(7, 11), fc.nat(1000), fc.nat(127), ({ dpids, links }, seed, set) => {
        const graph = buildGraph(dpids, links);
        const weights = weightsOf(graph, seed, 9);
        const blocked = Uint8Array.from(dpids, (_, node) => (set >> node) & 1);
        const { cost } = costsTo(graph, { target: 0, weights, blocked });
        for (const node of dpids.keys()) {
          const open = simplePaths(graph, node, 0).filter((path) =>
            nodesOf(graph, path).every((passed) => passed === 0 || !blocked[passed]),
          );
          expect(cost[node]).toBe(leastOf(open, weights));
        }
      }),
    );
  });

  it('may be nothing', () => {
    const { dpids, links } = { dpids: ['a', 'b'], links: [{ a: { dpid: 'a', port: 1 }, b: { dpid: 'b', port: 1 } }] };
    const { cost } = costsTo(buildGraph(dpids, links), { target: 0, weights: Float64Array.of(0, 0) });
    expect([...cost]).toEqual([0, 0]);
  });
});

interface Weighing {
  readonly seed: number;
  /** The heaviest weight, for each weighting to be tried. */
  readonly mosts: readonly number[];
  readonly closed?: readonly number[];
}

function expectCosts({ dpids, links }: TestGraph, { seed, mosts, closed = [] }: Weighing): void {
  const graph = buildGraph(dpids, links);
  const target = dpids.length - 1;
  const paths = dpids.map((_, node) => simplePaths(graph, node, target));
  for (const most of mosts) {
    const weights = weightsOf(graph, seed, most);
    for (const arc of closed) if (arc < weights.length) weights[arc] = Infinity;
    const tree = costsTo(graph, { target, weights });
    for (const node of dpids.keys()) {
      const found = [tree.cost[node], tree.hops[node], ...cheapestArcs(graph, tree, weights, node)];
      const known = bestOf(paths[node]!, weights);
      if (found.join() !== known.join()) expect(found).toEqual(known);
    }
  }
}

/** The least cost, the fewest arcs of a path that costs so, and the arcs that begin one. */
function bestOf(paths: readonly ArcPath[], weights: ArcWeights): number[] {
  const least = leastOf(paths, weights);
  const best = least === Infinity ? [] : paths.filter((path) => sumOf(weights, path) === least);
  const hops = best.length > 0 ? Math.min(...best.map((path) => path.length)) : 0;
  return [least, hops, ...[...new Set(best.flatMap((path) => path.slice(0, 1)))].sort((x, y) => x - y)];
}

function leastOf(paths: readonly ArcPath[], weights: ArcWeights): number {
  return Math.min(...paths.map((path) => sumOf(weights, path)));
}

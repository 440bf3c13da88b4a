import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodesOf, simplePaths, sumOf, weightsOf } from '../testing/brute-force.ts';
import { arbitraryGraph, connectedGraphs } from '../testing/graphs.ts';
import type { TestGraph } from '../testing/graphs.ts';
import { cheapestArcs, costsTo } from './dijkstra.ts';
import type { ArcWeights } from './dijkstra.ts';
import { buildGraph } from './graph.ts';
import type { ArcPath } from './graph.ts';

describe('costs to a target', () => {
  it('are those of the cheapest simple path, with all arcs that begin one, on every connected graph of up to five nodes', () => {
    for (const graph of connectedGraphs(5)) {
      for (const most of [1, 3, 100]) expectCosts(graph, { seed: graph.links.length, most });
    }
  });

  it('are so on larger graphs with parallel links and closed arcs', () => {
    const cases = fc.tuple(arbitraryGraph(8, 13), fc.nat(1000), fc.constantFrom(1, 3, 100), fc.array(fc.nat(25)));
    fc.assert(fc.property(cases, ([graph, seed, most, closed]) => expectCosts(graph, { seed, most, closed })));
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
  readonly most: number;
  readonly closed?: readonly number[];
}

function expectCosts({ dpids, links }: TestGraph, { seed, most, closed = [] }: Weighing): void {
  const graph = buildGraph(dpids, links);
  const weights = weightsOf(graph, seed, most);
  for (const arc of closed) if (arc < weights.length) weights[arc] = Infinity;
  const target = dpids.length - 1;
  const tree = costsTo(graph, { target, weights });
  for (const node of dpids.keys()) {
    const paths = simplePaths(graph, node, target);
    const least = leastOf(paths, weights);
    const best = least === Infinity ? [] : paths.filter((path) => sumOf(weights, path) === least);
    const hops = best.length > 0 ? Math.min(...best.map((path) => path.length)) : 0;
    const first = [...new Set(best.flatMap((path) => path.slice(0, 1)))].sort((x, y) => x - y);
    const found = [tree.cost[node], tree.hops[node], ...cheapestArcs(graph, tree, weights, node)];
    const known = [least, hops, ...first];
    if (found.join() !== known.join()) expect(found).toEqual(known);
  }
}

function leastOf(paths: readonly ArcPath[], weights: ArcWeights): number {
  return Math.min(...paths.map((path) => sumOf(weights, path)));
}

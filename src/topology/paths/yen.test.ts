import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder, simplePaths, weightsOf } from '../testing/brute-force.ts';
import {
  arbitraryConnectedGraph,
  arbitraryGraph,
  connectedGraphs,
  fatTree,
  graphOf,
  gridOf,
} from '../testing/graphs.ts';
import { buildGraph } from './graph.ts';
import { kShortestPaths } from './yen.ts';

/** More than there are simple paths in any graph used here. */
const ALL = 10_000;

describe('k shortest paths', () => {
  it('are all simple paths, in order of cost, on every connected graph of up to six nodes, by hops and by weights', () => {
    let seed = 0;
    for (const { dpids, links } of connectedGraphs(6)) {
      seed++;
      const graph = buildGraph(dpids, links);
      const to = dpids.length - 1;
      const all = simplePaths(graph, 0, to);
      // Nothing but ties, then many or hardly any.
      for (const most of [1, seed % 2 === 0 ? 3 : 1000]) {
        const weights = weightsOf(graph, seed, most);
        const { paths, complete } = kShortestPaths({ graph, from: 0, to, weights }, { k: ALL });
        const known = inOrder(all, weights);
        if (!complete || paths.join(';') !== known.join(';')) expect(paths).toEqual(known);
      }
    }
  });

  it('are those of eight to twelve nodes, too', () => {
    const cases = fc.tuple(arbitraryConnectedGraph(12), fc.nat(1000), fc.constantFrom(1, 3, 1000), fc.nat(20));
    fc.assert(
      fc.property(cases, ([{ dpids, links }, seed, most, k]) => {
        const graph = buildGraph(dpids, links);
        const weights = weightsOf(graph, seed, most);
        const to = dpids.length - 1;
        const { paths } = kShortestPaths({ graph, from: 0, to, weights }, { k: k + 1 });
        expect(paths).toEqual(inOrder(simplePaths(graph, 0, to), weights).slice(0, k + 1));
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('are the first k of all simple paths, in order of cost, on larger graphs with parallel links and closed arcs', () => {
    const cases = arbitraryGraph(8, 13).chain((graph) => {
      const node = fc.nat(graph.dpids.length - 1);
      return fc.record({
        graph: fc.constant(graph),
        from: node,
        to: node,
        k: fc.integer({ min: 1, max: 16 }),
        seed: fc.nat(1000),
        most: fc.constantFrom(1, 2, 3, 1000),
        closed: fc.array(fc.nat(25), { maxLength: 4 }),
      });
    });
    fc.assert(
      fc.property(cases, ({ graph: { dpids, links }, from, to, k, seed, most, closed }) => {
        const graph = buildGraph(dpids, links);
        const weights = weightsOf(graph, seed, most);
        for (const arc of closed) if (arc < weights.length) weights[arc] = Infinity;
        const { paths, complete } = kShortestPaths({ graph, from, to, weights }, { k });
        expect(paths).toEqual(inOrder(simplePaths(graph, from, to), weights).slice(0, k));
        expect(complete).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('are one path without a step from a switch to itself, and none that passes another', () => {
    const { dpids, links } = graphOf(2, [[0, 1]]);
    const graph = buildGraph(dpids, links);
    const problem = { graph, from: 0, to: 0, weights: Float64Array.of(1, 1) };
    expect(kShortestPaths(problem, { k: 3 })).toEqual({ paths: [[]], complete: true });
    expect(kShortestPaths({ ...problem, via: [1] }, { k: 3 })).toEqual({ paths: [], complete: true });
  });

  it('are none where nothing leads', () => {
    const { dpids, links } = graphOf(3, [[0, 1]]);
    const problem = { graph: buildGraph(dpids, links), from: 0, to: 2, weights: Float64Array.of(1, 1) };
    expect(kShortestPaths(problem, { k: 3 })).toEqual({ paths: [], complete: true });
  });

  it('take little work in fabrics and grids', () => {
    for (const { dpids, links } of [fatTree(12), gridOf(20, 20)]) {
      const graph = buildGraph(dpids, links);
      const weights = new Float64Array(graph.arcTo.length).fill(1);
      const to = dpids.length - 1;
      for (const from of [0, 1, dpids.length >> 1]) {
        const { paths, complete } = kShortestPaths({ graph, from, to, weights }, { k: 16, maxWork: 100_000 });
        expect([paths.length, complete]).toEqual([16, true]);
      }
    }
  });
});

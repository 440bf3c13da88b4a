import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hopsBetween } from '../testing/brute-force.ts';
import { arbitraryConnectedGraph, arbitraryGraph, shapes } from '../testing/graphs.ts';
import type { TestGraph } from '../testing/graphs.ts';
import { UNREACHED } from './bfs.ts';
import { fillAllDistances } from './bit-parallel.ts';
import { buildGraph, tailOf } from './graph.ts';

/** What stands in the matrix where nothing should be written. */
const UNTOUCHED = 99;

describe('searches from all nodes at once', () => {
  // On every connected graph, however its nodes are called, graph.test.ts holds them against searches from one node.
  it('find the distances of Floyd and Warshall on every shape of up to six nodes', () => {
    for (const graph of shapes(6)) expectDistances(graph);
  });

  it.each<[string, fc.Arbitrary<TestGraph>, number]>([
    ['eight to twelve nodes', arbitraryConnectedGraph(20), 200],
    // Several waves, the last of them not full, and parts that are not joined.
    ['up to a hundred nodes', arbitraryGraph(100, 140), 40],
  ])('find them on graphs of %s', (_which, graphs, numRuns) => {
    fc.assert(fc.property(graphs, expectDistances), { numRuns, seed: 1 });
  });
});

function expectDistances({ dpids, links }: TestGraph): void {
  const graph = buildGraph(dpids, links);
  const stride = dpids.length + 2;
  const distance = new Int32Array(stride * dpids.length).fill(UNTOUCHED);
  fillAllDistances(graph, { distance, stride });
  const ends = [...graph.arcTo].map((to, arc): [number, number] => [tailOf(graph, arc), to]);
  const known = hopsBetween(dpids.length, ends).flatMap((row) => [...row, UNTOUCHED, UNTOUCHED]);
  const wrong = known.findIndex((hops, at) => (hops === Infinity ? UNREACHED : hops) !== distance[at]);
  if (wrong >= 0) expect([...distance]).toEqual(known);
}

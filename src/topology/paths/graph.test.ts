import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hopsBetween } from '../testing/brute-force.ts';
import { allGraphs, arbitraryGraph, connectedGraphs, dpidOf, graphOf, shapes } from '../testing/graphs.ts';
import type { TestGraph, TestLink } from '../testing/graphs.ts';
import { distancesTo, nextHopArcs, NO_ARC, RELUCTANCE, treeArcs, UNREACHED } from './bfs.ts';
import { fillAllDistances } from './bit-parallel.ts';
import { buildGraph, comparePaths, tailOf } from './graph.ts';
import type { Graph } from './graph.ts';

describe('buildGraph', () => {
  it('lists the arcs of each node by neighbour, then by port', () => {
    const { dpids, links } = graphOf(3, [
      [0, 2],
      [0, 1],
      [0, 1],
    ]);
    const graph = buildGraph(dpids, links);
    expect([...graph.rowStart]).toEqual([0, 3, 5, 6]);
    expect([...graph.arcTo]).toEqual([1, 1, 2, 0, 0, 0]);
    expect([...graph.arcPort]).toEqual([2, 3, 1, 1, 2, 1]);
    expect([...graph.arcInPort]).toEqual([1, 2, 1, 2, 3, 1]);
    expect([...graph.arcBack]).toEqual([3, 4, 5, 0, 1, 2]);
    expect([...graph.arcLink]).toEqual([0, 1, 2, 0, 1, 2]);
    expect(graph.links).toEqual([links[1], links[2], links[0]]);
    expect([...graph.arcTo.keys()].map((arc) => tailOf(graph, arc))).toEqual([0, 0, 0, 1, 1, 2]);
  });

  it('is the same whatever the order and direction of what it is given', () => {
    fc.assert(
      fc.property(
        arbitraryGraph(12, 30).chain((graph) =>
          fc.tuple(
            fc.constant(graph),
            fc.shuffledSubarray([...graph.dpids], { minLength: graph.dpids.length }),
            fc.shuffledSubarray([...graph.links], { minLength: graph.links.length }),
          ),
        ),
        ([{ dpids, links }, otherDpids, otherLinks]) => {
          const turned = otherLinks.map(({ id, a, b }) => ({ id, a: b, b: a }));
          const withNames = (graph: Graph<TestLink>) => ({ ...graph, links: graph.links.map((link) => link?.id) });
          expect(withNames(buildGraph(otherDpids, turned))).toEqual(withNames(buildGraph(dpids, links)));
        },
      ),
    );
  });

  it('leaves out links of switches that are not there and links of a switch to itself', () => {
    const { links } = graphOf(3, [
      [0, 1],
      [1, 2],
    ]);
    const itself = { a: { dpid: dpidOf(0), port: 8 }, b: { dpid: dpidOf(0), port: 9 } };
    const graph = buildGraph([dpidOf(1), dpidOf(0)], [...links, itself]);
    expect(graph.dpids).toEqual([dpidOf(0), dpidOf(1)]);
    expect([...graph.arcTo]).toEqual([1, 0]);
  });
});

describe('the order of paths', () => {
  it('is by length, then by the first arc that differs', () => {
    const paths = [[2, 1], [1, 9], [], [3], [1, 2]];
    expect(paths.sort(comparePaths)).toEqual([[], [3], [1, 2], [1, 9], [2, 1]]);
    expect(comparePaths([1, 2], [1, 2])).toBe(0);
  });
});

describe('distances and next hops', () => {
  it('are those of Floyd and Warshall on every graph of up to five nodes, and every connected one of six', () => {
    for (const graph of allGraphs(5)) expectDistances(graph);
    for (const graph of connectedGraphs(6)) if (graph.dpids.length === 6) expectDistances(graph);
  });

  it('are those of Floyd and Warshall on larger graphs with parallel links', () => {
    fc.assert(fc.property(arbitraryGraph(20, 45), expectDistances));
  });

  function expectDistances({ dpids, links }: TestGraph): void {
    const graph = buildGraph(dpids, links);
    const known = hopsBetween(dpids.length, endsOf(graph));
    const all = new Int32Array(dpids.length ** 2);
    fillAllDistances(graph, { distance: all, stride: dpids.length });
    for (let target = 0; target < dpids.length; target++) {
      const distance = distancesTo(graph, target);
      expectSame(
        [...distance],
        known.map((row) => (row[target] === Infinity ? UNREACHED : row[target]!)),
      );
      expectSame([...all.subarray(target * dpids.length, (target + 1) * dpids.length)], [...distance]);
      const tree = treeArcs(graph, distance);
      for (let node = 0; node < dpids.length; node++) {
        const closer = arcsOf(graph, node).filter(
          (arc) => distance[node]! > 0 && known[graph.arcTo[arc]!]![target]! + 1 === distance[node],
        );
        expectSame(nextHopArcs(graph, distance, node), closer);
        expectSame([tree[node]!], [closer[0] ?? NO_ARC]);
      }
    }
  }
});

describe('distances around reluctant nodes', () => {
  it('are hops and the reluctance of each node between, on every shape of up to six nodes and every choice', () => {
    for (const { dpids, links } of shapes(6)) {
      const graph = buildGraph(dpids, links);
      for (let set = 0; set < 2 ** dpids.length; set++) {
        expectReluctant(
          graph,
          dpids.map((_, node) => (set >> node) & 1),
        );
      }
    }
  });

  it('are so on every graph of up to four nodes, those that fall apart among them', () => {
    for (const { dpids, links } of allGraphs(4)) {
      const graph = buildGraph(dpids, links);
      for (let set = 0; set < 2 ** dpids.length; set++) {
        expectReluctant(
          graph,
          dpids.map((_, node) => (set >> node) & 1),
        );
      }
    }
  });

  it('are so on larger graphs', () => {
    const marks = fc.array(fc.constantFrom(0, 0, 1), { minLength: 14, maxLength: 14 });
    fc.assert(
      fc.property(arbitraryGraph(14, 30), marks, ({ dpids, links }, reluctant) => {
        expectReluctant(buildGraph(dpids, links), reluctant.slice(0, dpids.length));
      }),
    );
  });

  function expectReluctant(graph: Graph, marks: readonly number[]): void {
    const reluctant = Uint8Array.from(marks);
    for (let target = 0; target < graph.dpids.length; target++) {
      const known = bellmanFord(graph, target, marks);
      const distance = distancesTo(graph, target, reluctant);
      expectSame(
        [...distance],
        known.map((one) => (one === Infinity ? UNREACHED : one)),
      );
      const tree = treeArcs(graph, distance, reluctant);
      for (const node of graph.dpids.keys()) {
        const best = arcsOf(graph, node).filter(
          (arc) => distance[node]! > 0 && cost(graph, arc, { target, marks, known }) === known[node],
        );
        expectSame(nextHopArcs(graph, distance, node, reluctant), best);
        expectSame([tree[node]!], [best[0] ?? NO_ARC]);
        // Whoever follows them comes nearer with each step.
        const farther = best.filter((arc) => known[graph.arcTo[arc]!]! >= known[node]!);
        expectSame(farther, []);
      }
    }
  }

  /** The whole way from the start of an arc by that arc. */
  function cost(
    graph: Graph,
    arc: number,
    { target, marks, known }: { target: number; marks: readonly number[]; known: readonly number[] },
  ): number {
    const next = graph.arcTo[arc]!;
    return 1 + known[next]! + (next !== target && marks[next] ? RELUCTANCE : 0);
  }

  function bellmanFord(graph: Graph, target: number, marks: readonly number[]): number[] {
    const known = graph.dpids.map((_, node) => (node === target ? 0 : Infinity));
    for (const _round of graph.dpids) {
      for (const node of graph.dpids.keys()) {
        for (const arc of arcsOf(graph, node)) {
          known[node] = Math.min(known[node]!, cost(graph, arc, { target, marks, known }));
        }
      }
    }
    return known;
  }
});

/** As `toEqual`, which takes too long where it is asked a million times. */
function expectSame(found: readonly number[], known: readonly number[]): void {
  if (found.join() !== known.join()) expect(found).toEqual(known);
}

function arcsOf(graph: Graph, node: number): number[] {
  const arcs: number[] = [];
  for (let arc = graph.rowStart[node]!; arc < graph.rowStart[node + 1]!; arc++) arcs.push(arc);
  return arcs;
}

function endsOf(graph: Graph): [number, number][] {
  return [...graph.arcTo].map((to, arc) => [tailOf(graph, arc), to]);
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allGraphs, arbitraryGraph, graphOf } from '../testing/graphs.ts';
import { buildGraph } from './graph.ts';
import type { Graph } from './graph.ts';
import { kShortestPaths } from './shortest.ts';

/** More than there are simple paths in any graph used here. */
const ALL = 10_000;

describe('k shortest paths', () => {
  it('are all simple paths, in order, on every graph of up to five nodes', () => {
    for (const { dpids, links } of allGraphs(5)) {
      const graph = buildGraph(dpids, links);
      for (let to = 1; to < dpids.length; to++) {
        expect(kShortestPaths(graph, 0, to, ALL)).toEqual(simplePaths(graph, 0, to));
      }
    }
  });

  it('are the first k of all simple paths on larger graphs with parallel links', () => {
    const cases = arbitraryGraph(8, 12).chain((graph) => {
      const node = fc.integer({ min: 0, max: graph.dpids.length - 1 });
      return fc.tuple(fc.constant(graph), node, node, fc.integer({ min: 1, max: 16 }));
    });
    fc.assert(
      fc.property(cases, ([{ dpids, links }, from, to, k]) => {
        const graph = buildGraph(dpids, links);
        expect(kShortestPaths(graph, from, to, k)).toEqual(simplePaths(graph, from, to).slice(0, k));
      }),
    );
  });

  it('are one path without a step from a switch to itself', () => {
    const { dpids, links } = graphOf(2, [[0, 1]]);
    expect(kShortestPaths(buildGraph(dpids, links), 0, 0, 3)).toEqual([[]]);
  });

  it('are none where nothing leads', () => {
    const { dpids, links } = graphOf(3, [[0, 1]]);
    expect(kShortestPaths(buildGraph(dpids, links), 0, 2, 3)).toEqual([]);
  });
});

/** Every path that visits no node twice: the shortest first, then in the order of arcs. */
function simplePaths(graph: Graph, from: number, to: number): number[][] {
  const found: number[][] = [];
  const visited = new Set<number>();
  const walk = (node: number, path: number[]): void => {
    if (node === to) {
      found.push(path);
      return;
    }
    visited.add(node);
    for (let arc = graph.rowStart[node]!; arc < graph.rowStart[node + 1]!; arc++) {
      if (!visited.has(graph.arcTo[arc]!)) walk(graph.arcTo[arc]!, [...path, arc]);
    }
    visited.delete(node);
  };
  walk(from, []);
  return found.sort((x, y) => x.length - y.length || firstDifference(x, y));
}

function firstDifference(x: readonly number[], y: readonly number[]): number {
  const at = x.findIndex((arc, index) => arc !== y[index]);
  return at < 0 ? 0 : x[at]! - y[at]!;
}

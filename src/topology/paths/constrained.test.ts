import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder, passes, simplePaths, sumOf, weightsOf } from '../testing/brute-force.ts';
import { arbitraryConnectedGraph, arbitraryGraph, connectedGraphs, gridOf, shapes } from '../testing/graphs.ts';
import { buildGraph } from './graph.ts';
import type { ArcPath } from './graph.ts';
import type { PathProblem } from './plan.ts';
import { kShortestPaths } from './yen.ts';

const ALL = 10_000;
/** Far more than any of these needs. */
const MUCH_WORK = 1e9;

/** All paths that hold to the constraints, in order. */
function bruteForce({ graph, from, to, weights, via = [], delay }: PathProblem): ArcPath[] {
  if (from === to) return via.length > 0 ? [] : [[]];
  const holding = simplePaths(graph, from, to).filter(
    (path) => passes(graph, path, via) && (!delay || sumOf(delay.of, path) <= delay.limit),
  );
  return inOrder(holding, weights);
}

function expectAll(problem: PathProblem, known: readonly ArcPath[]): void {
  const { paths, complete } = kShortestPaths(problem, { k: ALL, maxWork: MUCH_WORK });
  if (!complete || paths.join(';') !== known.join(';')) expect(paths).toEqual(known);
}

describe('paths with waypoints', () => {
  it('are all simple paths that pass them in order, on every connected graph of up to six nodes', () => {
    let seed = 0;
    for (const { dpids, links } of connectedGraphs(6)) {
      seed++;
      const graph = buildGraph(dpids, links);
      const to = dpids.length - 1;
      // Which nodes these are is no matter where all graphs are tried; the next test names all of them.
      for (const via of [[1], [2, 1]]) {
        if (via.some((node) => node >= to)) continue;
        const problem = { graph, from: 0, to, weights: weightsOf(graph, seed, 1 + (seed % 3)), via };
        const { paths, complete } = kShortestPaths(problem, { k: 3, maxWork: MUCH_WORK });
        const known = bruteForce(problem).slice(0, 3);
        if (!complete || paths.join(';') !== known.join(';')) expect(paths).toEqual(known);
      }
    }
  });

  it('are so between any two nodes, by way of any other and of any two others, weighted, on every shape of six nodes', () => {
    let seed = 0;
    for (const { dpids, links } of shapes(6)) {
      const graph = buildGraph(dpids, links);
      for (const [from, to, ...others] of choicesOf(dpids.length)) {
        const all = simplePaths(graph, from, to);
        const weights = weightsOf(graph, ++seed, [1, 3, 100][seed % 3]!);
        for (const via of viasOf(others)) {
          const passing = all.filter((path) => passes(graph, path, via));
          expectAll({ graph, from, to, weights, via }, inOrder(passing, weights));
        }
      }
    }
  });
});

/** Any two nodes, in order, and the others. */
function choicesOf(nodes: number): [number, number, ...number[]][] {
  const all = Array.from({ length: nodes }, (_, node) => node);
  return all.flatMap((from) => {
    const rest = all.filter((node) => node !== from);
    return rest.map((to): [number, number, ...number[]] => [from, to, ...rest.filter((node) => node !== to)]);
  });
}

/** Each of the nodes, and each two, in order. */
function viasOf(nodes: readonly number[]): number[][] {
  return nodes.flatMap((one) => [[one], ...nodes.filter((other) => other !== one).map((other) => [one, other])]);
}

describe('paths with a bound on delay', () => {
  it('are all simple paths within it, on every connected graph of up to six nodes and each time another bound', () => {
    let seed = 0;
    for (const { dpids, links } of connectedGraphs(6)) {
      seed++;
      const graph = buildGraph(dpids, links);
      const weights = weightsOf(graph, seed, 2);
      const of = weightsOf(graph, seed + 1, 9);
      const to = dpids.length - 1;
      const known = inOrder(simplePaths(graph, 0, to), weights);
      const delays = [...new Set(known.map((path) => sumOf(of, path)))].sort((x, y) => x - y);
      const limit = [delays[0]! - 1, ...delays][seed % (delays.length + 1)]!;
      const within = known.filter((path) => sumOf(of, path) <= limit);
      expectAll({ graph, from: 0, to, weights, delay: { of, limit } }, within);
    }
  });

  it('are so at every bound that matters on every graph of up to five nodes', () => {
    for (const { dpids, links } of connectedGraphs(5)) {
      const graph = buildGraph(dpids, links);
      const weights = weightsOf(graph, links.length, 2);
      const of = weightsOf(graph, links.length + 1, 9);
      const to = dpids.length - 1;
      for (let limit = 1; limit <= 36; limit += 5) {
        const problem = { graph, from: 0, to, weights, delay: { of, limit } };
        expectAll(problem, bruteForce(problem));
      }
    }
  });
});

describe('paths with constraints of all kinds', () => {
  it.each([
    ['of up to eight nodes', arbitraryGraph(8, 14), 2_000],
    ['of eight to twelve nodes', arbitraryConnectedGraph(10), 500],
  ])(
    'are the first k that hold to them, on graphs %s with parallel links and closed arcs',
    (_which, graphs, numRuns) => {
      const cases = graphs.chain((graph) => {
        const nodes = graph.dpids.map((_, node) => node);
        return fc.record({
          graph: fc.constant(graph),
          ends: fc.shuffledSubarray(nodes, {
            minLength: Math.min(2, nodes.length),
            maxLength: Math.min(5, nodes.length),
          }),
          k: fc.integer({ min: 1, max: 8 }),
          seed: fc.nat(1000),
          most: fc.constantFrom(1, 3, 100),
          limit: fc.option(fc.nat(60)),
          closed: fc.array(fc.nat(27), { maxLength: 3 }),
        });
      });
      fc.assert(
        fc.property(cases, ({ graph: { dpids, links }, ends, k, seed, most, limit, closed }) => {
          const graph = buildGraph(dpids, links);
          const weights = weightsOf(graph, seed, most);
          for (const arc of closed) if (arc < weights.length) weights[arc] = Infinity;
          // Some arcs take no time at all.
          const of = weightsOf(graph, seed + 1, 12).map((one) => one - 1);
          const [from = 0, to = 0, ...via] = ends;
          const delay = limit === null ? undefined : { of, limit };
          const problem: PathProblem = { graph, from, to, weights, via, ...(delay && { delay }) };
          const { paths, complete } = kShortestPaths(problem, { k, maxWork: MUCH_WORK });
          expect(paths).toEqual(bruteForce(problem).slice(0, k));
          expect(complete).toBe(true);
        }),
        { numRuns, seed: 1 },
      );
    },
  );

  it('are given up when the work is too much, and say so', () => {
    // From the left to the right parts the grid: the top and the bottom cannot be joined any more, but who tells that to a search.
    const { dpids, links } = gridOf(6, 6);
    const graph = buildGraph(dpids, links);
    const weights = new Float64Array(graph.arcTo.length).fill(1);
    const [left, right, top, bottom] = [18, 23, 3, 33];
    const problem = { graph, from: left, to: bottom, weights, via: [right, top] };
    expect(kShortestPaths(problem, { k: 1, maxWork: 50_000 })).toEqual({ paths: [], complete: false });
    expect(kShortestPaths({ ...problem, via: [top, right] }, { k: 1, maxWork: 50_000 })).toMatchObject({
      paths: [{ length: 15 }],
      complete: true,
    });
  });
});

import { describe, expect, it } from 'vitest';
import { graphOf } from '../testing/graphs.ts';
import { buildGraph } from './graph.ts';
import { costOf, latencyLimit, linkOf, UNMEASURED, weighArcs } from './metrics.ts';
import type { LinkMetrics } from './metrics.ts';

const { dpids, links } = graphOf(3, [
  [0, 1],
  [1, 2],
]);
const graph = buildGraph(dpids, links);
/** There and back by the first link, then by the second. */
const [THERE, BACK, ON] = [0, 1, 2];

function measuring(part: Partial<LinkMetrics>): LinkMetrics {
  return { ...UNMEASURED, ...part };
}

describe('weights of arcs', () => {
  it('are whole, and those of the direction', () => {
    const metrics = measuring({ latencyMs: (_link, out) => (out.dpid === dpids[0] ? 0.25 : 1.0004) });
    const weights = weighArcs(graph, { metric: 'latency', metrics });
    expect([weights[THERE], weights[BACK], weights[ON]]).toEqual([250, 1000, 1000]);
    expect(linkOf(graph, THERE)).toEqual({ link: links[0], out: links[0]!.a });
    expect(linkOf(graph, BACK)).toEqual({ link: links[0], out: links[0]!.b });
  });

  it.each([Number.NaN, -1, 0, Infinity, 1e12])('are in bounds where a latency of %s is told', (told) => {
    const weights = weighArcs(graph, { metric: 'latency', metrics: measuring({ latencyMs: () => told }) });
    expect(weights[THERE]).toBe(told > 1 ? 2 ** 24 : 1);
  });

  it.each([
    [0, 1_000],
    [0.5, 2_000],
    [0.9, 10_000],
    [1, 1_000_000],
    [7, 1_000_000],
    [-1, 1_000],
    [Number.NaN, 1],
  ])('of a load of %s are %s', (load, weight) => {
    expect(weighArcs(graph, { metric: 'load', metrics: measuring({ load: () => load }) })[THERE]).toBe(weight);
  });

  it('are infinite where an arc is not allowed, and more than any path into reluctant nodes, without the cost of the path', () => {
    const options = { metric: 'hops', metrics: UNMEASURED } as const;
    const weights = weighArcs(graph, { ...options, reluctant: Uint8Array.of(0, 1, 0), allows: (arc) => arc !== ON });
    expect([weights[THERE], weights[BACK], weights[ON]]).toEqual([3 + 1, 1, Infinity]);
    expect(costOf(graph, [THERE, ON], options)).toBe(2);
  });
});

describe('a limit of latency', () => {
  it('is exact for what can be said in microseconds', () => {
    for (let us = 0; us < 10_000; us++) expect(latencyLimit(us / 1_000)).toBe(us);
  });
});

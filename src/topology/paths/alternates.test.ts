import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allGraphs, arbitraryGraph, graphOf } from '../testing/graphs.ts';
import { alternateArcs } from './alternates.ts';
import { distancesTo, nextHopArcs } from './bfs.ts';
import { buildGraph } from './graph.ts';
import type { Graph } from './graph.ts';

describe('alternate arcs', () => {
  it('lead, mixed with next hops in any way, in no circle whatever fails: on every graph of up to five nodes', () => {
    for (const { dpids, links } of allGraphs(5)) {
      const graph = buildGraph(dpids, links);
      for (let target = 0; target < dpids.length; target++) {
        const choices = choicesOf(graph, target);
        for (let down = 0; down < 2 ** links.length; down++) expectNoCircle(graph, { target, choices, down });
      }
    }
  });

  it('lead in no circle on larger graphs with reluctant nodes, all of them together', () => {
    const marks = fc.array(fc.constantFrom(0, 0, 1), { minLength: 14, maxLength: 14 });
    fc.assert(
      fc.property(arbitraryGraph(14, 40), marks, fc.boolean(), ({ dpids, links }, reluctant, some) => {
        const graph = buildGraph(dpids, links);
        for (let target = 0; target < dpids.length; target++) {
          const choices = choicesOf(graph, target, some ? Uint8Array.from(reluctant) : undefined);
          expect(hasCircle(graph, choices)).toBe(false);
        }
      }),
    );
  });

  it('are the neighbours at the same distance that come before, and no next hops', () => {
    // 1, 2 and 3 are all one step from 0, and 2 knows both others.
    const { dpids, links } = graphOf(4, [
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [2, 3],
    ]);
    const graph = buildGraph(dpids, links);
    const distance = distancesTo(graph, 0);
    const alternates = (node: number) => alternateArcs(graph, distance, node).map((arc) => graph.arcTo[arc]);
    expect([0, 1, 2, 3].map(alternates)).toEqual([[], [], [1], [2]]);
  });

  it('are by the shortest way first where reluctant nodes make the ways differ', () => {
    // From 3 the target is one step by 1, which is reluctant, or two by 2 and 4.
    const { dpids, links } = graphOf(5, [
      [0, 1],
      [0, 4],
      [4, 2],
      [1, 3],
      [2, 3],
    ]);
    const graph = buildGraph(dpids, links);
    const reluctant = Uint8Array.of(0, 1, 0, 0, 0);
    const distance = distancesTo(graph, 0, reluctant);
    const neighbours = (arcs: number[]) => arcs.map((arc) => graph.arcTo[arc]);
    expect(neighbours(nextHopArcs(graph, distance, 3, reluctant))).toEqual([2]);
    expect(neighbours(alternateArcs(graph, distance, 3, reluctant))).toEqual([1]);
  });
});

/** Of each node: its next hops, then its alternates. */
function choicesOf(graph: Graph, target: number, reluctant?: Uint8Array): number[][] {
  const distance = distancesTo(graph, target, reluctant);
  return graph.dpids.map((_, node) => [
    ...nextHopArcs(graph, distance, node, reluctant),
    ...alternateArcs(graph, distance, node, reluctant),
  ]);
}

interface Failure {
  readonly target: number;
  readonly choices: readonly (readonly number[])[];
  /** A bit for each link that is down. */
  readonly down: number;
}

/** Each switch takes the first of its choices that is up, as a fast-failover group does. */
function expectNoCircle(graph: Graph, { target, choices, down }: Failure): void {
  for (let start = 0; start < choices.length; start++) {
    let node = start;
    let steps = 0;
    for (;;) {
      const arc = choices[node]!.find((arc) => ((down >> graph.arcLink[arc]!) & 1) === 0);
      if (node === target || arc === undefined) break;
      node = graph.arcTo[arc]!;
      if (++steps > choices.length) expect(`${start} to ${target} with ${down} down`).toBe('no circle');
    }
  }
}

/** Whether the choices of all nodes together have a circle, so that some mix of them might. */
function hasCircle(graph: Graph, choices: readonly (readonly number[])[]): boolean {
  const left = new Map(choices.map((arcs, node) => [node, new Set(arcs.map((arc) => graph.arcTo[arc]!))]));
  for (;;) {
    const done = [...left].filter(([, nexts]) => [...nexts].every((next) => !left.has(next)));
    if (done.length === 0) return left.size > 0;
    for (const [node] of done) left.delete(node);
  }
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allGraphs, arbitraryGraph, connectedGraphs, graphOf } from '../testing/graphs.ts';
import { alternateArcs } from './alternates.ts';
import { distancesTo, nextHopArcs } from './bfs.ts';
import { buildGraph, tailOf } from './graph.ts';
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

  it('lead in no circle all of them together, so whatever fails, on every connected graph of up to six nodes', () => {
    // Failures of up to fifteen links would be too many to try; that no circle is there at all says more.
    let seed = 0;
    for (const { dpids, links } of connectedGraphs(6)) {
      const graph = buildGraph(dpids, links);
      seed++;
      const reluctant = Uint8Array.from(dpids, (_, node) => (seed >> node) & 1);
      expectNoCircleOfAll(graph, choicesOf(graph, seed % dpids.length, reluctant));
      for (let target = 0; target < dpids.length; target++) expectNoCircleOfAll(graph, choicesOf(graph, target));
    }
  });

  it('lead in no circle on larger graphs with reluctant nodes, and none is left out that leads on', () => {
    const marks = fc.array(fc.constantFrom(0, 0, 1), { minLength: 14, maxLength: 14 });
    fc.assert(
      fc.property(arbitraryGraph(14, 40), marks, fc.boolean(), ({ dpids, links }, reluctant, some) => {
        const graph = buildGraph(dpids, links);
        for (let target = 0; target < dpids.length; target++) {
          const marks = some ? Uint8Array.from(reluctant) : undefined;
          const choices = choicesOf(graph, target, marks);
          expectNoCircleOfAll(graph, choices);
          expect(choices.map((arcs) => arcs.toSorted((x, y) => x - y))).toEqual(lowerArcs(graph, target, marks));
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

/** Of each node: the arcs to neighbours that are nearer to the target, or as near and before it in order. */
function lowerArcs(graph: Graph, target: number, reluctant?: Uint8Array): number[][] {
  const distance = distancesTo(graph, target, reluctant);
  const isLower = (next: number, node: number): boolean => (distance[next]! - distance[node]! || next - node) < 0;
  return graph.dpids.map((_, node) => {
    const arcs = [...graph.arcTo.keys()].filter((arc) => tailOf(graph, arc) === node);
    return distance[node]! > 0 ? arcs.filter((arc) => isLower(graph.arcTo[arc]!, node)) : [];
  });
}

/** Then no mix of them has one, whatever fails. */
function expectNoCircleOfAll(graph: Graph, choices: readonly (readonly number[])[]): void {
  if (hasCircle(graph, choices)) expect(choices).toBe('without a circle');
}

/** Whether the choices of all nodes together have a circle: then some node is never done, whose choices all come before it. */
function hasCircle(graph: Graph, choices: readonly (readonly number[])[]): boolean {
  const done = new Uint8Array(choices.length);
  let left = choices.length;
  for (let before = Infinity; left < before;) {
    before = left;
    for (const [node, arcs] of choices.entries()) {
      if (done[node] || !arcs.every((arc) => done[graph.arcTo[arc]!])) continue;
      done[node] = 1;
      left--;
    }
  }
  return left > 0;
}

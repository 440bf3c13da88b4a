import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followViews } from './follow.ts';
import type { FollowedLink } from './follow.ts';
import { arbitraryHistory, LABELS, rowsByDpid } from '../testing/histories.ts';
import { dpidOf, graphOf } from '../testing/graphs.ts';
import { constrainedPair } from './constrained-pair.ts';
import { disjointPair } from './disjoint.ts';
import { buildGraph } from './graph.ts';
import type { ArcPath, Graph } from './graph.ts';
import { LiveGraph } from './live-graph.ts';
import { kShortestPaths } from './yen.ts';

describe('a live graph that follows views', () => {
  it('is, after every change, the graph that is built from scratch', () => {
    fc.assert(
      fc.property(arbitraryHistory(LABELS), (history) => {
        const graph = new LiveGraph<FollowedLink>();
        const follow = followViews(graph);
        for (const { view, change } of history) {
          follow(view, change);
          const usable = [...view.links.values()].filter(({ bidirectional }) => bidirectional);
          expect(rowsByDpid(graph)).toEqual(rowsByDpid(buildGraph(view.switches.keys(), usable)));
          for (const [arc, back] of liveArcs(graph)) {
            expect([graph.arcBack[back], graph.arcLink[back]]).toEqual([arc, graph.arcLink[arc]]);
          }
        }
      }),
    );
  });

  it('has the same paths, whatever became of it on the way', () => {
    fc.assert(
      fc.property(arbitraryHistory(LABELS), fc.nat(1000), (history, seed) => {
        const live = new LiveGraph<FollowedLink>();
        const follow = followViews(live);
        for (const { view, change } of history) follow(view, change);
        const { view } = history.at(-1)!;
        const built = buildGraph(
          view.switches.keys(),
          [...view.links.values()].filter(({ bidirectional }) => bidirectional),
        );
        expect(pathsIn(live, seed)).toEqual(pathsIn(built, seed));
      }),
    );
  });

  it('keeps an index with its switch while that is there, and uses it again afterwards', () => {
    fc.assert(
      fc.property(arbitraryHistory(LABELS), (history) => {
        const graph = new LiveGraph<FollowedLink>();
        const follow = followViews(graph);
        let most = 0;
        for (const { view, change } of history) {
          const before = new Map(graph.indexOf);
          follow(view, change);
          for (const [dpid, index] of graph.indexOf) expect(before.get(dpid) ?? index).toBe(index);
          most = Math.max(most, graph.indexOf.size);
        }
        // Those gone make room before others come.
        expect(graph.dpids.length).toBe(most);
      }),
    );
  });

  it('takes over a link whose entry is another, and tells nobody', () => {
    const { dpids, links } = graphOf(2, [[0, 1]]);
    const switches = new Map(dpids.map((dpid) => [dpid, { away: false }]));
    const heard: string[] = [];
    const graph = new LiveGraph<FollowedLink>();
    const follow = followViews(graph, {
      linkCame: () => heard.push('came'),
      linkGone: () => heard.push('gone'),
    });
    const [first, second] = [0, 1].map(() => ({ ...links[0]!, bidirectional: true }));
    follow({ switches, links: new Map([[first!.id, first!]]) }, { switches: dpids, links: [first!.id] });
    follow({ switches, links: new Map([[second!.id, second!]]) }, { switches: [], links: [second!.id] });
    expect(graph.link(first!.id)).toBe(second);
    expect(heard).toEqual(['came']);
  });

  it('does not let a switch go that has links', () => {
    const graph = new LiveGraph();
    const { dpids, links } = graphOf(2, [[0, 1]]);
    for (const dpid of dpids) graph.addSwitch(dpid);
    for (const link of links) graph.addLink(link);
    expect(() => graph.removeSwitch(dpidOf(0))).toThrow('has links');
    expect(graph.removeLink(links[0]!.id)).toBe(true);
    expect(graph.removeLink(links[0]!.id)).toBe(false);
    graph.removeSwitch(dpidOf(0));
    expect([...graph.indexOf.keys()]).toEqual([dpidOf(1)]);
  });

  it('takes no link of a switch to itself', () => {
    const graph = new LiveGraph();
    graph.addSwitch(dpidOf(0));
    const end = (port: number) => ({ dpid: dpidOf(0), port });
    expect(graph.addLink({ id: 'x', a: end(1), b: end(2) })).toBe(false);
  });
});

/** The k best paths and the disjoint pairs, by way of the second switch, too, from the first switch to all others, as the ports they leave by. */
function pathsIn(graph: Graph, seed: number): unknown {
  // Many weigh the same, so that much is left to the order of arcs.
  const weights = new Float64Array(graph.arcTo.length).fill(Infinity);
  for (const node of graph.indexOf.values()) {
    for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
      weights[arc] = 1 + ((graph.arcPort[arc]! * graph.arcInPort[arc]! * (seed + 1)) % 7 < 2 ? 1 : 0);
    }
  }
  const dpids = [...graph.indexOf.keys()].sort();
  const ports = (path: ArcPath): number[] => path.map((arc) => graph.arcPort[arc]!);
  return dpids.map((dpid) => {
    const [from, to] = [graph.indexOf.get(dpids[0]!)!, graph.indexOf.get(dpid)!];
    const pairs = (['links', 'nodes'] as const).map((by) =>
      disjointPair({ graph, from, to, weights, by })?.paths.map(ports),
    );
    const via = dpids.slice(1, 2).map((dpid) => graph.indexOf.get(dpid)!);
    const constrained = via.includes(to) || from === to ? undefined : { graph, from, to, weights, via };
    return [
      kShortestPaths({ graph, from, to, weights }, { k: 5 }).paths.map(ports),
      pairs,
      constrained && kShortestPaths(constrained, { k: 5 }).paths.map(ports),
      constrained && constrainedPair({ ...constrained, by: 'links' }).pair?.paths.map(ports),
    ];
  });
}

function liveArcs(graph: LiveGraph): [number, number][] {
  const arcs: [number, number][] = [];
  for (const node of graph.indexOf.values()) {
    for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) arcs.push([arc, graph.arcBack[arc]!]);
  }
  return arcs;
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followViews } from './follow.ts';
import type { FollowedLink } from './follow.ts';
import { arbitraryHistory, LABELS, rowsByDpid } from '../testing/histories.ts';
import { dpidOf, graphOf } from '../testing/graphs.ts';
import { buildGraph } from './graph.ts';
import { LiveGraph } from './live-graph.ts';

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

function liveArcs(graph: LiveGraph): [number, number][] {
  const arcs: [number, number][] = [];
  for (const node of graph.indexOf.values()) {
    for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) arcs.push([arc, graph.arcBack[arc]!]);
  }
  return arcs;
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allGraphs, arbitraryGraph, connectedGraphs, dpidOf, isConnected, shapes } from '../testing/graphs.ts';
import type { TestGraph, TestLink } from '../testing/graphs.ts';
import { DisjointSets, spanningForest } from './tree.ts';

describe('the spanning forest', () => {
  it('is a forest that spans every graph of up to five nodes, and changes by one edge when a link goes', () => {
    for (const graph of allGraphs(5)) expectForest(graph);
  });

  it('spans every connected graph of six nodes, and changes by one edge on every shape of them', () => {
    for (const graph of shapes(6)) expectForest(graph);
    for (const { dpids, links } of connectedGraphs(6)) {
      const forest = spanningForest(links);
      const spans = isConnected({ dpids, links: links.filter(({ id }) => forest.has(id)) });
      if (!spans || forest.size !== dpids.length - 1) expect([...forest]).toBe('a tree');
    }
  });

  it('is so on larger graphs with parallel links', () => {
    fc.assert(fc.property(arbitraryGraph(20, 45), expectForest));
  });

  it('does not depend on the order in which links come', () => {
    const cases = arbitraryGraph(12, 30).chain(({ links }) =>
      fc.tuple(fc.constant(links), fc.shuffledSubarray([...links], { minLength: links.length })),
    );
    fc.assert(
      fc.property(cases, ([links, shuffled]) => {
        expect([...spanningForest(shuffled)]).toEqual([...spanningForest(links)]);
      }),
    );
  });

  it('makes switches that are away leaves as far as it can, and spans all the same', () => {
    const cases = arbitraryGraph(10, 24).chain((graph) => {
      const length = { minLength: graph.links.length };
      return fc.tuple(fc.constant(graph), fc.subarray([...graph.dpids]), fc.shuffledSubarray([...graph.links], length));
    });
    fc.assert(
      fc.property(cases, ([{ dpids, links }, gone, shuffled]) => {
        const away = new Set(gone);
        const present = links.filter(({ a, b }) => !away.has(a.dpid) && !away.has(b.dpid));
        const forest = spanningForest(links, away);
        const chosen = links.filter(({ id }) => forest.has(id));
        const parts = componentsOf(dpids, links);
        expect(chosen).toHaveLength(dpids.length - new Set(parts.values()).size);
        expect(componentsOf(dpids, chosen)).toEqual(parts);
        // Among those present it is their own forest: nobody goes by a switch that is away who need not.
        const among = new Set(present.filter(({ id }) => forest.has(id)).map(({ id }) => id));
        expect(among).toEqual(spanningForest(present));
        expect(spanningForest(shuffled, away)).toEqual(forest);
        // And of the links of those away it takes none that it would not have with all present.
        const whole = spanningForest(links);
        for (const id of forest) expect(among.has(id) || whole.has(id)).toBe(true);
      }),
    );
  });

  it('never takes a link of a switch to itself', () => {
    const itself = { id: 'x', a: { dpid: dpidOf(0), port: 1 }, b: { dpid: dpidOf(0), port: 2 } };
    expect(spanningForest([itself]).size).toBe(0);
  });

  function expectForest({ dpids, links }: TestGraph): void {
    const forest = spanningForest(links);
    const chosen = links.filter(({ id }) => forest.has(id));
    expect(chosen).toHaveLength(forest.size);
    const parts = componentsOf(dpids, links);
    // As many edges as nodes less components, and as much held together: a forest that spans.
    expect(chosen).toHaveLength(dpids.length - new Set(parts.values()).size);
    expect(componentsOf(dpids, chosen)).toEqual(parts);
    for (const gone of links) {
      const after = spanningForest(links.filter((link) => link !== gone));
      const added = [...after].filter((id) => !forest.has(id));
      const removed = [...forest].filter((id) => !after.has(id));
      expect(removed).toEqual(forest.has(gone.id) ? [gone.id] : []);
      expect(added.length).toBeLessThanOrEqual(removed.length);
    }
  }
});

describe('disjoint sets', () => {
  it('tell what has been joined', () => {
    const node = fc.integer({ min: 0, max: 9 });
    fc.assert(
      fc.property(fc.array(fc.tuple(node, node), { maxLength: 20, size: 'max' }), (pairs) => {
        const sets = new DisjointSets();
        const joined: TestLink[] = [];
        for (const [x, y] of pairs) {
          const before = componentsOf(dpids, joined);
          expect(sets.join(dpidOf(x), dpidOf(y))).toBe(before.get(dpidOf(x)) !== before.get(dpidOf(y)));
          joined.push({ id: '', a: { dpid: dpidOf(x), port: 1 }, b: { dpid: dpidOf(y), port: 1 } });
        }
        const parts = componentsOf(dpids, joined);
        for (const x of dpids)
          for (const y of dpids) expect(sets.find(x) === sets.find(y)).toBe(parts.get(x) === parts.get(y));
      }),
    );
  });

  const dpids = Array.from({ length: 10 }, (_, node) => dpidOf(node));
});

/** Each node's component, named by its first node: found by spreading until nothing changes. */
function componentsOf(dpids: readonly string[], links: readonly TestLink[]): Map<string, string> {
  const part = new Map(dpids.map((dpid) => [dpid, dpid]));
  for (let changed = true; changed;) {
    changed = false;
    for (const { a, b } of links) {
      const [x, y] = [part.get(a.dpid)!, part.get(b.dpid)!];
      if (x === y) continue;
      part.set(a.dpid, x < y ? x : y).set(b.dpid, x < y ? x : y);
      changed = true;
    }
  }
  return part;
}

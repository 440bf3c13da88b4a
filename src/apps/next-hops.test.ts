import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDpid } from '../core/ids.ts';
import type { Dpid } from '../core/ids.ts';
import { allGraphs, arbitraryGraph } from '../topology/testing/graphs.ts';
import type { TestGraph } from '../topology/testing/graphs.ts';
import { nextHops } from './next-hops.ts';
import { nextHopGroup, OFPGT } from './sdk.ts';
import type { Bucket } from './sdk.ts';
import { groupsOf, TestNetwork } from './testing/rules.ts';

const [S1, S2, S3, S4] = [1n, 2n, 3n, 4n].map(formatDpid) as [Dpid, Dpid, Dpid, Dpid];
const M = 0x0200_0000_0001;

function portsOf(buckets: readonly Bucket[] | undefined): number[] {
  return (buckets ?? []).map(({ watchPort, actions: [action] }) => {
    expect(action).toEqual({ type: 'output', port: watchPort, maxLen: 0 });
    return watchPort;
  });
}

/** A network of this graph with a host at one of its switches. */
function networkOf({ dpids, links }: TestGraph, home: Dpid): TestNetwork {
  const network = new TestNetwork(dpids);
  for (const { a, b } of links) network.link(a, b);
  return network.port({ dpid: home, port: 100 }, 'host').host(M, { dpid: home, port: 100 });
}

describe('next hops', () => {
  it('lead to switches that have hosts, from every switch that has a way', () => {
    const network = new TestNetwork([S1, S2, S3, S4])
      .link({ dpid: S1, port: 1 }, { dpid: S2, port: 1 })
      .link({ dpid: S2, port: 2 }, { dpid: S3, port: 1 })
      .port({ dpid: S1, port: 9 }, 'host')
      .host(M, { dpid: S1, port: 9 })
      .host(M + 1, { dpid: S1, port: 9 });
    const tables = network.tables([nextHops]);
    const groups = [S1, S2, S3, S4].map((dpid) => [...groupsOf(tables, dpid)].map(([id, to]) => [id, portsOf(to)]));
    expect(groups).toEqual([[], [[nextHopGroup(S1), [1]]], [[nextHopGroup(S1), [1]]], []]);
    expect([...tables.of(S2).values()][0]).toMatchObject({ groupType: OFPGT.FF, after: [{ dpid: S1, port: 1 }] });
  });

  it('spread over equal ways, by other bits of the hash at another distance', () => {
    // 1 and 4 are joined by 2 and 3; 1 and 2 by two cables.
    const network = new TestNetwork([S1, S2, S3, S4])
      .link({ dpid: S1, port: 1 }, { dpid: S2, port: 1 })
      .link({ dpid: S1, port: 2 }, { dpid: S2, port: 2 })
      .link({ dpid: S1, port: 3 }, { dpid: S3, port: 1 })
      .link({ dpid: S2, port: 3 }, { dpid: S4, port: 1 })
      .link({ dpid: S3, port: 2 }, { dpid: S4, port: 2 })
      .port({ dpid: S1, port: 9 }, 'host')
      .host(M, { dpid: S1, port: 9 });
    const tables = network.tables([nextHops]);
    expect([...tables.of(S4).values()]).toMatchObject([{ groupType: OFPGT.SELECT }]);
    expect(portsOf(groupsOf(tables, S4).get(nextHopGroup(S1)))).toEqual([1, 1, 2, 2]);
    expect(portsOf(groupsOf(tables, S2).get(nextHopGroup(S1)))).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    for (const { weight } of groupsOf(tables, S2).get(nextHopGroup(S1))!) expect(weight).toBe(1);
  });

  /** Two cables from 1 to 2 and two to 3, and 4 beyond both. */
  function doubled(): TestNetwork {
    const network = new TestNetwork([S1, S2, S3, S4]);
    for (const [neighbour, port] of [
      [S2, 1],
      [S2, 2],
      [S3, 3],
      [S3, 4],
    ] as const) {
      network.link({ dpid: S1, port }, { dpid: neighbour, port });
    }
    for (const dpid of [S2, S3]) network.link({ dpid, port: 9 }, { dpid: S4, port: Number.parseInt(dpid, 16) });
    return network.port({ dpid: S4, port: 9 }, 'host').host(M, { dpid: S4, port: 9 });
  }

  it('have links to one neighbour apart, and begin elsewhere on every switch', () => {
    const tables = doubled().tables([nextHops]);
    expect(portsOf(groupsOf(tables, S1).get(nextHopGroup(S4)))).toEqual([3, 2, 4, 1]);
  });

  it('have a weight where speeds differ', () => {
    const network = doubled();
    for (const port of [1, 2, 3, 4]) network.speed({ dpid: S1, port }, port === 4 ? 40e9 : 10e9);
    const tables = network.tables([nextHops]);
    const sums = new Map<number, number>();
    for (const { watchPort, weight } of groupsOf(tables, S1).get(nextHopGroup(S4))!) {
      sums.set(watchPort, (sums.get(watchPort) ?? 0) + weight);
    }
    // One bucket of weight 1 is there for the size of the switch's map.
    expect(sums).toEqual(new Map([1, 2, 3, 4].map((port) => [port, port === 4 ? 36 : port === 1 ? 10 : 9])));
  });

  /** Every way out of every switch, by neighbour. */
  function waysOf(graph: TestGraph, home: Dpid): Map<Dpid, Set<Dpid>> {
    const tables = networkOf(graph, home).tables([nextHops]);
    const ways = new Map<Dpid, Set<Dpid>>();
    for (const dpid of graph.dpids) {
      const ports = new Set(portsOf(groupsOf(tables, dpid).get(nextHopGroup(home))));
      const neighbours = new Set<Dpid>();
      for (const { a, b } of graph.links) {
        if (a.dpid === dpid && ports.has(a.port)) neighbours.add(b.dpid);
        if (b.dpid === dpid && ports.has(b.port)) neighbours.add(a.dpid);
      }
      ways.set(dpid, neighbours);
    }
    return ways;
  }

  function expectNoCircle(ways: ReadonlyMap<Dpid, ReadonlySet<Dpid>>): void {
    const left = new Map([...ways].map(([dpid, next]) => [dpid, new Set(next)]));
    for (;;) {
      const ends = [...left].filter(([, next]) => next.size === 0).map(([dpid]) => dpid);
      if (ends.length === 0) break;
      for (const end of ends) left.delete(end);
      for (const next of left.values()) for (const end of ends) next.delete(end);
    }
    expect([...left.keys()]).toEqual([]);
  }

  it('never close a circle, whichever of them are taken, on every graph of up to four switches', () => {
    for (const graph of allGraphs(4)) for (const home of graph.dpids) expectNoCircle(waysOf(graph, home));
  });

  it('never close a circle and lead to all that is joined, on any graph', () => {
    fc.assert(
      fc.property(arbitraryGraph(10, 24), fc.nat(), (graph, pick) => {
        const home = graph.dpids[pick % graph.dpids.length]!;
        const ways = waysOf(graph, home);
        expectNoCircle(ways);
        const joined = joinedTo(home, graph);
        for (const dpid of graph.dpids) {
          expect(ways.get(dpid)!.size > 0).toBe(joined.has(dpid) && dpid !== home);
        }
      }),
    );
  });

  function joinedTo(home: Dpid, { links }: TestGraph): Set<Dpid> {
    const joined = new Set([home]);
    for (let before = 0; before < joined.size;) {
      before = joined.size;
      for (const { a, b } of links) {
        if (joined.has(a.dpid)) joined.add(b.dpid);
        if (joined.has(b.dpid)) joined.add(a.dpid);
      }
    }
    return joined;
  }
});

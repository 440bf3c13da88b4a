import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDpid } from '../core/ids.ts';
import type { Dpid } from '../core/ids.ts';
import { arbitraryGraph } from '../topology/testing/graphs.ts';
import { forward } from './forward.ts';
import { rulesOf, TestNetwork } from './testing/rules.ts';

const [S1, S2, S3, S4] = [1n, 2n, 3n, 4n].map(formatDpid) as [Dpid, Dpid, Dpid, Dpid];
const M = 0x0200_0000_0001;

function output(port: number) {
  return [{ type: 'applyActions', actions: [{ type: 'output', port, maxLen: 0 }] }];
}

/** 1 - 2 - 3 in a row, a host at 1, and 4 by itself. */
function row(): TestNetwork {
  return new TestNetwork([S1, S2, S3, S4])
    .link({ dpid: S1, port: 1 }, { dpid: S2, port: 1 })
    .link({ dpid: S2, port: 2 }, { dpid: S3, port: 1 })
    .port({ dpid: S1, port: 9 }, 'host')
    .host(M, { dpid: S1, port: 9 });
}

describe('forward', () => {
  it('leads to a known host from every switch that has a way, next hop before', () => {
    const tables = row().tables([forward]);
    const rule = { table: 'forward', priority: 100, match: { ethDst: M } };
    expect(rulesOf(tables, S1)).toEqual([{ ...rule, instructions: output(9), after: [] }]);
    expect(rulesOf(tables, S2)).toEqual([{ ...rule, instructions: output(1), after: [{ dpid: S1, port: 1 }] }]);
    expect(rulesOf(tables, S3)).toEqual([{ ...rule, instructions: output(1), after: [{ dpid: S2, port: 2 }] }]);
    expect(rulesOf(tables, S4)).toEqual([]);
  });

  it('does not use links that work one way only', () => {
    const network = row().link({ dpid: S2, port: 2 }, { dpid: S3, port: 1 }, false);
    expect(rulesOf(network.tables([forward]), S3)).toEqual([]);
  });

  it.each([
    ['is unknown', 'unknown', true],
    ['leads to the fabric', 'fabric', true],
    ['is down', 'host', false],
  ] as const)('wants nothing, anywhere, for a host whose port %s', (_, kind, up) => {
    const tables = row().port({ dpid: S1, port: 9 }, kind, up).tables([forward]);
    for (const dpid of [S1, S2, S3, S4]) expect(rulesOf(tables, dpid)).toEqual([]);
  });

  it('leads every frame to its host by a shortest way, on any graph', () => {
    fc.assert(
      fc.property(arbitraryGraph(10, 24), fc.nat(), ({ dpids, links }, pick) => {
        const network = new TestNetwork(dpids);
        for (const { a, b } of links) network.link(a, b);
        const home = dpids[pick % dpids.length]!;
        network.port({ dpid: home, port: 100 }, 'host').host(M, { dpid: home, port: 100 });
        const tables = network.tables([forward]);
        const hops = hopsTo(home, links);
        for (const dpid of dpids) {
          const [rule, ...others] = rulesOf(tables, dpid);
          expect(others).toEqual([]);
          expect(rule !== undefined).toBe(hops.has(dpid));
          if (!rule || dpid === home) continue;
          const next = links
            .flatMap(({ a, b }) => [
              { from: a, to: b },
              { from: b, to: a },
            ])
            .find(
              ({ from }) =>
                from.dpid === dpid && JSON.stringify(rule.instructions) === JSON.stringify(output(from.port)),
            );
          expect(hops.get(next!.to.dpid)! + 1).toBe(hops.get(dpid));
          expect(rule.after).toEqual([next!.to]);
        }
      }),
    );
  });

  function hopsTo(home: Dpid, links: readonly { a: { dpid: Dpid }; b: { dpid: Dpid } }[]): Map<Dpid, number> {
    const hops = new Map([[home, 0]]);
    for (let distance = 0; [...hops.values()].includes(distance); distance++) {
      for (const { a, b } of links) {
        for (const [x, y] of [
          [a.dpid, b.dpid],
          [b.dpid, a.dpid],
        ] as const) {
          if (hops.get(x) === distance && !hops.has(y)) hops.set(y, distance + 1);
        }
      }
    }
    return hops;
  }
});

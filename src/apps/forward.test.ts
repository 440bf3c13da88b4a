import { describe, expect, it } from 'vitest';
import { formatDpid } from '../core/ids.ts';
import type { Dpid } from '../core/ids.ts';
import { forward } from './forward.ts';
import { nextHopGroup, toGroup } from './sdk.ts';
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
  it('leads to a known host from every switch that has a way, elsewhere by the group of its switch', () => {
    const tables = row().tables([forward]);
    const rule = { table: 'forward', priority: 100, match: { ethDst: M } };
    const elsewhere = [{ ...rule, instructions: toGroup(nextHopGroup(S1)), after: [] }];
    expect(rulesOf(tables, S1)).toEqual([{ ...rule, instructions: output(9), after: [] }]);
    expect(rulesOf(tables, S2)).toEqual(elsewhere);
    expect(rulesOf(tables, S3)).toEqual(elsewhere);
    expect(rulesOf(tables, S4)).toEqual([]);
  });

  it('is one rule, shared by all switches but its own', () => {
    const tables = row().tables([forward]);
    const [two, three] = [S2, S3].map((dpid) => [...tables.of(dpid).values()][0]);
    expect(two).toBe(three);
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
});

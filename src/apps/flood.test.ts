import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDpid } from '../core/ids.ts';
import type { Dpid } from '../core/ids.ts';
import type { DesiredTables } from '../flows/desired/tables.ts';
import { DisjointSets } from '../topology/paths/tree.ts';
import { arbitraryGraph } from '../topology/testing/graphs.ts';
import { flood } from './flood.ts';
import { apply, FLOOD_GROUP, FLOODED, MARK_FLOODED, UNMARK_FLOODED } from './sdk.ts';
import { groupsOf, rulesOf, TestNetwork } from './testing/rules.ts';

const [S1, S2, S3] = [1n, 2n, 3n].map(formatDpid) as [Dpid, Dpid, Dpid];

function portsOf(tables: DesiredTables, dpid: Dpid): number[] {
  const buckets = groupsOf(tables, dpid).get(FLOOD_GROUP) ?? [];
  const ports = buckets.map(({ actions }) => {
    const last = actions.at(-1);
    return last?.type === 'output' ? last.port : -1;
  });
  // One bucket a port, and what may come in is what may go out.
  const sources = rulesOf(tables, dpid).flatMap(({ match: { inPort } }) =>
    typeof inPort === 'number' ? [inPort] : [],
  );
  expect(sources.sort((x, y) => x - y)).toEqual(ports);
  return ports;
}

describe('flood', () => {
  it('goes to host ports and ports of the tree that are up, and to nothing else', () => {
    const network = new TestNetwork([S1, S2, S3])
      .link({ dpid: S1, port: 1 }, { dpid: S2, port: 1 })
      .link({ dpid: S1, port: 2 }, { dpid: S2, port: 2 })
      .link({ dpid: S1, port: 3 }, { dpid: S3, port: 1 }, false)
      .port({ dpid: S1, port: 4 }, 'fabric')
      .port({ dpid: S1, port: 5 }, 'unknown')
      .port({ dpid: S1, port: 6 }, 'host', false)
      .port({ dpid: S1, port: 7 }, 'host')
      .port({ dpid: S2, port: 8 }, 'host');
    const tables = network.tables([flood]);
    expect([portsOf(tables, S1), portsOf(tables, S2), portsOf(tables, S3)]).toEqual([[1, 7], [1, 8], []]);
  });

  it('marks what it sends to other switches, takes the mark off what comes from them, and lets no host bear it', () => {
    const network = new TestNetwork([S1, S2]).link({ dpid: S1, port: 1 }, { dpid: S2, port: 1 });
    const tables = network.port({ dpid: S1, port: 7 }, 'host').tables([flood]);
    const group = { type: 'group', groupId: FLOOD_GROUP } as const;
    expect(rulesOf(tables, S1).map(({ table, match, instructions }) => [table, match, instructions])).toEqual([
      ['flood', { inPort: 1, ...FLOODED }, [apply(UNMARK_FLOODED, group)]],
      ['flood', FLOODED, []],
      ['flood', { inPort: 7 }, [apply(group)]],
    ]);
    const outputs = [1, 7].map((port) => ({ type: 'output', port, maxLen: 0 }) as const);
    expect(groupsOf(tables, S1).get(FLOOD_GROUP)).toMatchObject([
      { actions: [...MARK_FLOODED, outputs[0]] },
      { actions: [outputs[1]] },
    ]);
  });

  it('leaves out a port of the tree that went down before its link was dropped', () => {
    const network = new TestNetwork([S1, S2])
      .link({ dpid: S1, port: 1 }, { dpid: S2, port: 1 })
      .port({ dpid: S1, port: 1 }, 'fabric', false);
    expect(portsOf(network.tables([flood]), S1)).toEqual([]);
  });

  it('reaches every host once and never circles, on any graph', () => {
    fc.assert(
      fc.property(arbitraryGraph(10, 24), ({ dpids, links }) => {
        const network = new TestNetwork(dpids);
        for (const { a, b } of links) network.link(a, b);
        for (const dpid of dpids) network.port({ dpid, port: 100 }, 'host');
        const tables = network.tables([flood]);
        const ports = new Map(dpids.map((dpid) => [dpid, new Set(portsOf(tables, dpid))]));
        const [tree, whole] = [new DisjointSets(), new DisjointSets()];
        for (const { a, b } of links) {
          whole.join(a.dpid, b.dpid);
          const atA = ports.get(a.dpid)!.has(a.port);
          // Both ends flood on a link, or none.
          expect(ports.get(b.dpid)!.has(b.port)).toBe(atA);
          if (atA) expect(tree.join(a.dpid, b.dpid)).toBe(true);
        }
        for (const x of dpids) {
          expect(ports.get(x)!.has(100)).toBe(true);
          for (const y of dpids) expect(tree.find(x) === tree.find(y)).toBe(whole.find(x) === whole.find(y));
        }
      }),
    );
  });
});

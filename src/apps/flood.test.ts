import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDpid } from '../core/ids.ts';
import type { Dpid } from '../core/ids.ts';
import type { DesiredTables } from '../flows/desired/tables.ts';
import { DisjointSets } from '../topology/paths/tree.ts';
import { arbitraryGraph } from '../topology/testing/graphs.ts';
import { flood } from './flood.ts';
import { FLOOD_GROUP } from './sdk.ts';
import { groupsOf, rulesOf, TestNetwork } from './testing/rules.ts';

const [S1, S2, S3] = [1n, 2n, 3n].map(formatDpid) as [Dpid, Dpid, Dpid];

function portsOf(tables: DesiredTables, dpid: Dpid): number[] {
  const buckets = groupsOf(tables, dpid).get(FLOOD_GROUP) ?? [];
  const ports = buckets.flatMap(({ actions }) =>
    actions.map((action) => (action.type === 'output' ? action.port : -1)),
  );
  // One bucket a port, and what may come in is what may go out.
  expect(rulesOf(tables, dpid).map(({ match }) => match.inPort)).toEqual(ports);
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
    for (const { table, instructions } of rulesOf(tables, S1)) {
      expect(table).toBe('flood');
      expect(instructions).toEqual([{ type: 'applyActions', actions: [{ type: 'group', groupId: FLOOD_GROUP }] }]);
    }
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

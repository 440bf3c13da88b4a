/** What apps want on a small network, in a form that tests can read. */
import { linkId, samePort } from '../../core/ids.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import { createManualClock } from '../../core/manual-clock.ts';
import { DesiredTables } from '../../flows/desired/tables.ts';
import { tableName } from '../../flows/pipeline.ts';
import { Network } from '../../topology/network.ts';
import { hostAt, portOf, switchOf } from '../../topology/testing/facts.ts';
import { wholeOf } from '../../topology/view.ts';
import type { PortKind } from '../../topology/view.ts';
import type { App, Bucket, Instruction, Match } from '../sdk.ts';

export interface PlainRule {
  readonly table: string;
  readonly priority: number;
  readonly match: Match;
  readonly instructions: readonly Instruction[];
  readonly after: readonly PortRef[];
}

export class TestNetwork {
  readonly network = new Network(createManualClock());

  constructor(dpids: readonly Dpid[]) {
    for (const dpid of dpids) this.network.setSwitch(dpid, switchOf(dpid, []));
  }

  port(ref: PortRef, kind: PortKind, up = true): this {
    this.network.setPort(ref.dpid, ref.port, portOf(ref.port, kind, up));
    return this;
  }

  /** A link between two fabric ports. */
  link(a: PortRef, b: PortRef, bidirectional = true): this {
    if (samePort(a, b)) throw new Error('a link has two ends');
    this.port(a, 'fabric').port(b, 'fabric');
    const id = linkId(a, b);
    this.network.setLink(id, { id, a, b, bidirectional });
    return this;
  }

  /** Of a port that is there; 0 where it does not say. */
  speed({ dpid, port }: PortRef, speedBps: number): this {
    const known = this.network.port({ dpid, port });
    if (known) this.network.setPort(dpid, port, { ...known, speedBps });
    return this;
  }

  host(mac: number, at: PortRef): this {
    this.network.setHost(mac, hostAt(mac, at));
    return this;
  }

  /** The tables that the apps want on this network. */
  tables(apps: readonly App[]): DesiredTables {
    const tables = new DesiredTables(apps, ({ error }) => {
      throw error;
    });
    this.network.flush();
    const { view } = this.network;
    tables.update({ view, change: wholeOf(view) });
    return tables;
  }
}

/** A switch's rules, by table, from the highest priority. */
export function rulesOf(tables: DesiredTables, dpid: Dpid): PlainRule[] {
  const rules = [...tables.of(dpid).values()].filter((item) => item.kind === 'flow');
  return rules
    .sort((x, y) => x.tableId - y.tableId || y.priority - x.priority)
    .map(({ tableId, priority, match, instructions, after }) => ({
      table: tableName(tableId),
      priority,
      match,
      instructions,
      after,
    }));
}

/** A switch's groups with their buckets. */
export function groupsOf(tables: DesiredTables, dpid: Dpid): ReadonlyMap<number, readonly Bucket[]> {
  const groups = [...tables.of(dpid).values()].filter((item) => item.kind === 'group');
  return new Map(groups.map(({ groupId, buckets }) => [groupId, buckets]));
}

/** The flows, groups and meters of a switch: asked of it now, or as they are desired. */
import { flowKey, groupKey, meterKey } from '../flows/items.ts';
import type { Item } from '../flows/items.ts';
import type { FlowRecord, GroupRecord, MeterRecord } from '../northbound/services.ts';
import { OFPET, OFPG, OFPM, OFPP, OFPTT } from '../openflow/codec/index.ts';
import type { DatapathSession } from '../openflow/session/datapath.ts';
import { OpenFlowError } from '../openflow/session/requests.ts';
import { flowRule, groupRule, meterRule, ownerOfInstalled } from './rules.ts';

/** What is desired of one switch, by key. */
export type DesiredItems = ReadonlyMap<string, Item>;

/** How a switch answers that it has no meters. */
const MEANS_NO_METERS: ReadonlySet<number> = new Set([OFPET.BAD_REQUEST, OFPET.METER_MOD_FAILED]);

type Session = Pick<DatapathSession, 'multipart'>;

export async function installedFlows(session: Session, desired: DesiredItems): Promise<FlowRecord[]> {
  const everything = {
    tableId: OFPTT.ALL,
    outPort: OFPP.ANY,
    outGroup: OFPG.ANY,
    cookie: 0n,
    cookieMask: 0n,
    match: {},
  };
  const flows = await session.multipart('flow', everything);
  return flows.map((flow) => {
    const { tableId, priority, match, cookie } = flow;
    const wish = desired.get(flowKey(tableId, priority, match));
    return {
      ...flowRule(flow, ownerOfInstalled({ kind: 'flow', cookie }, wish)),
      packets: flow.packetCount,
      bytes: flow.byteCount,
      durationSeconds: flow.durationSec,
    };
  });
}

/** In the order in which a packet meets them. */
export function desiredFlows(desired: DesiredItems): FlowRecord[] {
  const records: FlowRecord[] = [];
  for (const item of desired.values()) {
    if (item.kind !== 'flow') continue;
    records.push({ ...flowRule(item, item.owner ?? null), packets: 0n, bytes: 0n, durationSeconds: 0 });
  }
  return records.sort((x, y) => x.tableId - y.tableId || y.priority - x.priority);
}

export async function installedGroups(session: Session, desired: DesiredItems): Promise<GroupRecord[]> {
  const [descriptions, statistics] = await Promise.all([
    session.multipart('groupDesc', undefined),
    session.multipart('group', { groupId: OFPG.ALL }),
  ]);
  // A group may come or go between the two answers: what it is counts, and its counters are shown where they came.
  const byId = new Map(statistics.map((stats) => [stats.groupId, stats]));
  return descriptions.map((description) => {
    const { groupId } = description;
    const stats = byId.get(groupId);
    return {
      ...groupRule(description, ownerOfInstalled({ kind: 'group', groupId }, desired.get(groupKey(groupId)))),
      counted: stats && {
        packets: stats.packetCount,
        bytes: stats.byteCount,
        references: stats.refCount,
        durationSeconds: stats.durationSec,
        buckets: stats.buckets,
      },
    };
  });
}

export function desiredGroups(desired: DesiredItems): GroupRecord[] {
  const records: GroupRecord[] = [];
  for (const item of desired.values()) {
    if (item.kind === 'group') records.push({ ...groupRule(item, item.owner ?? null), counted: undefined });
  }
  return records;
}

/** None of a switch that does not know meters and refuses the question. */
export async function installedMeters(session: Session, desired: DesiredItems): Promise<MeterRecord[]> {
  try {
    const [configs, statistics] = await Promise.all([
      session.multipart('meterConfig', { meterId: OFPM.ALL }),
      session.multipart('meter', { meterId: OFPM.ALL }),
    ]);
    const byId = new Map(statistics.map((stats) => [stats.meterId, stats]));
    return configs.map((config) => {
      const { meterId } = config;
      const stats = byId.get(meterId);
      return {
        ...meterRule(config, ownerOfInstalled({ kind: 'meter', meterId }, desired.get(meterKey(meterId)))),
        counted: stats && {
          packetsIn: stats.packetInCount,
          bytesIn: stats.byteInCount,
          flows: stats.flowCount,
          durationSeconds: stats.durationSec,
          bands: stats.bands,
        },
      };
    });
  } catch (error) {
    if (error instanceof OpenFlowError && MEANS_NO_METERS.has(error.errorType)) return [];
    throw error;
  }
}

export function desiredMeters(desired: DesiredItems): MeterRecord[] {
  const records: MeterRecord[] = [];
  for (const item of desired.values()) {
    if (item.kind === 'meter') records.push({ ...meterRule(item, item.owner ?? null), counted: undefined });
  }
  return records;
}

/** Rules, groups and what a switch tells of them, for tests of the reconciler. */
import { bucket, OFPGT, OFPRR } from '../../../openflow/codec/index.ts';
import type { FullFlowUpdate, Instruction } from '../../../openflow/codec/index.ts';
import { makeCookie, RULE_CLASS } from '../../cookie.ts';
import { flowItem, groupItem, meterItem } from '../../items.ts';
import type { FlowItem, GroupItem, Item, MeterItem } from '../../items.ts';
import { GROUP_BASE, METER_BASE, TABLES } from '../../pipeline.ts';

export const COOKIE = makeCookie({ app: 4, ruleClass: RULE_CLASS.DESIRED, unit: 7 });
export const FOREIGN_COOKIE = 0x77n;

function outputTo(port: number): Instruction[] {
  return [{ type: 'applyActions', actions: [{ type: 'output', port }] }];
}

/** A rule in steer, by number; the port it sends to makes another rule of it in the same place. */
export function rule(index: number, port = 1): FlowItem {
  return flowItem({
    tableId: TABLES.steer.id,
    priority: 100,
    match: { ethDst: 0x0200_0000_0000 + index },
    instructions: outputTo(port),
    cookie: COOKIE,
  });
}

export function group(index: number, port = 1): GroupItem {
  return groupItem({
    groupId: GROUP_BASE + 100 + index,
    groupType: OFPGT.ALL,
    buckets: [bucket({ actions: [{ type: 'output', port }] })],
  });
}

export function meter(index: number): MeterItem {
  return meterItem({ meterId: METER_BASE + index, flags: 1, bands: [{ type: 'drop', rate: 100, burstSize: 0 }] });
}

/** A rule that sends by a group. */
export function ruleBy({ groupId }: GroupItem, index: number): FlowItem {
  return flowItem({ ...rule(index), instructions: [{ type: 'applyActions', actions: [{ type: 'group', groupId }] }] });
}

export function ruleWith({ meterId }: MeterItem, index: number): FlowItem {
  return flowItem({ ...rule(index), instructions: [{ type: 'meter', meterId }] });
}

export function tableOf(...items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [item.key, item]));
}

/** What a switch tells of a rule. */
export function told(
  type: FullFlowUpdate['type'],
  { tableId, priority, match, instructions, cookie }: FlowItem,
  reason: number = type === 'deleted' ? OFPRR.DELETE : 0,
): FullFlowUpdate {
  return { type, reason, tableId, priority, match, instructions, cookie, idleTimeout: 0, hardTimeout: 0 };
}

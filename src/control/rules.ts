/** Flows, groups and meters as the northbound shows them, each with whoever wants it. */
import { isOurs, readCookie, RULE_CLASS } from '../flows/cookie.ts';
import type { FlowItem, FlowParts, GroupItem, GroupParts, Item, MeterItem, MeterParts } from '../flows/items.ts';
import { isOurGroup, isOurMeter, tableName } from '../flows/pipeline.ts';
import type { AnyRule, FlowRule, GroupRule, MeterRule, RuleOwner } from '../northbound/services.ts';

/** Of what is ours and desired by nobody any more. */
const LEAVING: RuleOwner = { kind: 'signalbox', name: 'leaving' };

/** Of answers to packets, in reactive forwarding. */
const CONVERSATION: RuleOwner = { kind: 'reactive', name: 'conversation' };

/** By what a rule is known to be ours: flows by their cookie, groups and meters by their number. */
export type Mark =
  Pick<FlowItem, 'kind' | 'cookie'> | Pick<GroupItem, 'kind' | 'groupId'> | Pick<MeterItem, 'kind' | 'meterId'>;

/** Whose a rule on a switch is, given what is desired in its place: its owner's, or leaving, or nobody's we know. */
export function ownerOfInstalled(installed: Mark, desired: Item | undefined): RuleOwner | null {
  if (desired?.owner && isMarkedAs(installed, desired)) return desired.owner;
  if (!isOurMark(installed)) return null;
  return isConversation(installed) ? CONVERSATION : LEAVING;
}

export function toRule(item: Item, owner: RuleOwner | null): AnyRule {
  if (item.kind === 'flow') return { kind: item.kind, ...flowRule(item, owner) };
  if (item.kind === 'group') return { kind: item.kind, ...groupRule(item, owner) };
  return { kind: item.kind, ...meterRule(item, owner) };
}

export function flowRule(item: FlowParts, owner: RuleOwner | null): FlowRule {
  const { tableId, priority, match, instructions, cookie } = item;
  return { tableId, tableName: tableName(tableId), priority, match, instructions, cookie, owner };
}

export function groupRule(item: GroupParts, owner: RuleOwner | null): GroupRule {
  const { groupId, groupType, buckets } = item;
  return { groupId, groupType, buckets, owner };
}

export function meterRule(item: MeterParts, owner: RuleOwner | null): MeterRule {
  const { meterId, flags, bands } = item;
  return { meterId, flags, bands, owner };
}

function isMarkedAs(mark: Mark, desired: Item): boolean {
  return mark.kind !== 'flow' || (desired.kind === 'flow' && desired.cookie === mark.cookie);
}

function isConversation(mark: Mark): boolean {
  return mark.kind === 'flow' && readCookie(mark.cookie).ruleClass === RULE_CLASS.REACTIVE;
}

function isOurMark(mark: Mark): boolean {
  if (mark.kind === 'flow') return isOurs(mark.cookie);
  return mark.kind === 'group' ? isOurGroup(mark.groupId) : isOurMeter(mark.meterId);
}

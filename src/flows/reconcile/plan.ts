/**
 * Chooses the changes that may go to one switch now. What must wait for another switch (make before break, egress first;
 * the flood tree) stays dirty and is looked at again when something was confirmed.
 */
import type { Dpid, PortRef } from '../../core/ids.ts';
import type { Instruction } from '../../openflow/codec/index.ts';
import { flowItem, flowKey, sameItem } from '../items.ts';
import type { FlowItem, GroupItem, Item } from '../items.ts';
import { PORT_PRIORITY, TABLES } from '../pipeline.ts';
import { referencesOf } from '../references.ts';
import type { Cabling } from './cabling.ts';
import { isFloodKey } from './flood-gate.ts';
import type { FloodGate } from './flood-gate.ts';
import { planFlood } from './flood-plan.ts';
import { opFor } from './op.ts';
import type { Op } from './op.ts';
import { senderOf } from './senders.ts';
import { isRefused, isSettled } from './state.ts';
import type { SwitchState } from './state.ts';

/** Changes in one commit: bounds the work of a turn, and what is done again when a commit is refused. */
export const MAX_OPS = 2_000;

const DROP: readonly Instruction[] = [];
const portKeys = new Map<number, string>();

/** The key of intake's rule for a port. */
function portKeyOf(inPort: number): string {
  let key = portKeys.get(inPort);
  if (key === undefined) portKeys.set(inPort, (key = flowKey(TABLES.intake.id, PORT_PRIORITY, { inPort })));
  return key;
}

export interface PlanContext {
  readonly states: ReadonlyMap<Dpid, SwitchState>;
  readonly desired: (dpid: Dpid) => ReadonlyMap<string, Item>;
  readonly cabling: Cabling;
  readonly floodGate: FloodGate;
  /** True while switches are still coming back after a restart: what looks left over may be wanted by one of them. */
  readonly keepLeftovers: () => boolean;
}

/** One switch's changes while they are chosen. */
interface Draft {
  readonly state: SwitchState;
  readonly desired: ReadonlyMap<string, Item>;
  readonly ops: Map<string, Op>;
}

/** Ready changes, about MAX_OPS at most. Keys found to be settled or refused are taken out of `dirty`. */
export function plan(state: SwitchState, context: PlanContext): Op[] {
  if (!state.installed || !state.transport) return [];
  const draft: Draft = { state, desired: context.desired(state.dpid), ops: new Map() };
  // Groups and meters first, since rules may need them; their removal last, since rules may need them still.
  const rules: string[] = [];
  const leaving: string[] = [];
  for (const key of state.dirty) {
    if (isFloodKey(key)) continue;
    if (key.startsWith('f')) rules.push(key);
    else if (draft.desired.has(key)) consider(key, draft, context);
    else leaving.push(key);
  }
  for (const keys of [rules, leaving]) {
    for (const key of keys) {
      if (draft.ops.size >= MAX_OPS) break;
      consider(key, draft, context);
    }
  }
  const ops = [...draft.ops.values()];
  // A switch that was just read floods only when it holds all else: what it should forward must not be flooded.
  return ops.length >= MAX_OPS ? ops : [...ops, ...planFlood(state, draft.desired, context.floodGate)];
}

/** Puts the change that a key needs into the draft, if it may go now. */
function consider(key: string, { state, desired, ops }: Draft, context: PlanContext): void {
  const wish = desired.get(key);
  const held = state.installed?.get(key);
  const orphan = held || wish ? undefined : senderOf(state.dpid, key, context);
  if (orphan) ops.set(key, dropping(orphan));
  else if (sameItem(held, wish) || isRefused(state, key, wish)) state.dirty.delete(key);
  else {
    const op = opFor(held, wish);
    const ready = op && readyOp(op, { state, desired, ops }, context);
    if (ready) ops.set(key, ready);
  }
}

/** The change as it may go now, undefined where it has to wait. */
function readyOp(op: Op, draft: Draft, context: PlanContext): Op | undefined {
  const { state } = draft;
  const { item } = op;
  const { key } = item;
  if (op.type === 'delete') {
    if (context.keepLeftovers()) return undefined;
    const needed = item.kind === 'flow' ? senderOf(state.dpid, key, context) !== undefined : isInUse(key, draft);
    return needed ? undefined : op;
  }
  if (item.kind === 'meter') return op;
  if (item.kind === 'group') return groupIsReady(item, draft, context) ? op : undefined;
  if (ruleIsReady(item, draft, context)) return op;
  return !state.installed?.has(key) && senderOf(state.dpid, key, context) ? dropping(item) : undefined;
}

/**
 * The new way is made for the group and for every rule that uses it. A rule that is to lead elsewhere soon (its host moved)
 * need not wait for that: it drops meanwhile, or two groups could wait for each other's rules for ever.
 */
function groupIsReady({ key, after }: GroupItem, { state, desired, ops }: Draft, context: PlanContext): boolean {
  if (!wayIsReady(after, key, context)) return false;
  const leaving: Op[] = [];
  for (const user of state.installed?.usersOf(key) ?? []) {
    if (wayIsReady(after, user, context)) continue;
    const held = state.installed?.get(user);
    const wish = desired.get(user);
    if (held?.kind !== 'flow' || !wish || sameItem(held, wish)) return false;
    leaving.push(dropping(held));
  }
  for (const op of leaving) ops.set(op.item.key, op);
  return true;
}

function isInUse(key: string, { state, ops }: Draft): boolean {
  for (const user of state.installed?.usersOf(key) ?? []) {
    const op = ops.get(user);
    if (!op || (op.type !== 'delete' && referencesOf(op.item).includes(key))) return true;
  }
  return false;
}

/** What the rule uses is there or comes with it, and where it leads is made already. */
function ruleIsReady(item: FlowItem, { state, desired, ops }: Draft, context: PlanContext): boolean {
  for (const used of referencesOf(item)) {
    const wish = desired.get(used);
    if (wish && !ops.has(used) && !isSettled(state, used, wish)) return false;
  }
  return wayIsReady(nextOf(item, desired), item.key, context);
}

/** Where a rule leads: by itself, and by the groups it uses. */
function nextOf(item: FlowItem, desired: ReadonlyMap<string, Item>): readonly PortRef[] {
  const references = referencesOf(item);
  if (references.length === 0) return item.after;
  const groups = references.map((key) => desired.get(key)).filter((used): used is GroupItem => used?.kind === 'group');
  if (groups.length === 1 && item.after.length === 0) return groups[0]!.after;
  return [...item.after, ...groups.flatMap(({ after }) => after)];
}

/**
 * Stands in for a rule that others count on and that this switch lost, since it started anew, or cannot have yet: flooding what
 * they send could bring it back to them.
 */
function dropping(item: FlowItem): Op {
  return { type: 'add', item: flowItem({ ...item, instructions: DROP, after: [] }) };
}

/**
 * Egress first: where frames are sent to, the port is open and the switch holds what is desired under the key, with all that it
 * uses, and so it is to the end of every way. A next hop that is right already may itself lead to one that is not.
 */
function wayIsReady(next: readonly PortRef[], key: string, context: PlanContext): boolean {
  if (next.length === 0) return true;
  const seen = new Set<Dpid>();
  const follow = (refs: readonly PortRef[]): boolean => refs.every((ref) => arrives(ref) && passes(ref.dpid));
  const arrives = ({ dpid, port }: PortRef): boolean => {
    const opening = context.desired(dpid).get(portKeyOf(port));
    return opening !== undefined && isSettled(context.states.get(dpid), portKeyOf(port), opening);
  };
  const passes = (dpid: Dpid): boolean => {
    if (seen.has(dpid)) return true;
    seen.add(dpid);
    const state = context.states.get(dpid);
    const desired = context.desired(dpid);
    const wish = desired.get(key);
    // No group leads on from the switch that a group leads to. A rule that nobody desires any more serves while it is there.
    if (!wish && !key.startsWith('f')) return isSettled(state, key, undefined);
    const item = wish ?? state?.installed?.get(key);
    if (!item || !isSettled(state, key, item)) return false;
    if (item.kind === 'group') return follow(item.after);
    if (item.kind !== 'flow') return true;
    if (!referencesOf(item).every((used) => isSettled(state, used, desired.get(used)))) return false;
    return follow(nextOf(item, desired));
  };
  return follow(next);
}

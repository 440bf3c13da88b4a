/**
 * Chooses the changes that may go to one switch now. What must wait for another switch (make before break, egress first;
 * the flood tree) waits, and is looked at again when something happened to what holds it up.
 */
import { samePort } from '../../core/ids.ts';
import type { Dpid } from '../../core/ids.ts';
import type { Instruction } from '../../openflow/codec/index.ts';
import { flowItem, sameItem } from '../items.ts';
import type { FlowItem, GroupItem, Item } from '../items.ts';
import { referencesOf } from '../references.ts';
import type { Cabling } from './cabling.ts';
import { leadsOn } from './drains.ts';
import type { Drains } from './drains.ts';
import { isFloodKey } from './flood-gate.ts';
import type { FloodGate } from './flood-gate.ts';
import { planFlood } from './flood-plan.ts';
import { opFor } from './op.ts';
import type { Op } from './op.ts';
import { senderOf } from './senders.ts';
import { isRefused, isSettled } from './state.ts';
import type { SwitchState } from './state.ts';
import type { Place, Waits } from './waits.ts';
import { holdUpsOf, nextOf } from './ways.ts';

/** Changes in one commit: bounds the work of a turn, and what is done again when a commit is refused. */
export const MAX_OPS = 2_000;

const DROP: readonly Instruction[] = [];
export interface PlanContext {
  readonly states: ReadonlyMap<Dpid, SwitchState>;
  readonly desired: (dpid: Dpid) => ReadonlyMap<string, Item>;
  readonly cabling: Cabling;
  readonly floodGate: FloodGate;
  readonly waits: Waits;
  readonly drains: Drains;
  /** True while switches are still coming back after a restart: what looks left over may be wanted by one of them. */
  readonly keepLeftovers: () => boolean;
}

/** One switch's changes while they are chosen. */
interface Draft {
  readonly state: SwitchState;
  readonly desired: ReadonlyMap<string, Item>;
  readonly ops: Map<string, Op>;
}

/** Ready changes, about MAX_OPS at most. Keys that are settled or refused leave `dirty`, and so do those that have to wait. */
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
function consider(key: string, draft: Draft, context: PlanContext): void {
  const { state, desired, ops } = draft;
  const wish = desired.get(key);
  const held = state.installed?.get(key);
  const orphan = held || wish ? undefined : senderOf(state.dpid, key, context);
  if (orphan) ops.set(key, dropping(orphan.item));
  else if (sameItem(held, wish) || isRefused(state, key, wish)) state.dirty.delete(key);
  else {
    const op = opFor(held, wish);
    if (op) propose(op, draft, context);
  }
}

/** Puts a change into the draft as it may go now, or lets it wait. */
function propose(op: Op, draft: Draft, context: PlanContext): void {
  const { item } = op;
  const { key } = item;
  // What is left over after a restart stays dirty, since time alone ends this.
  if (op.type === 'delete' && context.keepLeftovers()) return;
  const holdUps = holdUpsOfOp(op, draft, context);
  if (holdUps === undefined) draft.ops.set(key, op);
  else if (op.type !== 'delete' && item.kind === 'flow' && mustStandIn(item, draft, context)) {
    draft.ops.set(key, dropping(item));
  } else context.waits.wait(draft.state, key, holdUps);
}

/** Where something has to happen before this may go; undefined where nothing has. */
function holdUpsOfOp({ type, item }: Op, draft: Draft, context: PlanContext): readonly Place[] | undefined {
  if (type === 'delete') return item.kind === 'flow' ? sendersOf(item, draft, context) : useOf(item.key, draft);
  if (item.kind === 'meter') return undefined;
  return item.kind === 'group' ? holdUpsOfGroup(item, draft, context) : holdUpsOfRule(item, draft, context);
}

/** A rule goes only when no neighbour sends here by it. */
function sendersOf({ key }: FlowItem, { state }: Draft, context: PlanContext): readonly Place[] | undefined {
  const sender = senderOf(state.dpid, key, context);
  return sender && [key, ...referencesOf(sender.item)].map((place) => ({ dpid: sender.dpid, key: place }));
}

/** A group or meter goes only with or after the rules that use it. */
function useOf(key: string, { state, ops }: Draft): readonly Place[] | undefined {
  for (const user of state.installed?.usersOf(key) ?? []) {
    const op = ops.get(user);
    if (!op || (op.type !== 'delete' && referencesOf(op.item).includes(key))) return [{ dpid: state.dpid, key: user }];
  }
  return undefined;
}

/**
 * The new way must be made for the group and for every rule that uses it. A rule that is to lead elsewhere soon (its host moved)
 * is not waited for: it drops meanwhile, or two groups could wait for each other's rules for ever.
 */
function holdUpsOfGroup(item: GroupItem, draft: Draft, context: PlanContext): readonly Place[] | undefined {
  const { state, desired, ops } = draft;
  const { key } = item;
  const old = state.installed?.get(key);
  // Where it leads already it may go on leading: a switch there that is gone, or lost its rules, holds up no way around it.
  const known = old?.kind === 'group' ? old.after : [];
  const after = item.after.filter((ref) => !known.some((other) => samePort(ref, other)));
  const drain = context.drains.placeFor(key, state.dpid, after);
  if (drain && leadsOn(state.dpid, key, context)) return [drain];
  const holdUps = holdUpsOf(after, key, context);
  if (holdUps) return holdUps;
  const leaving: Op[] = [];
  for (const user of state.installed?.usersOf(key) ?? []) {
    const held = state.installed?.get(user);
    const wish = desired.get(user);
    const userHoldUps = holdUpsOf(after, user, context);
    if (!userHoldUps) continue;
    if (held?.kind !== 'flow' || !wish || sameItem(held, wish)) {
      return [...userHoldUps, { dpid: state.dpid, key: user }];
    }
    leaving.push(dropping(held));
  }
  for (const op of leaving) ops.set(op.item.key, op);
  return undefined;
}

/** What the rule uses must be there or come with it, and where it leads must be made already. */
function holdUpsOfRule(
  item: FlowItem,
  { state, desired, ops }: Draft,
  context: PlanContext,
): readonly Place[] | undefined {
  const own = referencesOf(item).map((key) => ({ dpid: state.dpid, key }));
  for (const { key } of own) {
    const wish = desired.get(key);
    if (wish && !ops.has(key) && !isSettled(state, key, wish)) return own;
  }
  const holdUps = holdUpsOf(nextOf(item, desired), item.key, context);
  // Where its group comes to lead elsewhere, it waits for another way.
  return holdUps && [...own, ...holdUps];
}

function mustStandIn(item: FlowItem, { state }: Draft, context: PlanContext): boolean {
  return !state.installed?.has(item.key) && senderOf(state.dpid, item.key, context) !== undefined;
}

/**
 * Stands in for a rule that others count on and that this switch lost, since it started anew, or cannot have yet: flooding what
 * they send could bring it back to them.
 */
function dropping(item: FlowItem): Op {
  return { type: 'add', item: flowItem({ ...item, instructions: DROP, after: [] }) };
}

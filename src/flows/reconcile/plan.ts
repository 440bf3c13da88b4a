/**
 * Chooses the changes that may go to one switch now. What must wait for another switch (make before break, egress first;
 * the flood tree) waits, and is looked at again when something happened to what holds it up.
 */
import { samePort } from '../../core/ids.ts';
import type { Dpid } from '../../core/ids.ts';
import { sameItem } from '../items.ts';
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
  return [...draft.ops.values(), ...planFlood(state, draft.desired, context.floodGate)];
}

/** Puts the change that a key needs into the draft, if it may go now. */
function consider(key: string, draft: Draft, context: PlanContext): void {
  const { state, desired } = draft;
  const wish = desired.get(key);
  const held = state.installed?.get(key);
  if (sameItem(held, wish) || isRefused(state, key, wish)) state.dirty.delete(key);
  else {
    const op = opFor(held, wish);
    if (op) propose(op, draft, context);
  }
}

/** Puts a change into the draft as it may go now, or lets it wait. */
function propose(op: Op, draft: Draft, context: PlanContext): void {
  const { key } = op.item;
  // What is left over after a restart stays dirty, since time alone ends this.
  if (op.type === 'delete' && context.keepLeftovers()) return;
  const holdUps = holdUpsOfOp(op, draft, context);
  if (holdUps === undefined) draft.ops.set(key, op);
  else context.waits.wait(draft.state, key, holdUps);
}

/** Where something has to happen before this may go; undefined where nothing has. */
function holdUpsOfOp({ type, item }: Op, draft: Draft, context: PlanContext): readonly Place[] | undefined {
  if (type === 'delete') return item.kind === 'flow' ? sendersOf(item, draft, context) : useOf(item.key, draft);
  if (item.kind === 'meter') return undefined;
  return item.kind === 'group' ? holdUpsOfGroup(item, draft, context) : holdUpsOfRule(item, draft, context);
}

/** A rule goes when no neighbour sends here by it any more: without it the switch would drop what they send. */
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
 * is not waited for: it goes, or two groups could wait for each other's rules for ever.
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
    leaving.push({ type: 'delete', item: held });
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

/**
 * Takes in what a switch tells of changes that someone else made. Each update says what stands under one key now, so that it
 * is true by itself, whatever came before; where it may be older than a change of ours, the switch is read.
 */
import { OFPRR } from '../../openflow/codec/index.ts';
import type { FullFlowUpdate } from '../../openflow/codec/index.ts';
import { isOurs, readCookie, RULE_CLASS } from '../cookie.ts';
import { flowItem, flowKey, sameItem } from '../items.ts';
import type { Item } from '../items.ts';
import type { SwitchState } from './state.ts';

/** OpenFlow 1.4's number, which Open vSwitch sends on 1.3 too. */
const METER_DELETE = 4;
/** What someone else changed and is not repaired: more than any switch holds of ours, and not without end. */
export const MAX_DRIFT = 200_000;
/** Told during one read: a switch that tells more is read again. */
export const MAX_HEARD = 20_000;

export const CAUSE = {
  deleted: 'someone else deleted it',
  withGroup: 'it went with a group or meter that someone else deleted',
  ranOut: 'it ran out: someone else had given it a timeout',
  changed: 'someone else changed what it does',
  added: 'someone else added it under a cookie of this controller',
  foundMissing: 'a read of the switch found it missing',
  foundChanged: 'a read of the switch found it changed',
  foundAdded: 'a read of the switch found it, and this controller did not put it there',
} as const;

export const DOUBT = {
  contested: 'someone else changed a rule while it was being changed here',
  withGroup: 'rules went with a group or meter that someone else deleted',
  tooMuch: 'someone else changed more than can be followed',
} as const;

type Desired = ReadonlyMap<string, Item>;

/** True for rules that the reconciler keeps, by their cookie. */
export function isKept(cookie: bigint): boolean {
  return isOurs(cookie) && readCookie(cookie).ruleClass === RULE_CLASS.DESIRED;
}

/** Keeps what a switch tells while it is read; it is taken in after what was read, which may be older or newer. */
export function hear(state: SwitchState, update: FullFlowUpdate): void {
  if (!state.heard) return;
  if (state.heard.length < MAX_HEARD) state.heard.push(update);
  else state.doubt = DOUBT.tooMuch;
}

/**
 * Moves what is installed, and marks what has to be put right. `now` in monotonic milliseconds. Returns the key that moved,
 * undefined where none did.
 */
export function takeUpdate(
  state: SwitchState,
  update: FullFlowUpdate,
  desired: Desired,
  now: number,
): string | undefined {
  const { installed } = state;
  if (!installed) return undefined;
  if (state.repairs.open >= MAX_DRIFT) {
    state.doubt ??= DOUBT.tooMuch;
    return undefined;
  }
  const { tableId, priority, match, cookie, type } = update;
  const key = flowKey(tableId, priority, match);
  const held = installed.get(key);
  if (!isOurs(cookie)) noteForeign(state, key, update);
  const isFlying = state.inFlight.has(key);
  if (type === 'deleted' || !isKept(cookie)) {
    if (!held && !isFlying) return undefined;
    move(state, key, undefined, desired);
    note(state, key, { cause: causeOfLoss(update), desired, now });
    if (held && goneWithGroup(update)) state.doubt ??= DOUBT.withGroup;
    return key;
  }
  const item = flowItem(update);
  if (sameItem(held, item) && !isFlying) return undefined;
  move(state, key, item, desired);
  note(state, key, { cause: held ? CAUSE.changed : CAUSE.added, desired, now });
  return key;
}

function move(state: SwitchState, key: string, item: Item | undefined, desired: Desired): void {
  if (state.inFlight.has(key)) {
    // Before our change or after it: the update does not tell. The switch holds the one or the other until it is read.
    state.contested.add(key);
    state.doubt ??= DOUBT.contested;
  }
  const wish = desired.get(key);
  // Where they are the same the desired one is kept: it knows its owner and what must come after it.
  if (item) state.installed?.set(key, wish && sameItem(item, wish) ? wish : item);
  else state.installed?.delete(key);
}

function note(
  state: SwitchState,
  key: string,
  { cause, desired, now }: { cause: string; desired: Desired; now: number },
): void {
  if (sameItem(state.installed?.get(key), desired.get(key))) state.repairs.undone(key);
  else if (state.repairs.drifted(key, cause, now)) state.dirty.add(key);
}

function noteForeign(state: SwitchState, key: string, update: FullFlowUpdate): void {
  if (update.type === 'deleted') state.foreign.remove(key);
  else state.foreign.put(flowItem(update), update.type === 'added');
}

function goneWithGroup({ type, reason }: FullFlowUpdate): boolean {
  return type === 'deleted' && (reason === OFPRR.GROUP_DELETE || reason === METER_DELETE);
}

function causeOfLoss(update: FullFlowUpdate): string {
  if (update.type !== 'deleted')
    return `someone else put a rule with cookie 0x${update.cookie.toString(16)} in its place`;
  if (goneWithGroup(update)) return CAUSE.withGroup;
  return update.reason === OFPRR.DELETE ? CAUSE.deleted : CAUSE.ranOut;
}

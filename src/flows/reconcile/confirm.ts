/** What a switch's answer to a commit means for what is known of it. */
import type { Item } from '../items.ts';
import { referencesOf } from '../references.ts';
import type { Op } from './op.ts';
import type { SwitchState } from './state.ts';
import type { Refusal } from './transport.ts';

export interface Answer {
  readonly ops: readonly Op[];
  readonly refusals: readonly Refusal[];
  /** Monotonic milliseconds. */
  readonly now: number;
  /** Milliseconds since the epoch. */
  readonly wall: number;
}

/** A rule that was put right. */
export interface Repaired {
  readonly item: Item;
  readonly cause: string;
  /** With this repair it is a war. */
  readonly war: boolean;
}

export interface Outcome {
  readonly confirmed: number;
  readonly repaired: readonly Repaired[];
  /** Refusals that were not known before. */
  readonly news: readonly Refusal[];
}

/**
 * Moves what is installed. Where someone else changed the same rule meanwhile, the switch holds the one or the other: that
 * stays in flight until it is read.
 */
export function confirm(state: SwitchState, answer: Answer): Outcome {
  const refused = new Set(answer.refusals.map(({ op }) => op));
  const repaired: Repaired[] = [];
  const contested = new Map<string, Op>();
  let confirmed = 0;
  for (const op of answer.ops) {
    const { key } = op.item;
    if (refused.has(op)) continue;
    if (state.contested.has(key)) {
      contested.set(key, op);
      continue;
    }
    confirmed++;
    install(state, op);
    const repair = state.repairs.confirmed(key, answer.now);
    if (repair) repaired.push({ item: op.item, ...repair });
  }
  state.inFlight = contested;
  state.contested.clear();
  return { confirmed, repaired, news: noteRefusals(state, answer) };
}

function install(state: SwitchState, { type, item }: Op): void {
  const { key } = item;
  if (type === 'delete') state.installed?.delete(key);
  else state.installed?.set(key, item);
  if (state.refused.size > 0) for (const freed of state.refused.taken(key)) state.dirty.add(freed);
}

function noteRefusals(state: SwitchState, { refusals, now, wall }: Answer): Refusal[] {
  return refusals.filter((refusal) => {
    const { installed } = state;
    // A rule that lacks what it was never given tells nothing new of the switch.
    const surprising = refusal.stale && referencesOf(refusal.op.item).every((key) => installed?.has(key));
    if (surprising) state.doubt ??= refusal.reason;
    return state.refused.note(refusal, { now, wall });
  });
}

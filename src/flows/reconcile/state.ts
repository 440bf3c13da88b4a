/** What the reconciler knows of one switch. */
import type { FullFlowUpdate } from '../../openflow/codec/index.ts';
import type { Dpid } from '../../core/ids.ts';
import { sameItem } from '../items.ts';
import type { Item } from '../items.ts';
import { ForeignItems } from './foreign.ts';
import type { Installed } from './installed.ts';
import type { Op } from './op.ts';
import { Pace } from './pace.ts';
import { Refusals } from './refusals.ts';
import { Repairs } from './repairs.ts';
import type { ReadBack, SwitchTransport } from './transport.ts';

/** Someone asked for a fresh read. */
export interface Audit {
  readonly done: Promise<ReadBack | undefined>;
  readonly resolve: (readBack: ReadBack | undefined) => void;
}

export interface SwitchState {
  readonly dpid: Dpid;
  /** Undefined while the session is gone. */
  transport: SwitchTransport | undefined;
  /** As last read, confirmed or told; kept while the session is gone, since the switch goes on with it. Undefined: never read. */
  installed: Installed | undefined;
  /** Keys where desired and installed may differ. */
  readonly dirty: Set<string>;
  /** Keys that differ and wait for something to happen elsewhere, see Waits. */
  readonly waiting: Set<string>;
  /** Changes sent and not confirmed, or confirmed while someone else changed the same: the switch may hold either. */
  inFlight: ReadonlyMap<string, Op>;
  /** Of those in flight, the keys that someone else changed meanwhile. */
  readonly contested: Set<string>;
  /** A commit or a read is under way. */
  busy: boolean;
  /** Attached, and nothing confirmed yet. */
  fresh: boolean;
  /** Why the switch has to be read before it is sent anything more; undefined where what it holds is known. */
  doubt: string | undefined;
  readonly pace: Pace;
  /** What the switch told while it was read, to be taken in after what was read. */
  heard: FullFlowUpdate[] | undefined;
  /** A read that was asked for and has not begun. */
  audit: Audit | undefined;
  readonly refused: Refusals;
  readonly repairs: Repairs;
  readonly foreign: ForeignItems;
  /** The switch tells changes by itself. */
  monitored: boolean;
  /** Of the last full read, in milliseconds since the epoch. */
  readAt: number | undefined;
  /** Cancels the timer for what is to be tried again or read later. */
  cancelTimer: (() => void) | undefined;
}

export function newState(dpid: Dpid): SwitchState {
  return {
    dpid,
    transport: undefined,
    installed: undefined,
    dirty: new Set(),
    waiting: new Set(),
    inFlight: new Map(),
    contested: new Set(),
    busy: false,
    fresh: true,
    doubt: undefined,
    pace: new Pace(),
    heard: undefined,
    audit: undefined,
    refused: new Refusals(),
    repairs: new Repairs(),
    foreign: new ForeignItems(),
    monitored: false,
    readAt: undefined,
    cancelTimer: undefined,
  };
}

export function newAudit(): Audit {
  let resolve: Audit['resolve'] = () => {};
  const done = new Promise<ReadBack | undefined>((settle) => (resolve = settle));
  return { done, resolve };
}

/** When a read that rests, or something refused, may be tried again, in monotonic milliseconds; undefined where nothing waits. */
export function nextLookAt({ doubt, pace, refused }: SwitchState): number | undefined {
  const dueAt = refused.nextDueAt();
  if (doubt === undefined) return dueAt;
  return dueAt === undefined ? pace.restUntil : Math.min(dueAt, pace.restUntil);
}

/** Its session is gone: nothing is under way any more, and who waits for a read waits in vain. */
export function detached(state: SwitchState): void {
  state.transport = undefined;
  state.busy = false;
  state.monitored = false;
  state.doubt = undefined;
  state.heard = undefined;
  state.pace.reset();
  state.repairs.abandon();
  state.cancelTimer?.();
  state.cancelTimer = undefined;
  state.audit?.resolve(undefined);
  state.audit = undefined;
}

/** True where the switch surely holds what is desired under the key. */
export function isSettled(state: SwitchState | undefined, key: string, desired: Item | undefined): boolean {
  if (!state?.installed || state.inFlight.has(key)) return false;
  return sameItem(state.installed.get(key), desired);
}

/** True where the switch refused just this before and it is not time to try again. */
export function isRefused(state: SwitchState, key: string, wish: Item | undefined): boolean {
  return state.refused.size > 0 && state.refused.blocks(key, wish);
}

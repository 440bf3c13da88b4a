/** What the reconciler knows of one switch. */
import type { Dpid } from '../../core/ids.ts';
import { sameItem } from '../items.ts';
import type { Item } from '../items.ts';
import type { Installed } from './installed.ts';
import type { Op } from './op.ts';
import type { SwitchTransport } from './transport.ts';

export interface SwitchState {
  readonly dpid: Dpid;
  /** Undefined while the session is gone. */
  transport: SwitchTransport | undefined;
  /** As last read or confirmed; kept while the session is gone, since the switch goes on with it. Undefined: never read. */
  installed: Installed | undefined;
  /** Keys where desired and installed may differ. */
  readonly dirty: Set<string>;
  /** Keys that differ and wait for something to happen elsewhere, see Waits. */
  readonly waiting: Set<string>;
  /** Changes sent and not confirmed. */
  inFlight: ReadonlyMap<string, Op>;
  /** A commit or a read is under way. */
  busy: boolean;
  /** Attached, and nothing confirmed yet. */
  fresh: boolean;
  /** Rules the switch refused, as they were desired: not tried again until they are desired otherwise. */
  readonly refused: Map<string, { readonly item: Item; readonly reason: string }>;
}

export function newState(dpid: Dpid): SwitchState {
  return {
    dpid,
    transport: undefined,
    installed: undefined,
    dirty: new Set(),
    waiting: new Set(),
    inFlight: new Map(),
    busy: false,
    fresh: true,
    refused: new Map(),
  };
}

/** True where the switch surely holds what is desired under the key. */
export function isSettled(state: SwitchState | undefined, key: string, desired: Item | undefined): boolean {
  if (!state?.installed || state.inFlight.has(key)) return false;
  return sameItem(state.installed.get(key), desired);
}

/** True where the switch refused just this before. */
export function isRefused(state: SwitchState, key: string, wish: Item | undefined): boolean {
  return wish !== undefined && state.refused.get(key)?.item.content === wish.content;
}

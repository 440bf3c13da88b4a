/** All that the page shows, in one place, and who wants to know when it changes. */
import type { Health } from './api.ts';
import type { Selection } from './selection.ts';
import type { Network } from './state.ts';
import { NO_NETWORK } from './state.ts';
import type { Connection } from './stream.ts';
import { NO_TRAFFIC } from './traffic.ts';
import type { Traffic } from './traffic.ts';
import type { StreamEvent, TimelineEvent } from './wire.ts';

export type Tab = 'details' | 'list';

export interface AppState {
  readonly network: Network;
  /** False until the first snapshot. */
  readonly known: boolean;
  readonly connection: Connection;
  /** When the last message came, in milliseconds since the epoch. */
  readonly heardAt: number | undefined;
  readonly health: Health | undefined;
  /** Newest first. */
  readonly timeline: readonly TimelineEvent[];
  readonly traffic: Traffic;
  readonly selection: Selection | undefined;
  readonly tab: Tab;
  /** Where closing the details leads: back to the list for those who came from there. */
  readonly returnTo: Tab;
  readonly query: string;
}

export type Listener = (state: AppState, events: readonly StreamEvent[]) => void;

export interface Store {
  readonly get: () => AppState;
  /** `events` tell listeners what of the network changed. */
  readonly set: (patch: Partial<AppState>, events?: readonly StreamEvent[]) => void;
  readonly subscribe: (listener: Listener) => () => void;
}

/** More events than anyone scrolls back through; GET /api/v1/events has the rest. */
export const TIMELINE_LIMIT = 300;

const INITIAL: AppState = {
  network: NO_NETWORK,
  known: false,
  connection: { state: 'connecting' },
  heardAt: undefined,
  health: undefined,
  timeline: [],
  traffic: NO_TRAFFIC,
  selection: undefined,
  tab: 'details',
  returnTo: 'details',
  query: '',
};

export function createStore(): Store {
  let state = INITIAL;
  const listeners = new Set<Listener>();
  return {
    get: () => state,
    set: (patch, events = []) => {
      state = { ...state, ...patch };
      for (const listener of listeners) listener(state, events);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What the user can do, whichever part of the page they do it from. */
import type { Direction } from './graph/walk.ts';
import type { Selection } from './selection.ts';
import type { Store, Tab } from './store.ts';
import type { Stream } from './stream.ts';

/** What the picture offers; absent while there is no canvas. */
export interface Picture {
  readonly fit: () => void;
  readonly rearrange: () => void;
  readonly zoom: (factor: number) => void;
  readonly walk: (direction: Direction) => void;
}

export interface Actions {
  readonly select: (selection: Selection | undefined) => void;
  readonly showTab: (tab: Tab) => void;
  readonly setQuery: (query: string) => void;
  /** One step back: the search, then the selection. */
  readonly clear: () => void;
  readonly retryNow: () => void;
  readonly picture: () => Picture | undefined;
  readonly setPicture: (picture: Picture | undefined) => void;
}

export function createActions(store: Store, stream: Stream): Actions {
  let picture: Picture | undefined;
  const select = (selection: Selection | undefined): void => {
    const { tab, returnTo } = store.get();
    if (selection === undefined) store.set({ selection, tab: returnTo });
    else store.set({ selection, tab: 'details', returnTo: tab === 'list' ? 'list' : returnTo });
  };
  return {
    select,
    showTab: (tab) => store.set({ tab, returnTo: tab }),
    setQuery: (query) => store.set({ query }),
    clear: () => {
      if (store.get().query !== '') store.set({ query: '' });
      else select(undefined);
    },
    retryNow: stream.retryNow,
    picture: () => picture,
    setPicture: (next) => {
      picture = next;
    },
  };
}

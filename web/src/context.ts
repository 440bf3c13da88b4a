/** What every component can reach: the state, and what the user can do. */
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Actions } from './actions.ts';
import type { AppState, Store } from './store.ts';

export interface Reach {
  readonly store: Store;
  readonly actions: Actions;
}

export const ReachContext = createContext<Reach | undefined>(undefined);

export function useReach(): Reach {
  const reach = useContext(ReachContext);
  if (reach === undefined) throw new Error('A component of the view stands outside of <ReachContext.Provider>.');
  return reach;
}

export function useActions(): Actions {
  return useReach().actions;
}

/** One part of the state; the component renders again when that part is another. */
export function useApp<T>(select: (state: AppState) => T): T {
  const { store } = useReach();
  const [part, setPart] = useState(() => select(store.get()));
  useEffect(() => {
    const update = (): void => setPart(() => select(store.get()));
    update();
    return store.subscribe(update);
    // `select` is a pure pick written at the call; another one of the same call picks the same.
  }, [store]);
  return part;
}

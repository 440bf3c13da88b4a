/** Things that arrive one by one, and tests that wait for them: without sleeping, and without losing the order. */

/** A test that waits longer than this for something waits in vain. */
const WAIT_MS = 10_000;

export interface Inbox<T> {
  /** What has arrived and was not taken, oldest first. */
  readonly items: readonly T[];
  push(item: T): void;
  /** Takes out the oldest item that fits, here already or still to come. Rejects after 10 s, telling what came instead. */
  next(fits: (item: T) => boolean, what?: string): Promise<T>;
  /** Resolves at the `count`th item, nothing taken out. */
  filled(count: number): Promise<void>;
  /** Takes out all that is there. */
  drain(): T[];
}

interface Waiter<T> {
  readonly fits: (item: T) => boolean;
  readonly resolve: (item: T) => void;
}

/** `name` and `print` serve the sentence of a failure. */
export function createInbox<T>(name: string, print: (item: T) => string): Inbox<T> {
  const items: T[] = [];
  let waiters: Waiter<T>[] = [];
  const fillings = new Set<() => void>();

  function wait<V>(what: string, begin: (resolve: (value: V) => void) => () => void): Promise<V> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        end();
        const there = items.slice(-20).map(print).join('\n  ');
        reject(new Error(`${name}: ${what} did not come within ${WAIT_MS} ms; there are ${items.length}:\n  ${there}`));
      }, WAIT_MS);
      const end = begin((value) => {
        clearTimeout(timer);
        resolve(value);
      });
    });
  }

  return {
    items,
    push: (item) => {
      const waiter = waiters.find(({ fits }) => fits(item));
      if (waiter) {
        waiters = waiters.filter((other) => other !== waiter);
        waiter.resolve(item);
      } else {
        items.push(item);
        for (const check of fillings) check();
      }
    },
    next: (fits, what = 'what was waited for') => {
      const at = items.findIndex(fits);
      if (at >= 0) return Promise.resolve(items.splice(at, 1)[0] as T);
      return wait(what, (resolve) => {
        const waiter = { fits, resolve };
        waiters.push(waiter);
        return () => (waiters = waiters.filter((other) => other !== waiter));
      });
    },
    filled: (count) => {
      if (items.length >= count) return Promise.resolve();
      return wait<void>(`item ${count}`, (resolve) => {
        const check = (): void => {
          if (items.length < count) return;
          fillings.delete(check);
          resolve();
        };
        fillings.add(check);
        return () => fillings.delete(check);
      });
    },
    drain: () => items.splice(0),
  };
}

/** One kind of event: listeners are called in the order they came, at once. */
export interface Signal<T> {
  emit(value: T): void;
  /** Returns the way to stop listening. */
  on(listener: (value: T) => void): () => void;
}

export function createSignal<T>(): Signal<T> {
  const entries = new Set<{ readonly listener: (value: T) => void }>();
  return {
    emit: (value) => {
      for (const { listener } of entries) listener(value);
    },
    on: (listener) => {
      // An entry of its own: a function that listens twice is called twice, and stops once at a time.
      const entry = { listener };
      entries.add(entry);
      return () => entries.delete(entry);
    },
  };
}

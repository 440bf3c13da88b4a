/** Other people's rules, groups and meters on a switch: left alone, and kept to be shown. */
import type { Item } from '../items.ts';

/** As many as a person reads; a switch may hold a hundred thousand. */
export const MAX_FOREIGN_SHOWN = 100;

/** Gathers what was read: the first ones, and how many. */
export class ForeignItems {
  readonly #shown = new Map<string, Item>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  shown(): Item[] {
    return [...this.#shown.values()];
  }

  /** What a read found takes the place of all that was known. */
  reset(items: readonly Item[], count: number): void {
    this.#shown.clear();
    for (const item of items.slice(0, MAX_FOREIGN_SHOWN)) this.#shown.set(item.key, item);
    this.#count = count;
  }

  /**
   * A rule came, or took the place of one with its key. Whether there was one is known of the shown ones only: until the next
   * read the count may be too high.
   */
  put(item: Item, isNew: boolean): void {
    const known = this.#shown.has(item.key);
    if (isNew && !known) this.#count++;
    if (known || (isNew && this.#shown.size < MAX_FOREIGN_SHOWN)) this.#shown.set(item.key, item);
  }

  remove(key: string): void {
    const known = this.#shown.delete(key);
    if (known || this.#count > this.#shown.size) this.#count--;
  }
}

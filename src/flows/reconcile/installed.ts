/** What a switch holds, by key, and which of it uses which group or meter. */
import type { Item } from '../items.ts';
import { referencesOf } from '../references.ts';

const NOBODY: readonly string[] = [];

export class Installed extends Map<string, Item> {
  /** Lists, since most are short and there are as many as groups: sets would take several times as much. */
  readonly #users = new Map<string, string[]>();

  constructor(items: Iterable<readonly [string, Item]> = []) {
    super();
    for (const [key, item] of items) this.set(key, item);
  }

  /** Keys of the rules that use a group or meter. */
  usersOf(key: string): readonly string[] {
    return this.#users.get(key) ?? NOBODY;
  }

  override set(key: string, item: Item): this {
    const before = this.get(key);
    if (before !== undefined) this.#unlink(key, before);
    for (const used of referencesOf(item)) {
      const users = this.#users.get(used);
      if (users) users.push(key);
      else this.#users.set(used, [key]);
    }
    return super.set(key, item);
  }

  override delete(key: string): boolean {
    const before = this.get(key);
    if (before !== undefined) this.#unlink(key, before);
    return super.delete(key);
  }

  override clear(): void {
    this.#users.clear();
    super.clear();
  }

  #unlink(key: string, item: Item): void {
    for (const used of referencesOf(item)) {
      const users = this.#users.get(used);
      if (!users) continue;
      const index = users.indexOf(key);
      if (index >= 0) users.splice(index, 1);
      if (users.length === 0) this.#users.delete(used);
    }
  }
}

/** Rules of one switch that someone else changed: noted when it is seen, counted when it is put right. */
import { Wars } from './wars.ts';

export interface Repair {
  /** What someone else had done, as a sentence. */
  readonly cause: string;
  /** With this repair it is a war. */
  readonly war: boolean;
}

export class Repairs {
  /** What was seen and is not put right yet: cause by key. */
  readonly #drift = new Map<string, string>();
  readonly #wars = new Wars();
  #count = 0;

  /** Repairs done. */
  get count(): number {
    return this.#count;
  }

  /** Rules that are as someone else made them. */
  get open(): number {
    return this.#drift.size;
  }

  /** Someone else changed a rule. False where it is fought over: then only an audit puts it right. */
  drifted(key: string, cause: string, now: number): boolean {
    this.#drift.set(key, cause);
    return !this.#wars.touched(key, now);
  }

  /** It is as desired again without our doing. */
  undone(key: string): void {
    this.#drift.delete(key);
  }

  /** The session is gone: what was seen before it says nothing of the next one. */
  abandon(): void {
    this.#drift.clear();
  }

  keys(): IterableIterator<string> {
    return this.#drift.keys();
  }

  /** A change was confirmed; tells what it repaired, undefined where it was a change of ours alone. */
  confirmed(key: string, now: number): Repair | undefined {
    if (this.#drift.size === 0) return undefined;
    const cause = this.#drift.get(key);
    if (cause === undefined) return undefined;
    this.#drift.delete(key);
    this.#count++;
    return { cause, war: this.#wars.repaired(key, now) };
  }

  isWar(key: string, now: number): boolean {
    return this.#wars.isWar(key, now);
  }

  wars(now: number): string[] {
    return this.#wars.keys(now);
  }
}

/** Tells when someone else keeps changing the same rule, so that neither side's repairs become a loop. */

/** So many repairs of one rule within WAR_WINDOW_MS are a war. */
export const WAR_REPAIRS = 5;
export const WAR_WINDOW_MS = 60_000;
/** A war is over when nobody touched the rule for so long. */
export const WAR_QUIET_MS = 60_000;
/** Rules whose repairs are remembered; beyond, those that are oldest are forgotten. A whole table deleted at once fits in. */
export const MAX_REMEMBERED = 20_000;

export class Wars {
  /** When each rule was repaired of late, oldest first. */
  readonly #repairs = new Map<string, number[]>();
  /** When someone else last touched each rule that is fought over. */
  readonly #wars = new Map<string, number>();

  /** A rule was repaired; true where this makes it a war. Times are monotonic milliseconds. */
  repaired(key: string, now: number): boolean {
    const times = this.#repairs.get(key)?.filter((time) => now - time < WAR_WINDOW_MS) ?? [];
    times.push(now);
    // Deleted first: the map is in the order of the last repair.
    this.#repairs.delete(key);
    if (times.length >= WAR_REPAIRS && !this.isWar(key, now)) {
      this.#wars.set(key, now);
      return true;
    }
    this.#repairs.set(key, times.slice(-WAR_REPAIRS));
    if (this.#repairs.size > MAX_REMEMBERED) this.#forgetOldest();
    return false;
  }

  /** Someone else changed a rule; true where it is fought over, and thus left to the next audit. */
  touched(key: string, now: number): boolean {
    if (!this.isWar(key, now)) return false;
    this.#wars.set(key, now);
    return true;
  }

  isWar(key: string, now: number): boolean {
    const last = this.#wars.get(key);
    if (last === undefined) return false;
    if (now - last < WAR_QUIET_MS) return true;
    this.#wars.delete(key);
    return false;
  }

  /** Rules fought over now. */
  keys(now: number): string[] {
    return [...this.#wars.keys()].filter((key) => this.isWar(key, now));
  }

  #forgetOldest(): void {
    const [oldest] = this.#repairs.keys();
    if (oldest !== undefined) this.#repairs.delete(oldest);
  }
}

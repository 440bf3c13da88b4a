/** Keeps what flaps, a MAC between ports or an address between hosts, from moving until that ends. */
import type { Clock } from '../../core/clock.ts';

/** More moves than this within the window are no moving any more: two machines have one MAC, or there is a loop outside. */
export const MAX_MOVES = 5;
const MOVES_WINDOW_MS = 10_000;
/** What is frozen is let go when nobody has spoken for it elsewhere for so long … */
const QUIET_MS = 10_000;
/** … and in any case after this: it may have found its place by now. */
const MAX_FROZEN_MS = 60_000;
/** From then on those that nothing was heard of for long are cleared out. */
const MANY = 1_024;
const CLEAR_OUT_EVERY_MS = 10_000;
const LONG_MS = 60_000;

interface Conduct {
  /** When it moved, oldest first. */
  moves: number[];
  frozenSince: number | undefined;
  /** When it spoke elsewhere last. */
  triedAt: number;
  /** The place that it lost because its port went, and when. */
  left: string | undefined;
  leftAt: number;
}

export interface MoveGuardOptions<K> {
  readonly clock: Clock;
  readonly onReleased: (key: K) => void;
}

export class MoveGuard<K> {
  readonly #options: MoveGuardOptions<K>;
  readonly #conducts = new Map<K, Conduct>();
  #clearedAt = 0;

  constructor(options: MoveGuardOptions<K>) {
    this.#options = options;
  }

  /** True where one who speaks elsewhere is not to be looked at, because it is frozen where it is. */
  freezes(key: K): boolean {
    const conduct = this.#conducts.get(key);
    if (conduct?.frozenSince === undefined) return false;
    conduct.triedAt = this.#options.clock.now();
    return true;
  }

  /** Its place went away under it. */
  lost(key: K, place: string): void {
    const conduct = this.#conductOf(key);
    conduct.left = place;
    conduct.leftAt = this.#options.clock.now();
  }

  /** It is at a place and was at none: a move, where it has lately lost another. True as for `moves`. */
  settles(key: K, place: string): boolean {
    const conduct = this.#conducts.get(key);
    if (conduct?.left === undefined || conduct.left === place) return false;
    conduct.left = undefined;
    return this.#options.clock.now() - conduct.leftAt < MOVES_WINDOW_MS && this.moves(key);
  }

  /** Counts a move. True where it is one too many: from now on it stays where it is. */
  moves(key: K): boolean {
    const conduct = this.#conductOf(key);
    const now = this.#options.clock.now();
    conduct.moves = conduct.moves.filter((at) => now - at < MOVES_WINDOW_MS);
    conduct.moves.push(now);
    if (conduct.moves.length <= MAX_MOVES || conduct.frozenSince !== undefined) return false;
    conduct.frozenSince = conduct.triedAt = now;
    this.#watch(key, conduct);
    return true;
  }

  #watch(key: K, conduct: Conduct): void {
    const { clock, onReleased } = this.#options;
    clock.after(QUIET_MS, () => {
      const now = clock.now();
      const { frozenSince = now, triedAt } = conduct;
      if (now - triedAt < QUIET_MS && now - frozenSince < MAX_FROZEN_MS) {
        this.#watch(key, conduct);
        return;
      }
      this.#conducts.delete(key);
      onReleased(key);
    });
  }

  #conductOf(key: K): Conduct {
    let conduct = this.#conducts.get(key);
    if (!conduct) {
      this.#clearOut();
      const never = -Infinity;
      conduct = {
        moves: [],
        frozenSince: undefined,
        triedAt: never,
        left: undefined,
        leftAt: never,
      };
      this.#conducts.set(key, conduct);
    }
    return conduct;
  }

  #clearOut(): void {
    const now = this.#options.clock.now();
    if (this.#conducts.size < MANY || now - this.#clearedAt < CLEAR_OUT_EVERY_MS) return;
    this.#clearedAt = now;
    for (const [key, { moves, leftAt, frozenSince }] of this.#conducts) {
      const newest = Math.max(leftAt, moves.at(-1) ?? -Infinity);
      if (frozenSince === undefined && now - newest > LONG_MS) this.#conducts.delete(key);
    }
  }
}

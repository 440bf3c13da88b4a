/**
 * Keeps a MAC from moving too often: one that was turned away is not looked at again at once, and one that flaps between
 * ports stays where it is until that ends.
 */
import type { Mac } from '../../core/addresses.ts';
import type { Clock } from '../../core/clock.ts';

/** More moves than this within the window are no moving any more: two machines have one MAC, or there is a loop outside. */
export const MAX_MOVES = 5;
const MOVES_WINDOW_MS = 10_000;
/** A MAC that was turned away is looked at again after this; each time in a row it takes twice as long. */
const FIRST_HOLD_MS = 500;
const MAX_HOLD_MS = 8_000;
/** That many in a row are long past: it begins anew. */
const HOLD_MEMORY_MS = 60_000;
/** One that is turned away again and again is told of this often. */
const TELL_EVERY_MS = 30_000;
/** A frozen MAC is let go when nobody has spoken for it elsewhere for so long … */
const QUIET_MS = 10_000;
/** … and in any case after this: it may have found its place by now. */
const MAX_FROZEN_MS = 60_000;
/** From then on those that nothing was heard of for long are cleared out. */
const MANY = 1_024;
const CLEAR_OUT_EVERY_MS = 10_000;

interface Conduct {
  /** When it moved, oldest first. */
  moves: number[];
  heldUntil: number;
  holdMs: number;
  refusedAt: number;
  toldAt: number;
  frozenSince: number | undefined;
  /** When it spoke elsewhere last. */
  triedAt: number;
  /** The place that it lost because its port went, and when. */
  left: string | undefined;
  leftAt: number;
}

export interface MoveGuardOptions {
  readonly clock: Clock;
  readonly onReleased: (mac: Mac) => void;
}

export class MoveGuard {
  readonly #options: MoveGuardOptions;
  readonly #byMac = new Map<Mac, Conduct>();
  #clearedAt = 0;

  constructor(options: MoveGuardOptions) {
    this.#options = options;
  }

  /** True where a MAC that speaks elsewhere is not to be looked at now. */
  turnsAway(mac: Mac): boolean {
    const conduct = this.#byMac.get(mac);
    if (!conduct) return false;
    const now = this.#options.clock.now();
    conduct.triedAt = now;
    return conduct.frozenSince !== undefined || now < conduct.heldUntil;
  }

  /** Its place was kept. True where that should be told. */
  refused(mac: Mac): boolean {
    const conduct = this.#conductOf(mac);
    const now = this.#options.clock.now();
    conduct.holdMs =
      now - conduct.refusedAt > HOLD_MEMORY_MS ? FIRST_HOLD_MS : Math.min(conduct.holdMs * 2, MAX_HOLD_MS);
    conduct.refusedAt = now;
    conduct.heldUntil = now + conduct.holdMs;
    if (now - conduct.toldAt < TELL_EVERY_MS) return false;
    conduct.toldAt = now;
    return true;
  }

  /** Its place went away under it. */
  lost(mac: Mac, place: string): void {
    const conduct = this.#conductOf(mac);
    conduct.left = place;
    conduct.leftAt = this.#options.clock.now();
  }

  /** It is at a place and was at none: a move, where it has lately lost another. True as for `moves`. */
  settles(mac: Mac, place: string): boolean {
    const conduct = this.#byMac.get(mac);
    if (conduct?.left === undefined || conduct.left === place) return false;
    conduct.left = undefined;
    return this.#options.clock.now() - conduct.leftAt < MOVES_WINDOW_MS && this.moves(mac);
  }

  /** Counts a move. True where it is one too many: from now on the MAC stays where it is. */
  moves(mac: Mac): boolean {
    const conduct = this.#conductOf(mac);
    const now = this.#options.clock.now();
    conduct.moves = conduct.moves.filter((at) => now - at < MOVES_WINDOW_MS);
    conduct.moves.push(now);
    if (conduct.moves.length <= MAX_MOVES || conduct.frozenSince !== undefined) return false;
    conduct.frozenSince = conduct.triedAt = now;
    this.#watch(mac, conduct);
    return true;
  }

  #watch(mac: Mac, conduct: Conduct): void {
    const { clock, onReleased } = this.#options;
    clock.after(QUIET_MS, () => {
      const now = clock.now();
      const { frozenSince = now, triedAt } = conduct;
      if (now - triedAt < QUIET_MS && now - frozenSince < MAX_FROZEN_MS) {
        this.#watch(mac, conduct);
        return;
      }
      this.#byMac.delete(mac);
      onReleased(mac);
    });
  }

  #conductOf(mac: Mac): Conduct {
    let conduct = this.#byMac.get(mac);
    if (!conduct) {
      this.#clearOut();
      const never = -Infinity;
      conduct = {
        moves: [],
        heldUntil: never,
        holdMs: FIRST_HOLD_MS,
        refusedAt: never,
        toldAt: never,
        frozenSince: undefined,
        triedAt: never,
        left: undefined,
        leftAt: never,
      };
      this.#byMac.set(mac, conduct);
    }
    return conduct;
  }

  #clearOut(): void {
    const now = this.#options.clock.now();
    if (this.#byMac.size < MANY || now - this.#clearedAt < CLEAR_OUT_EVERY_MS) return;
    this.#clearedAt = now;
    for (const [mac, { moves, refusedAt, leftAt, frozenSince }] of this.#byMac) {
      const newest = Math.max(refusedAt, leftAt, moves.at(-1) ?? -Infinity);
      if (frozenSince === undefined && now - newest > HOLD_MEMORY_MS) this.#byMac.delete(mac);
    }
  }
}

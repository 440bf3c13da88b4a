/**
 * When silence means that a link is dead. Probes are missed only where it is proven that they left and that we could have
 * heard them: a switch that is slow, a channel that is congested or a controller that is busy is no dead link.
 */
import type { Dpid } from '../../core/ids.ts';
import type { Witnesses } from './witnesses.ts';

/** Two may get lost on a bad day. */
export const MISSED_PROBES = 3;
/** From a probe's leaving to its being heard; a full queue on the way may take some of it. */
export const OVERDUE_MS = 120;

export interface Way {
  /** The switch that sends, and the one that should hear. */
  readonly from: Dpid;
  readonly to: Dpid;
}

export class Silence {
  /** Probes sent since one was heard. */
  #unheard = 0;
  /** When the probe was sent that made them enough. */
  #enoughAt = 0;
  /** When they all had left for certain. */
  #leftBy: number | undefined;

  /** True while so many probes are unheard that it has to be found out why. */
  get isSuspicious(): boolean {
    return this.#unheard >= MISSED_PROBES;
  }

  sent(now: number): void {
    if (++this.#unheard !== MISSED_PROBES) return;
    this.#enoughAt = now;
    this.#leftBy = undefined;
  }

  heard(): void {
    this.#unheard = 0;
  }

  /** True where the probes are lost. Asks the two switches for what is not proven yet: call it again and again. */
  isProven(now: number, { from, to }: Way, witnesses: Witnesses): boolean {
    if (!this.isSuspicious) return false;
    this.#leftBy ??= witnesses.answeredSince(from, this.#enoughAt);
    if (this.#leftBy === undefined) {
      witnesses.ask(from);
      return false;
    }
    const overdueAt = this.#leftBy + OVERDUE_MS;
    if (now < overdueAt) return false;
    if (witnesses.answeredSince(to, overdueAt) !== undefined) return true;
    witnesses.ask(to);
    return false;
  }
}

/**
 * Questions to switches, one at a time each: an answer proves that the switch had worked through what it was sent before the
 * question, and that we have heard what it told before the answer. The time an answer takes is the channel's round trip.
 */
import type { Clock } from '../../core/clock.ts';
import type { Dpid } from '../../core/ids.ts';
import type { Wire } from '../wire.ts';
import { WindowedMin } from './windowed-min.ts';

interface Witness {
  /** When the question under way was sent. */
  askedAt: number | undefined;
  /** What was sent since that question needs another one. */
  again: boolean;
  /** When the newest question that was answered was sent, and when its answer came. */
  provenAt: number;
  answeredAt: number;
  readonly roundTripMs: WindowedMin;
}

export class Witnesses {
  readonly #clock: Clock;
  readonly #roundTrip: Wire['roundTrip'];
  readonly #bySwitch = new Map<Dpid, Witness>();

  constructor(clock: Clock, roundTrip: Wire['roundTrip']) {
    this.#clock = clock;
    this.#roundTrip = roundTrip;
  }

  /** Asks the switch; where a question is under way, once that has been answered. */
  ask(dpid: Dpid): void {
    let witness = this.#bySwitch.get(dpid);
    if (!witness) {
      const never = -Infinity;
      const roundTripMs = new WindowedMin();
      witness = { askedAt: undefined, again: false, provenAt: never, answeredAt: never, roundTripMs };
      this.#bySwitch.set(dpid, witness);
    }
    if (witness.askedAt === undefined) this.#ask(dpid, witness);
    else witness.again = true;
  }

  /** When the switch answered a question that was sent at `since` or later; undefined where it has not, yet. */
  answeredSince(dpid: Dpid, since: number): number | undefined {
    const witness = this.#bySwitch.get(dpid);
    return witness && witness.provenAt >= since ? witness.answeredAt : undefined;
  }

  /** True where no question was sent for so long. */
  isDue(dpid: Dpid, everyMs: number): boolean {
    const witness = this.#bySwitch.get(dpid);
    if (!witness) return true;
    return witness.askedAt === undefined && this.#clock.now() - witness.provenAt >= everyMs;
  }

  /** The channel's shortest round trip lately. */
  roundTripMs(dpid: Dpid): number | undefined {
    return this.#bySwitch.get(dpid)?.roundTripMs.value(this.#clock.now());
  }

  /** Its session is gone: what it answered says nothing about the next one. */
  forget(dpid: Dpid): void {
    this.#bySwitch.delete(dpid);
  }

  #ask(dpid: Dpid, witness: Witness): void {
    const askedAt = (witness.askedAt = this.#clock.now());
    witness.again = false;
    this.#roundTrip(dpid, (ms) => {
      witness.askedAt = undefined;
      if (ms === undefined) return;
      witness.provenAt = askedAt;
      witness.answeredAt = this.#clock.now();
      witness.roundTripMs.add(ms, witness.answeredAt);
      if (witness.again && this.#bySwitch.get(dpid) === witness) this.#ask(dpid, witness);
    });
  }
}

/**
 * A known MAC speaks at another port: has the host moved, or does someone use its name? The old place is asked first. Who
 * answers there stays; where nobody does, and the switch has shown that we would have heard it, the host has moved.
 */
import type { Mac } from '../../core/addresses.ts';
import type { Clock } from '../../core/clock.ts';
import type { PortRef } from '../../core/ids.ts';
import type { Wire } from '../wire.ts';
import type { HostEvidence } from './evidence.ts';

/** Questions to the old place: the second and third for a host that was busy, or a frame that was lost. */
const ASK_AT_MS = [0, 100, 200] as const;
/** A host that has an address answers within this: it is on the same network. */
const ANSWER_MS = 300;
/**
 * For a host without a known address its rule's counter is looked at twice. Open vSwitch brings counters up to date every
 * 500 ms (other_config:max-revalidator): only after that does a count that rises mean frames that came since.
 */
const COUNT_FROM_MS = 520;
const COUNT_TO_MS = 820;
/** Each costs a few frames and timers; a mover that finds no room is looked at with its next frame. */
export const MAX_CONTESTS = 256;

export interface Challenge {
  readonly mac: Mac;
  /** The place it has. */
  readonly from: PortRef;
  /** Where it speaks now. */
  readonly to: PortRef;
  /** What it said there first. */
  readonly evidence: HostEvidence;
}

export type Outcome = 'there' | 'gone' | 'unclear';

export interface ContestsOptions {
  readonly clock: Clock;
  readonly roundTrip: Wire['roundTrip'];
  /** Frames that a known sender's rule let pass at its port; undefined where the switch did not say. */
  readonly framesFrom: (mac: Mac, at: PortRef, done: (count: bigint | undefined) => void) => void;
  /** Sends the old place a question; false where it could not be sent. */
  readonly ask: (challenge: Challenge) => boolean;
  readonly onDecided: (challenge: Challenge, outcome: Outcome) => void;
}

interface Contest {
  readonly challenge: Challenge;
  asked: boolean;
  readonly cancels: (() => void)[];
}

export class Contests {
  readonly #options: ContestsOptions;
  readonly #byMac = new Map<Mac, Contest>();

  constructor(options: ContestsOptions) {
    this.#options = options;
  }

  get(mac: Mac): Challenge | undefined {
    return this.#byMac.get(mac)?.challenge;
  }

  /** Those under way for a port, as the old place or the new one. */
  *at(ref: PortRef): IterableIterator<Challenge> {
    for (const { challenge } of this.#byMac.values()) {
      const { from, to } = challenge;
      if ([from, to].some(({ dpid, port }) => dpid === ref.dpid && port === ref.port)) yield challenge;
    }
  }

  /** @param hasAddress false where the host can be asked for no address that is known to be its own */
  start(challenge: Challenge, hasAddress: boolean): void {
    if (this.#byMac.size >= MAX_CONTESTS) return;
    const contest: Contest = { challenge, asked: false, cancels: [] };
    this.#byMac.set(challenge.mac, contest);
    for (const ms of ASK_AT_MS) this.#after(contest, ms, () => this.#ask(contest));
    if (hasAddress) this.#awaitAnswers(contest);
    else this.#after(contest, COUNT_FROM_MS, () => this.#count(contest));
  }

  /** A frame of the host came from the place it has. */
  ownerSpoke(mac: Mac): void {
    const contest = this.#byMac.get(mac);
    if (contest) this.#decide(contest, 'there');
  }

  cancel(mac: Mac): void {
    for (const cancel of this.#byMac.get(mac)?.cancels ?? []) cancel();
    this.#byMac.delete(mac);
  }

  #ask(contest: Contest): void {
    if (this.#options.ask(contest.challenge)) contest.asked = true;
  }

  /**
   * The time for an answer begins when the switch has let the question out, and what was answered may still be on its way
   * to us when it ends: the switch itself is asked before and after.
   */
  #awaitAnswers(contest: Contest): void {
    this.#ifSwitchAnswers(contest, () => {
      this.#after(contest, ANSWER_MS, () => {
        this.#ifSwitchAnswers(contest, () => this.#decide(contest, contest.asked ? 'gone' : 'unclear'));
      });
    });
  }

  #ifSwitchAnswers(contest: Contest, then: () => void): void {
    this.#options.roundTrip(contest.challenge.from.dpid, (ms) => {
      if (ms === undefined) this.#decide(contest, 'unclear');
      else then();
    });
  }

  #count(contest: Contest): void {
    const { framesFrom } = this.#options;
    const { mac, from } = contest.challenge;
    framesFrom(mac, from, (first) => {
      this.#after(contest, COUNT_TO_MS - COUNT_FROM_MS, () => {
        framesFrom(mac, from, (second) => {
          if (first === undefined || second === undefined) this.#decide(contest, 'unclear');
          else this.#decide(contest, second > first ? 'there' : 'gone');
        });
      });
    });
  }

  #decide(contest: Contest, outcome: Outcome): void {
    const { challenge } = contest;
    if (this.#byMac.get(challenge.mac) !== contest) return;
    this.cancel(challenge.mac);
    this.#options.onDecided(challenge, outcome);
  }

  #after(contest: Contest, ms: number, callback: () => void): void {
    if (this.#byMac.get(contest.challenge.mac) !== contest) return;
    if (ms === 0) callback();
    else contest.cancels.push(this.#options.clock.after(ms, callback));
  }
}

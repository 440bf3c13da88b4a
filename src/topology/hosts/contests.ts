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
 * A host without a known address may be one that answers nothing: then it counts what its port has received meanwhile.
 * Where that is nothing it is gone. Where it is something, its rule's counter tells whose it was, later: Open vSwitch brings
 * it up to date every 500 ms or a little more (other_config:max-revalidator). The first look waits until frames from
 * before are in it, the second until those since are.
 */
const COUNT_LAG_MS = 600;
const COUNT_AGAIN_MS = 750;
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

/** What switches count. Each calls back once; undefined where the switch did not say. */
export interface FrameCounters {
  /** Frames that a port has received. */
  received(at: PortRef, done: (count: bigint | undefined) => void): void;
  /** Frames that the rule of a known sender has let pass at its port. */
  framesFrom(mac: Mac, at: PortRef, done: (count: bigint | undefined) => void): void;
}

export interface ContestsOptions {
  readonly clock: Clock;
  readonly roundTrip: Wire['roundTrip'];
  readonly counters: FrameCounters;
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
    else this.#watchPort(contest);
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

  #watchPort(contest: Contest): void {
    const { from } = contest.challenge;
    const { received } = this.#options.counters;
    this.#compare(contest, { afterMs: ANSWER_MS, count: (done) => received(from, done) }, (rose) => {
      if (rose) this.#after(contest, COUNT_LAG_MS - ANSWER_MS, () => this.#watchRule(contest));
      else this.#decide(contest, 'gone');
    });
  }

  #watchRule(contest: Contest): void {
    const { mac, from } = contest.challenge;
    const { framesFrom } = this.#options.counters;
    this.#compare(contest, { afterMs: COUNT_AGAIN_MS, count: (done) => framesFrom(mac, from, done) }, (rose) =>
      this.#decide(contest, rose ? 'there' : 'gone'),
    );
  }

  /** Looks at a counter twice. */
  #compare(
    contest: Contest,
    look: { readonly afterMs: number; readonly count: (done: (count: bigint | undefined) => void) => void },
    then: (rose: boolean) => void,
  ): void {
    look.count((first) => {
      if (first === undefined) {
        this.#decide(contest, 'unclear');
        return;
      }
      this.#after(contest, look.afterMs, () => {
        look.count((second) => {
          if (second === undefined) this.#decide(contest, 'unclear');
          else then(second > first);
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

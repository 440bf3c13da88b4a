/**
 * Someone says that they are where a known host is not, or have what it has: a MAC at another port, or an address. The one
 * who is known is asked first, at its place. Who answers there keeps it; where nobody does, and the switch has shown that we
 * would have heard it, it is the other's.
 */
import type { Mac } from '../../core/addresses.ts';
import type { Clock } from '../../core/clock.ts';
import { samePort } from '../../core/ids.ts';
import type { PortRef } from '../../core/ids.ts';
import type { Wire } from '../wire.ts';

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
/** Each costs a few frames and timers; a challenger that finds no room is looked at with its next frame. */
export const MAX_CONTESTS = 256;

export interface Challenge {
  /** Who is asked. */
  readonly mac: Mac;
  /** The place it has. */
  readonly from: PortRef;
  /** Where the challenger speaks. */
  readonly to: PortRef;
}

export type Outcome = 'there' | 'gone' | 'unclear';

/** What switches count. Each calls back once; undefined where the switch did not say. */
export interface FrameCounters {
  /** Frames that a port has received. */
  received(at: PortRef, done: (count: bigint | undefined) => void): void;
  /** Frames that the rule of a known sender has let pass at its port. */
  framesFrom(mac: Mac, at: PortRef, done: (count: bigint | undefined) => void): void;
}

export interface ContestsOptions<K, C extends Challenge> {
  readonly clock: Clock;
  readonly roundTrip: Wire['roundTrip'];
  readonly counters: FrameCounters;
  /** What is contested: there is one contest for it at a time. */
  readonly about: (challenge: C) => K;
  /** Sends the one who is known a question; false where it could not be sent. */
  readonly ask: (challenge: C) => boolean;
  readonly onDecided: (challenge: C, outcome: Outcome) => void;
  /** At most so many of what is said at one port: by default as many as there may be at all. */
  readonly maxPerPort?: number;
}

interface Contest<C> {
  readonly challenge: C;
  asked: boolean;
  readonly cancels: (() => void)[];
}

/** @template K what is contested */
export class Contests<K, C extends Challenge> {
  readonly #options: ContestsOptions<K, C>;
  readonly #contests = new Map<K, Contest<C>>();

  constructor(options: ContestsOptions<K, C>) {
    this.#options = options;
  }

  get(what: K): C | undefined {
    return this.#contests.get(what)?.challenge;
  }

  /** All that are under way; one that is decided or cancelled meanwhile is no trouble. */
  *all(): IterableIterator<C> {
    for (const { challenge } of this.#contests.values()) yield challenge;
  }

  /** Those under way for a port, as the old place or the new one. */
  *at(ref: PortRef): IterableIterator<C> {
    for (const challenge of this.all()) {
      if (samePort(challenge.from, ref) || samePort(challenge.to, ref)) yield challenge;
    }
  }

  /** @param answers false where the host can be asked for no address that is known to be its own */
  start(challenge: C, answers: boolean): void {
    if (this.#contests.size >= MAX_CONTESTS || this.#isFull(challenge.to)) return;
    const contest: Contest<C> = { challenge, asked: false, cancels: [] };
    this.#contests.set(this.#options.about(challenge), contest);
    for (const ms of ASK_AT_MS) this.#after(contest, ms, () => this.#ask(contest));
    if (answers) this.#awaitAnswers(contest);
    else this.#watchPort(contest);
  }

  /** The one who is known spoke from its place. */
  ownerSpoke(what: K): void {
    const contest = this.#contests.get(what);
    if (contest) this.#decide(contest, 'there');
  }

  cancel(what: K): void {
    for (const cancel of this.#contests.get(what)?.cancels ?? []) cancel();
    this.#contests.delete(what);
  }

  /** Whoever makes up challengers at one port takes no room from those elsewhere. */
  #isFull(to: PortRef): boolean {
    const { maxPerPort = MAX_CONTESTS } = this.#options;
    if (this.#contests.size < maxPerPort) return false;
    let here = 0;
    for (const challenge of this.all()) if (samePort(challenge.to, to)) here++;
    return here >= maxPerPort;
  }

  #ask(contest: Contest<C>): void {
    if (this.#options.ask(contest.challenge)) contest.asked = true;
  }

  /**
   * The time for an answer begins when the switch has let the question out, and what was answered may still be on its way
   * to us when it ends: the switch itself is asked before and after.
   */
  #awaitAnswers(contest: Contest<C>): void {
    this.#ifSwitchAnswers(contest, () => {
      this.#after(contest, ANSWER_MS, () => {
        this.#ifSwitchAnswers(contest, () => this.#decide(contest, contest.asked ? 'gone' : 'unclear'));
      });
    });
  }

  #ifSwitchAnswers(contest: Contest<C>, then: () => void): void {
    this.#options.roundTrip(contest.challenge.from.dpid, (ms) => {
      if (ms === undefined) this.#decide(contest, 'unclear');
      else then();
    });
  }

  #watchPort(contest: Contest<C>): void {
    const { from } = contest.challenge;
    const { received } = this.#options.counters;
    this.#compare(contest, { afterMs: ANSWER_MS, count: (done) => received(from, done) }, (rose) => {
      if (rose) this.#after(contest, COUNT_LAG_MS - ANSWER_MS, () => this.#watchRule(contest));
      else this.#decide(contest, 'gone');
    });
  }

  #watchRule(contest: Contest<C>): void {
    const { mac, from } = contest.challenge;
    const { framesFrom } = this.#options.counters;
    this.#compare(contest, { afterMs: COUNT_AGAIN_MS, count: (done) => framesFrom(mac, from, done) }, (rose) =>
      this.#decide(contest, rose ? 'there' : 'gone'),
    );
  }

  /** Looks at a counter twice. */
  #compare(
    contest: Contest<C>,
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

  #decide(contest: Contest<C>, outcome: Outcome): void {
    if (!this.#isOpen(contest)) return;
    this.cancel(this.#options.about(contest.challenge));
    this.#options.onDecided(contest.challenge, outcome);
  }

  #after(contest: Contest<C>, ms: number, callback: () => void): void {
    if (!this.#isOpen(contest)) return;
    if (ms === 0) callback();
    else contest.cancels.push(this.#options.clock.after(ms, callback));
  }

  #isOpen(contest: Contest<C>): boolean {
    return this.#contests.get(this.#options.about(contest.challenge)) === contest;
  }
}

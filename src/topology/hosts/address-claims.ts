/**
 * Who may say that an address is theirs: anyone, where nobody has it. Where a host has it already, that host is asked first,
 * at its place, and keeps it while it answers: one frame must not lead its traffic elsewhere. That holds for DHCP as well,
 * since everybody can send an acknowledgement. Who gave an address up, or is dead, answers nothing: then it moves, 0.3 s later.
 */
import type { Ip, Mac } from '../../core/addresses.ts';
import type { Clock } from '../../core/clock.ts';
import { portKey, samePort } from '../../core/ids.ts';
import type { PortRef } from '../../core/ids.ts';
import type { NoticeHandler } from '../../core/notice.ts';
import type { Network } from '../network.ts';
import type { Wire } from '../wire.ts';
import { AddressBook } from './address-book.ts';
import { addressFlappingNotice, addressKeptNotice, addressTakenNotice } from './address-notices.ts';
import { Contests } from './contests.ts';
import type { Challenge, FrameCounters, Outcome } from './contests.ts';
import { MoveGuard } from './move-guard.ts';
import { placeState } from './places.ts';
import { whoHas } from './questions.ts';
import { FIRST_HOLD_MS, Refusals } from './refusals.ts';

/** Someone at one port who claims whatever there is leaves room for claims from others. */
export const MAX_CLAIMS_PER_PORT = 64;
/** What is told within `TELL_WINDOW_MS`: of a flood of claims some are told, and not all. */
export const MAX_TOLD = 32;
const TELL_WINDOW_MS = 30_000;
/** A little after its hold: then a claim is looked at again. */
const ASK_CLAIMANT_MS = FIRST_HOLD_MS + 10;

/**
 * What shows that an address is a host's: it says so itself (ARP, ND); a DHCP server does, or someone who plays one; or it sent
 * an IP packet from there, which may have come through it from another.
 */
export type Ground = 'told' | 'leased' | 'passed';

export interface AddressChallenge extends Challenge {
  readonly ip: Ip;
  /** Whose the address shall be, at `to`; `mac` has it. */
  readonly claimant: Mac;
  readonly ground: Ground;
}

export interface AddressClaimsOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly send: Wire['send'];
  readonly roundTrip: Wire['roundTrip'];
  readonly counters: FrameCounters;
  readonly onNotice: NoticeHandler;
  /** These hosts have other addresses than before, because of this one. */
  readonly onChanged: (hosts: readonly Mac[], ip: Ip) => void;
}

export class AddressClaims {
  readonly #options: AddressClaimsOptions;
  readonly #contests: Contests<Ip, AddressChallenge>;
  readonly #refusals: Refusals<string>;
  readonly #guard: MoveGuard<Ip>;
  readonly book = new AddressBook();
  #told = 0;
  #toldSince = -Infinity;

  constructor(options: AddressClaimsOptions) {
    const { clock, roundTrip, counters } = options;
    this.#options = options;
    this.#refusals = new Refusals(clock);
    this.#guard = new MoveGuard({ clock, onReleased: () => {} });
    this.#contests = new Contests({
      clock,
      roundTrip,
      counters,
      about: ({ ip }) => ip,
      ask: ({ ip, mac }) => this.#ask(ip, mac),
      onDecided: (challenge, outcome) => this.#decided(challenge, outcome),
      maxPerPort: MAX_CLAIMS_PER_PORT,
    });
  }

  /** Something shows that a known host has an address. */
  claim(mac: Mac, ip: Ip, ground: Ground): void {
    const holder = this.book.holder(ip);
    if (holder === mac && ground === 'told') this.#contests.ownerSpoke(ip);
    if (holder === undefined || holder === mac) this.#give(mac, ip, ground);
    else if (ground !== 'passed') this.#challenge({ ip, mac: holder, claimant: mac, ground });
  }

  /** A host is gone: what others said of its addresses is true now, if they are still there. */
  forget(mac: Mac): void {
    const heirs: AddressChallenge[] = [];
    for (const challenge of this.#contests.all()) {
      if (challenge.mac === mac) heirs.push(challenge);
      if (challenge.mac === mac || challenge.claimant === mac) this.#contests.cancel(challenge.ip);
    }
    this.book.forget(mac);
    for (const { claimant, ip, ground } of heirs)
      if (this.#options.network.host(claimant)) this.#give(claimant, ip, ground);
  }

  #challenge(claim: Omit<AddressChallenge, 'from' | 'to'>): void {
    const { network } = this.#options;
    const { ip, mac, claimant } = claim;
    const from = network.host(mac)?.at;
    const to = network.host(claimant)?.at;
    if (!from || !to || this.#contests.get(ip)) return;
    if (this.#guard.freezes(ip) || this.#refusals.hold(holdKey(ip, to))) return;
    const challenge = { ...claim, from, to };
    const state = placeState(network, from);
    if (state === 'gone') this.#move(challenge);
    else if (state === 'open') this.#contests.start(challenge, true);
  }

  #decided(challenge: AddressChallenge, outcome: Outcome): void {
    const { clock, network } = this.#options;
    const { ip, to, claimant } = challenge;
    if (outcome === 'gone') this.#move(challenge);
    if (outcome !== 'there' || !this.#refusals.note(holdKey(ip, to))) return;
    if (this.#mayTell()) this.#options.onNotice(addressKeptNotice(network, challenge));
    // The one who had it may have been about to give it up, as when a router takes over from another.
    clock.after(ASK_CLAIMANT_MS, () => this.#ask(ip, claimant));
  }

  #move(challenge: AddressChallenge): void {
    const { network, onNotice } = this.#options;
    const { ip, mac, from, claimant, ground } = challenge;
    const at = network.host(mac)?.at;
    if (this.book.holder(ip) !== mac || !at || !samePort(at, from) || !network.host(claimant)) return;
    if (this.#guard.moves(ip)) {
      onNotice(addressFlappingNotice(network, challenge));
      return;
    }
    this.#give(claimant, ip, ground);
    if (this.#mayTell()) onNotice(addressTakenNotice(network, challenge));
  }

  #ask(ip: Ip, mac: Mac): boolean {
    const { network, send } = this.#options;
    const host = network.host(mac);
    return host !== undefined && send(host.at, whoHas(ip, host));
  }

  #give(mac: Mac, ip: Ip, ground: Ground): void {
    const changed = this.book.give(mac, ip, ground === 'told');
    if (changed.length > 0) this.#options.onChanged(changed, ip);
  }

  #mayTell(): boolean {
    const now = this.#options.clock.now();
    if (now - this.#toldSince >= TELL_WINDOW_MS) {
      this.#toldSince = now;
      this.#told = 0;
    }
    return this.#told++ < MAX_TOLD;
  }
}

/** By port, since whoever wants to be looked at again at once can take another MAC, but not another place. */
function holdKey(ip: Ip, to: PortRef): string {
  return `${ip}@${portKey(to)}`;
}

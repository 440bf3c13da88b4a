/** Which hosts there are and where: learnt from frames at host ports, moved, and forgotten when silent. */
import type { Ip, Mac } from '../../core/addresses.ts';
import type { Clock } from '../../core/clock.ts';
import { portKey, samePort } from '../../core/ids.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import type { NoticeHandler } from '../../core/notice.ts';
import { createSignal } from '../../core/signal.ts';
import type { Network } from '../network.ts';
import type { Host } from '../view.ts';
import type { Wire } from '../wire.ts';
import { AddressClaims } from './address-claims.ts';
import { Contests } from './contests.ts';
import type { Challenge, FrameCounters, Outcome } from './contests.ts';
import { readEvidence } from './evidence.ts';
import type { HostEvidence } from './evidence.ts';
import { duplicateNotice, flappingNotice, movedNotice, releasedNotice } from './host-notices.ts';
import { Introductions } from './introductions.ts';
import { MoveGuard } from './move-guard.ts';
import { placeState } from './places.ts';
import { CONTROLLER_MAC, linkLocalOf, whoHas } from './questions.ts';
import { Refusals } from './refusals.ts';

/** A port with more senders than this is a flood, not a segment. */
export const MAX_HOSTS_PER_PORT = 1_024;
export const MAX_HOSTS = 65_536;
/** A silent host is asked whether it lives when so much is left of its time: more than from one look to the next. */
const ASK_BEFORE_MS = 45_000;
/** Silent hosts asked in one go: some milliseconds of work. Of a flood of senders that never were, not all are asked. */
const MAX_ASKED_AT_ONCE = 2_000;

export interface HostTrackerOptions {
  readonly network: Network;
  readonly clock: Clock;
  /** A host silent for longer is forgotten. */
  readonly timeoutMs: number;
  /** The name that a person gave to a host. */
  readonly nameOf: (mac: Mac) => string | undefined;
  /** Without these nobody can be asked: silent hosts are forgotten, and hosts do not move while their old port is up. */
  readonly send?: Wire['send'];
  readonly roundTrip?: Wire['roundTrip'];
  readonly counters?: FrameCounters;
  /** Moves, and those that pretend to have moved, are told here. */
  readonly onNotice?: NoticeHandler;
}

interface PlaceChallenge extends Challenge {
  /** What it said at the new place first. */
  readonly evidence: HostEvidence;
}

/** What is kept of a host and is no part of a view. */
interface Sighting {
  /** When it last spoke, monotonic: a clock that is set must not make hosts silent. */
  seenAt: number;
  /** The same in milliseconds since the epoch. */
  seenWall: number;
  /** When it was last asked whether it lives. */
  askedAt: number;
}

export class HostTracker {
  readonly #options: Required<HostTrackerOptions>;
  readonly #sightings = new Map<Mac, Sighting>();
  readonly #claims: AddressClaims;
  readonly #byPort = new Map<string, Set<Mac>>();
  readonly #contests: Contests<Mac, PlaceChallenge>;
  readonly #refusals: Refusals<Mac>;
  readonly #guard: MoveGuard<Mac>;
  readonly #introductions: Introductions;
  readonly #located = createSignal<Ip>();

  constructor(options: HostTrackerOptions) {
    this.#options = {
      send: () => false,
      roundTrip: (_, done) => done(undefined),
      counters: { received: (_, done) => done(undefined), framesFrom: (_mac, _at, done) => done(undefined) },
      onNotice: () => {},
      ...options,
    };
    const { network, clock, send, roundTrip, counters, onNotice } = this.#options;
    this.#refusals = new Refusals(clock);
    this.#guard = new MoveGuard({ clock, onReleased: (mac) => onNotice(releasedNotice(mac)) });
    this.#contests = new Contests({
      clock,
      roundTrip,
      counters,
      about: ({ mac }) => mac,
      ask: ({ mac }) => this.ask(mac),
      onDecided: (challenge, outcome) => this.#decided(challenge, outcome),
    });
    const onChanged = (macs: readonly Mac[], ip: Ip): void => this.#addressChanged(macs, ip);
    this.#claims = new AddressClaims({ network, clock, send, roundTrip, counters, onNotice, onChanged });
    this.#introductions = new Introductions({
      clock,
      isUnknown: (mac) => network.host(mac) !== undefined && !this.#claims.book.isSure(mac),
      ask: (mac) => this.ask(mac),
    });
  }

  /** Milliseconds since the epoch. */
  lastSeen(mac: Mac): number | undefined {
    return this.#sightings.get(mac)?.seenWall;
  }

  /** The host that has an address. */
  hostOf(ip: Ip): Host | undefined {
    const mac = this.#claims.book.holder(ip);
    return mac === undefined ? undefined : this.#options.network.host(mac);
  }

  /** The addresses that a host is sure to have itself: it has spoken for them. */
  sureAddresses(mac: Mac): readonly Ip[] {
    return this.#claims.book.sureOf(mac);
  }

  /** Calls back with every address that a host turns out to have. */
  onLocated(listener: (ip: Ip) => void): () => void {
    return this.#located.on(listener);
  }

  /**
   * Asks a host at its place to speak, by every address that it may have. False where it is not known, or its switch takes no
   * frame now.
   */
  ask(mac: Mac): boolean {
    const { network, send } = this.#options;
    const host = network.host(mac);
    if (!host) return false;
    const ips = new Set(host.ips);
    if (!this.#claims.book.isSure(mac)) ips.add(linkLocalOf(mac));
    return [...ips].map((ip) => send(host.at, whoHas(ip, host))).includes(true);
  }

  /** A frame came in at a port. Only host ports have hosts. */
  frame(frame: Uint8Array, at: PortRef): void {
    const { network } = this.#options;
    if (network.port(at)?.kind !== 'host') return;
    const evidence = readEvidence(frame);
    if (!evidence || evidence.mac === CONTROLLER_MAC) return;
    const known = network.host(evidence.mac);
    if (known && !samePort(known.at, at)) {
      this.#challenge(known, evidence, at);
      return;
    }
    if (known) this.#contests.ownerSpoke(evidence.mac);
    else if (!this.#settle(evidence, at)) return;
    this.#heard(evidence);
  }

  /** The switch counted frames of a known host since it was last asked. */
  counted(mac: Mac): void {
    const sighting = this.#sightings.get(mac);
    if (sighting) Object.assign(sighting, this.#thisMoment());
  }

  /** Takes in a host known from before a restart, and which of its addresses it was sure to have. */
  restore(host: Host, sure: readonly Ip[]): void {
    const { network, nameOf } = this.#options;
    const { mac } = host;
    if (network.host(mac)) return;
    this.#sightings.set(mac, { ...this.#thisMoment(), askedAt: -Infinity });
    this.#claims.book.restore(mac, host.ips, sure);
    this.#settleAt(mac, host.at);
    network.setHost(mac, { ...host, ips: this.#claims.book.of(mac), name: nameOf(mac) });
    this.#introductions.add(mac);
  }

  /** Gives or takes a name; false where the host is not known. */
  rename(mac: Mac): boolean {
    const host = this.#options.network.host(mac);
    if (host) this.#options.network.setHost(mac, { ...host, name: this.#options.nameOf(mac) });
    return host !== undefined;
  }

  /** Forgets the hosts of a port that went down or turned out to be the fabric's, but for those that speak elsewhere. */
  portLost(ref: PortRef): void {
    for (const challenge of this.#contests.at(ref)) {
      this.#contests.cancel(challenge.mac);
      if (samePort(challenge.from, ref)) this.#move(challenge, 'its old port is gone');
    }
    const place = portKey(ref);
    for (const mac of this.#byPort.get(place) ?? []) {
      this.#guard.lost(mac, place);
      this.#forget(mac);
    }
  }

  switchGone(dpid: Dpid): void {
    for (const [mac, { at }] of this.#options.network.hosts()) if (at.dpid === dpid) this.#forget(mac);
  }

  /**
   * Forgets hosts that have been silent for too long; `checked` tells whose counters were looked at. Before that they are
   * asked whether they live.
   */
  expire(checked: (dpid: Dpid) => boolean): void {
    const { clock, timeoutMs, network } = this.#options;
    const now = clock.now();
    let budget = MAX_ASKED_AT_ONCE;
    const askAfterMs = timeoutMs - Math.min(ASK_BEFORE_MS, timeoutMs / 2);
    for (const [mac, { at }] of network.hosts()) {
      const sighting = this.#sightings.get(mac);
      const silentMs = now - (sighting?.seenAt ?? -Infinity);
      if (silentMs <= askAfterMs || !checked(at.dpid)) continue;
      const wasAsked = sighting === undefined || sighting.askedAt > sighting.seenAt;
      const asked = budget-- > 0 && this.ask(mac);
      if (sighting && asked) sighting.askedAt = now;
      if (silentMs > timeoutMs && (wasAsked || !asked)) this.#forget(mac);
    }
  }

  /** Undecided where a known host seems to be in two places. */
  #challenge(known: Host, evidence: HostEvidence, to: PortRef): void {
    const { network } = this.#options;
    const { mac, at: from } = known;
    if (this.#contests.get(mac) || this.#guard.freezes(mac) || this.#refusals.hold(mac)) return;
    const challenge = { mac, from, to, evidence };
    const state = placeState(network, from);
    if (state === 'gone') this.#move(challenge, 'its old port is gone');
    else if (state === 'open') this.#contests.start(challenge, this.#claims.book.isSure(mac));
  }

  #decided(challenge: PlaceChallenge, outcome: Outcome): void {
    const { network, onNotice } = this.#options;
    if (outcome === 'gone') this.#move(challenge, 'nobody answers at its old place any more');
    if (outcome === 'there' && this.#refusals.note(challenge.mac)) onNotice(duplicateNotice(network, challenge));
  }

  #move(challenge: PlaceChallenge, why: string): void {
    const { network, onNotice } = this.#options;
    const { mac, from, to, evidence } = challenge;
    const known = network.host(mac);
    if (!known || network.port(to)?.kind !== 'host' || this.#isFull(to)) return;
    if (this.#guard.moves(mac)) {
      onNotice(flappingNotice(network, mac, from));
      return;
    }
    this.#leave(mac, from);
    this.#settleAt(mac, to);
    network.setHost(mac, { ...known, vlan: evidence.vlan, at: to });
    onNotice(movedNotice(network, challenge, why));
    this.#heard(evidence);
  }

  /** False where there is no room for one more host. */
  #settle({ mac, vlan }: HostEvidence, at: PortRef): boolean {
    const { network, clock, nameOf, onNotice } = this.#options;
    if (this.#isFull(at) || this.#sightings.size >= MAX_HOSTS) return false;
    this.#settleAt(mac, at);
    this.#sightings.set(mac, { ...this.#thisMoment(), askedAt: -Infinity });
    network.setHost(mac, { mac, vlan, ips: [], name: nameOf(mac), at, firstSeen: clock.wall() });
    if (this.#guard.settles(mac, portKey(at))) onNotice(flappingNotice(network, mac, at));
    this.#introductions.add(mac);
    return true;
  }

  /** A host spoke at its place. */
  #heard({ mac, address, lease }: HostEvidence): void {
    this.counted(mac);
    if (address) this.#claims.claim(mac, address.ip, address.certain ? 'told' : 'passed');
    if (lease && this.#sightings.has(lease.mac)) this.#claims.claim(lease.mac, lease.ip, 'leased');
  }

  #addressChanged(macs: readonly Mac[], ip: Ip): void {
    const { network } = this.#options;
    for (const mac of macs) {
      const host = network.host(mac);
      if (!host) continue;
      network.setHost(mac, { ...host, ips: this.#claims.book.of(mac) });
      this.#introductions.add(mac);
    }
    this.#located.emit(ip);
  }

  #forget(mac: Mac): void {
    const { network } = this.#options;
    const host = network.host(mac);
    if (host) this.#leave(mac, host.at);
    this.#contests.cancel(mac);
    this.#sightings.delete(mac);
    network.setHost(mac, undefined);
    this.#claims.forget(mac);
  }

  #isFull(at: PortRef): boolean {
    return (this.#byPort.get(portKey(at))?.size ?? 0) >= MAX_HOSTS_PER_PORT;
  }

  #settleAt(mac: Mac, at: PortRef): void {
    const key = portKey(at);
    const there = this.#byPort.get(key);
    if (there) there.add(mac);
    else this.#byPort.set(key, new Set([mac]));
  }

  #leave(mac: Mac, at: PortRef): void {
    const key = portKey(at);
    const there = this.#byPort.get(key);
    there?.delete(mac);
    if (there?.size === 0) this.#byPort.delete(key);
  }

  #thisMoment(): Pick<Sighting, 'seenAt' | 'seenWall'> {
    const { clock } = this.#options;
    return { seenAt: clock.now(), seenWall: clock.wall() };
  }
}

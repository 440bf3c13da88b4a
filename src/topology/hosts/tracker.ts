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
import { AddressBook } from './address-book.ts';
import { Contests } from './contests.ts';
import type { Challenge, FrameCounters, Outcome } from './contests.ts';
import { readEvidence } from './evidence.ts';
import type { HostEvidence } from './evidence.ts';
import { duplicateNotice, flappingNotice, movedNotice, releasedNotice } from './host-notices.ts';
import { MoveGuard } from './move-guard.ts';
import { CONTROLLER_MAC, linkLocalOf, whoHas } from './questions.ts';

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
  readonly #addresses = new AddressBook();
  readonly #byPort = new Map<string, Set<Mac>>();
  readonly #contests: Contests;
  readonly #guard: MoveGuard;
  readonly #located = createSignal<Ip>();

  constructor(options: HostTrackerOptions) {
    this.#options = {
      send: () => false,
      roundTrip: (_, done) => done(undefined),
      counters: { received: (_, done) => done(undefined), framesFrom: (_mac, _at, done) => done(undefined) },
      onNotice: () => {},
      ...options,
    };
    const { clock, roundTrip, counters, onNotice } = this.#options;
    this.#guard = new MoveGuard({ clock, onReleased: (mac) => onNotice(releasedNotice(mac)) });
    this.#contests = new Contests({
      clock,
      roundTrip,
      counters,
      ask: ({ mac }) => this.ask(mac),
      onDecided: (challenge, outcome) => this.#decided(challenge, outcome),
    });
  }

  /** Milliseconds since the epoch. */
  lastSeen(mac: Mac): number | undefined {
    return this.#sightings.get(mac)?.seenWall;
  }

  /** The host that has an address. */
  hostOf(ip: Ip): Host | undefined {
    const mac = this.#addresses.holder(ip);
    return mac === undefined ? undefined : this.#options.network.host(mac);
  }

  /** Calls back with every address that a host turns out to have. */
  onLocated(listener: (ip: Ip) => void): () => void {
    return this.#located.on(listener);
  }

  /** Asks a host at its place to speak. False where it is not known, or its switch takes no frame now. */
  ask(mac: Mac): boolean {
    const { network, send } = this.#options;
    const host = network.host(mac);
    if (!host) return false;
    const ips = host.ips.length > 0 ? host.ips : [linkLocalOf(mac)];
    return ips.map((ip) => send(host.at, whoHas(ip, host))).includes(true);
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

  /** Takes in a host known from before a restart. */
  restore(host: Host): void {
    const { network, nameOf } = this.#options;
    const { mac } = host;
    if (network.host(mac)) return;
    this.#sightings.set(mac, { ...this.#thisMoment(), askedAt: -Infinity });
    this.#addresses.restore(mac, host.ips);
    this.#settleAt(mac, host.at);
    network.setHost(mac, { ...host, ips: this.#addresses.of(mac), name: nameOf(mac) });
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
    if (this.#contests.get(mac) || this.#guard.turnsAway(mac)) return;
    const challenge = { mac, from, to, evidence };
    const owner = network.switch(from.dpid);
    const port = network.port(from);
    if (!owner || owner.away || !port?.up || port.kind !== 'host') this.#move(challenge, 'its old port is gone');
    // A switch whose session has just broken can ask nobody: it is back soon, or counts as away.
    else if (owner.connected) this.#contests.start(challenge, this.#addresses.isSure(mac));
  }

  #decided(challenge: Challenge, outcome: Outcome): void {
    const { network, onNotice } = this.#options;
    if (outcome === 'gone') this.#move(challenge, 'nobody answers at its old place any more');
    if (outcome === 'there' && this.#guard.refused(challenge.mac)) onNotice(duplicateNotice(network, challenge));
  }

  #move(challenge: Challenge, why: string): void {
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
    return true;
  }

  /** A host spoke at its place. */
  #heard({ mac, address, lease }: HostEvidence): void {
    this.counted(mac);
    if (address) this.#claim(mac, address.ip, address.certain);
    if (lease && this.#sightings.has(lease.mac)) this.#claim(lease.mac, lease.ip, true);
  }

  #claim(mac: Mac, ip: Ip, certain: boolean): void {
    const { network } = this.#options;
    const changed = this.#addresses.claim(mac, ip, certain);
    for (const other of changed) {
      const host = network.host(other);
      if (host) network.setHost(other, { ...host, ips: this.#addresses.of(other) });
    }
    if (changed.length > 0) this.#located.emit(ip);
  }

  #forget(mac: Mac): void {
    const { network } = this.#options;
    const host = network.host(mac);
    if (host) this.#leave(mac, host.at);
    this.#contests.cancel(mac);
    this.#addresses.forget(mac);
    this.#sightings.delete(mac);
    network.setHost(mac, undefined);
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

/**
 * Finds links by LLDP and tells host ports from fabric ports. A port that comes up is probed in a burst; where a probe
 * arrives there is a link; where none came or went, a host. Then probing goes on steadily, and links that fall silent go.
 *
 * Time here stands still while the event loop is blocked: a probe counts as missed only if we were there to hear it.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { comparePorts, linkId, portKey, samePort } from '../../core/ids.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import type { Network } from '../network.ts';
import type { Link } from '../view.ts';
import { buildProbe, readProbe } from './probe.ts';

const TICK_MS = 20;
/** A tick later than this was held up by us, not by the network. */
const TICK_LATE_MS = 60;
/** When a port comes up: probes at these times after. Few, so that hundreds of ports at once stay cheap. */
const BURST_MS = [0, 40, 120, 240] as const;
/** After the burst a port without a probe heard is taken for a host's. */
const GRACE_MS = 160;
/** A fabric port without a link is looked at anew after this: its cable may have gone to a host. */
const FABRIC_FORGET_MS = 30_000;
const HOST_PORT_INTERVAL_MS = 5_000;
/** A probe that could not be sent is tried again after this. */
const UNSENT_RETRY_MS = 100;
const MISSED_PROBES = 3;

export interface DiscoveryOptions {
  readonly network: Network;
  readonly clock: Clock;
  /** Between two probes of a port that has a link. */
  readonly intervalMs: number;
  /** Sends a frame out of a port; false where that cannot be done now. */
  readonly send: (out: PortRef, frame: Uint8Array) => boolean;
}

interface ProbedPort {
  readonly ref: PortRef;
  /** Of the last probe sent. */
  sequence: number;
  /** The last one that was heard somewhere. */
  heardSequence: number;
  /** Where it was heard. */
  heardAt: PortRef | undefined;
  missed: number;
  /** Index into BURST_MS; beyond it the burst is over. */
  burst: number;
  burstStart: number;
  nextAt: number;
  /** When the port was last seen to be part of a link. */
  linkedAt: number;
}

export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #key = randomBytes(32);
  readonly #ports = new Map<string, ProbedPort>();
  readonly #bySwitch = new Map<Dpid, Map<number, ProbedPort>>();
  /** The highest of any probe: a port that comes up counts on from here, so that no probe from before passes for a new one. */
  #sequence = 0;
  #heldUpMs = 0;
  #lastTickAt: number;
  #cancel: () => void;

  constructor(options: DiscoveryOptions) {
    this.#options = options;
    this.#lastTickAt = options.clock.now();
    this.#cancel = options.clock.after(TICK_MS, () => this.#tick());
  }

  stop(): void {
    this.#cancel();
  }

  /** A switch sends and hears probes now: all its ports that are up are probed in a burst. */
  switchReady(dpid: Dpid): void {
    for (const port of this.#options.network.switch(dpid)?.ports.values() ?? []) {
      if (port.up) this.portUp({ dpid, port: port.number });
    }
  }

  /** Its ports are not probed for now. What is known of its links stays for a while: its data plane forwards on. */
  switchLost(dpid: Dpid): void {
    for (const probed of this.#bySwitch.get(dpid)?.values() ?? []) this.#ports.delete(portKey(probed.ref));
    this.#bySwitch.delete(dpid);
  }

  portUp(ref: PortRef): void {
    const now = this.#now();
    const probed: ProbedPort = {
      ref,
      sequence: this.#sequence + 1,
      heardSequence: this.#sequence + 1,
      heardAt: this.#knownPeer(ref),
      missed: 0,
      burst: 0,
      burstStart: now,
      nextAt: now,
      linkedAt: now,
    };
    this.#ports.set(portKey(ref), probed);
    let ports = this.#bySwitch.get(ref.dpid);
    if (!ports) this.#bySwitch.set(ref.dpid, (ports = new Map()));
    ports.set(ref.port, probed);
    this.#probe(probed, now);
  }

  /** The port went down or away: its link is gone at once, and what it leads to is unknown. */
  portDown(ref: PortRef): void {
    const { network } = this.#options;
    this.#ports.delete(portKey(ref));
    this.#bySwitch.get(ref.dpid)?.delete(ref.port);
    for (const link of network.linksAt(ref)) this.#dropLink(link);
    network.setPortKind(ref, 'unknown');
  }

  /** An LLDP frame came in at a port. Returns false where it is no probe of ours. */
  heard(frame: Uint8Array, at: PortRef): boolean {
    const probe = readProbe(this.#key, frame);
    if (!probe) return false;
    const from = this.#ports.get(portKey(probe.from));
    // An old probe played back says nothing about now, and one that came late nothing about a newer one.
    if (!from || probe.sequence < Math.max(from.sequence - 1, from.heardSequence)) return true;
    if (!this.#options.network.port(at)?.up || samePort(from.ref, at)) return true;
    from.heardSequence = probe.sequence;
    from.missed = 0;
    from.heardAt = at;
    this.#linkHeard(from, at);
    return true;
  }

  /**
   * The other end of a link known from before: it holds until probes are missed. One that was heard one way only is found
   * anew, unless that way is the other end's.
   */
  #knownPeer(ref: PortRef): PortRef | undefined {
    for (const link of this.#options.network.linksAt(ref)) {
      const peer = samePort(link.a, ref) ? link.b : link.a;
      if (link.bidirectional) return peer;
      if (!this.#isHeardAt(peer, ref)) this.#dropLink(link);
    }
    return undefined;
  }

  #linkHeard(from: ProbedPort, at: PortRef): void {
    const { network } = this.#options;
    const id = linkId(from.ref, at);
    const bidirectional = this.#isHeardAt(at, from.ref);
    const known = network.link(id);
    if (!known) {
      for (const end of [from.ref, at]) this.#dropLinksAt(end);
      const [a, b] = comparePorts(from.ref, at) < 0 ? [from.ref, at] : [at, from.ref];
      network.setLink(id, { id, a, b, bidirectional });
    } else if (bidirectional && !known.bidirectional) {
      network.setLink(id, { ...known, bidirectional });
    }
    network.setPortKind(from.ref, 'fabric');
    network.setPortKind(at, 'fabric');
    // A port that was taken for a host's is probed seldom: the way back is asked for at once.
    const other = this.#ports.get(portKey(at));
    if (other && !bidirectional) other.nextAt = this.#now();
  }

  /** True where the probes of `port` were last heard at `at`. */
  #isHeardAt(port: PortRef, at: PortRef): boolean {
    const heardAt = this.#ports.get(portKey(port))?.heardAt;
    return heardAt !== undefined && samePort(heardAt, at);
  }

  /** A port has one link: a new one ends those that it had. */
  #dropLinksAt(ref: PortRef): void {
    for (const link of this.#options.network.linksAt(ref)) this.#dropLink(link);
  }

  #dropLink({ id, a, b }: Link): void {
    this.#options.network.setLink(id, undefined);
    this.#forgetHeard(a, b);
    this.#forgetHeard(b, a);
  }

  #forgetHeard(port: PortRef, at: PortRef): void {
    const probed = this.#ports.get(portKey(port));
    if (probed?.heardAt && samePort(probed.heardAt, at)) probed.heardAt = undefined;
  }

  #tick(): void {
    const { clock } = this.#options;
    const now = clock.now();
    const lateMs = now - this.#lastTickAt - TICK_MS;
    if (lateMs > TICK_LATE_MS) this.#heldUpMs += lateMs;
    this.#lastTickAt = now;
    const time = this.#now();
    for (const probed of this.#ports.values()) if (time >= probed.nextAt) this.#probe(probed, time);
    this.#cancel = clock.after(TICK_MS, () => this.#tick());
  }

  #probe(probed: ProbedPort, now: number): void {
    const { network, send } = this.#options;
    const port = network.port(probed.ref);
    if (!port?.up) return;
    if (probed.burst === BURST_MS.length) {
      probed.burst++;
      if (port.kind === 'unknown') network.setPortKind(probed.ref, 'host');
    }
    this.#countMissed(probed);
    probed.sequence++;
    this.#sequence = Math.max(this.#sequence, probed.sequence);
    const { ref: from, sequence } = probed;
    if (send(from, buildProbe(this.#key, { from, sequence }, port.mac))) {
      probed.nextAt = this.#nextProbeAt(probed, now);
    } else {
      this.#unsent(probed, now);
    }
  }

  /** A probe that was not sent cannot be missed, and a burst that was not sent does not show a host. */
  #unsent(probed: ProbedPort, now: number): void {
    probed.heardSequence = probed.sequence;
    probed.nextAt = now + UNSENT_RETRY_MS;
    if (probed.burst < BURST_MS.length) this.#startBurst(probed, probed.nextAt);
  }

  #countMissed(probed: ProbedPort): void {
    const { network } = this.#options;
    const at = probed.heardAt;
    if (!at || probed.heardSequence === probed.sequence || probed.burst < BURST_MS.length) return;
    // A far switch without a session cannot tell what it hears, and forwards on.
    if (!this.#bySwitch.has(at.dpid)) {
      probed.missed = 0;
      return;
    }
    if (++probed.missed < MISSED_PROBES) return;
    probed.heardAt = undefined;
    const link = network.link(linkId(probed.ref, at));
    if (!link) return;
    if (this.#isHeardAt(at, probed.ref)) network.setLink(link.id, { ...link, bidirectional: false });
    else this.#dropLink(link);
  }

  #nextProbeAt(probed: ProbedPort, now: number): number {
    const { network, intervalMs } = this.#options;
    const kind = network.port(probed.ref)?.kind;
    if (network.linksAt(probed.ref).length > 0) probed.linkedAt = now;
    else if (kind === 'fabric' && now - probed.linkedAt > FABRIC_FORGET_MS) this.#lookAnew(probed, now);
    if (probed.burst < BURST_MS.length) {
      probed.burst++;
      const offset = BURST_MS[probed.burst] ?? BURST_MS[BURST_MS.length - 1]! + GRACE_MS;
      return Math.max(probed.burstStart + offset, now);
    }
    return now + (kind === 'host' ? HOST_PORT_INTERVAL_MS : intervalMs);
  }

  #lookAnew(probed: ProbedPort, now: number): void {
    this.#options.network.setPortKind(probed.ref, 'unknown');
    this.#startBurst(probed, now);
    probed.linkedAt = now;
  }

  #startBurst(probed: ProbedPort, at: number): void {
    probed.burst = 0;
    probed.burstStart = at;
  }

  #now(): number {
    return this.#options.clock.now() - this.#heldUpMs;
  }
}

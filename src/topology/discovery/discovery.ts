/**
 * Finds links by LLDP and tells host ports from fabric ports. A port that comes up is probed in a burst; where a probe
 * arrives there is a link; where none came or went, a host. Then probing goes on steadily, and links that fall silent go.
 *
 * Time here stands still while the event loop is blocked: a probe counts as missed only if we were there to hear it.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { linkId, portKey, samePort } from '../../core/ids.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import type { Network } from '../network.ts';
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
  /** When the port was last part of a link. */
  linkedAt: number;
}

export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #key = randomBytes(32);
  readonly #ports = new Map<string, ProbedPort>();
  readonly #bySwitch = new Map<Dpid, Map<number, ProbedPort>>();
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

  /** Its ports are not probed for now. What is known of its links stays: its data plane forwards on. */
  switchLost(dpid: Dpid): void {
    for (const probed of this.#bySwitch.get(dpid)?.values() ?? []) this.#ports.delete(portKey(probed.ref));
    this.#bySwitch.delete(dpid);
  }

  portUp(ref: PortRef): void {
    const now = this.#now();
    const probed: ProbedPort = {
      ref,
      sequence: 0,
      heardSequence: 0,
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
    for (const link of network.linksAt(ref)) this.#dropLink(link.id, link.a, link.b);
    network.setPortKind(ref, 'unknown');
  }

  /** An LLDP frame came in at a port. Returns false where it is no probe of ours. */
  heard(frame: Uint8Array, at: PortRef): boolean {
    const probe = readProbe(this.#key, frame);
    if (!probe) return false;
    const from = this.#ports.get(portKey(probe.from));
    // An old probe played back says nothing about now.
    if (!from || probe.sequence < from.sequence - 1 || probe.sequence > from.sequence) return true;
    const to = this.#options.network.port(at);
    if (!to?.up || (from.ref.dpid === at.dpid && from.ref.port === at.port)) return true;
    from.heardSequence = probe.sequence;
    from.missed = 0;
    if (!from.heardAt || !samePort(from.heardAt, at)) from.heardAt = at;
    this.#linkHeard(from, at);
    return true;
  }

  /** The other end of a link known from before: it holds until probes are missed. */
  #knownPeer(ref: PortRef): PortRef | undefined {
    for (const { a, b } of this.#options.network.linksAt(ref)) return samePort(a, ref) ? b : a;
    return undefined;
  }

  #linkHeard(from: ProbedPort, at: PortRef): void {
    const { network } = this.#options;
    const id = linkId(from.ref, at);
    const now = this.#now();
    from.linkedAt = now;
    const other = this.#ports.get(portKey(at));
    if (other) other.linkedAt = now;
    const back = other?.heardAt;
    const bothWays = back !== undefined && samePort(back, from.ref);
    const known = network.link(id);
    if (!known) {
      this.#dropOtherLinks(id, from.ref, at);
      const [a, b] = id.startsWith(`${portKey(from.ref)}-`) ? [from.ref, at] : [at, from.ref];
      network.setLink(id, { id, a, b, bidirectional: bothWays });
    } else if (bothWays && !known.bidirectional) {
      network.setLink(id, { ...known, bidirectional: true });
    }
    network.setPortKind(from.ref, 'fabric');
    network.setPortKind(at, 'fabric');
  }

  /** A port has one link: a new one ends those that its ports had. */
  #dropOtherLinks(id: string, one: PortRef, other: PortRef): void {
    for (const end of [one, other]) {
      for (const link of this.#options.network.linksAt(end))
        if (link.id !== id) this.#dropLink(link.id, link.a, link.b);
    }
  }

  #dropLink(id: string, a: PortRef, b: PortRef): void {
    this.#options.network.setLink(id, undefined);
    for (const end of [a, b]) {
      const probed = this.#ports.get(portKey(end));
      if (probed) probed.heardAt = undefined;
    }
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
    const sent = send(probed.ref, buildProbe(this.#key, { from: probed.ref, sequence: probed.sequence }, port.mac));
    // A probe that was not sent cannot be missed.
    if (!sent) probed.heardSequence = probed.sequence;
    probed.nextAt = this.#nextProbeAt(probed, now);
  }

  #countMissed(probed: ProbedPort): void {
    const { network } = this.#options;
    const at = probed.heardAt;
    if (!at || probed.heardSequence === probed.sequence || probed.burst < BURST_MS.length) return;
    // The far switch cannot tell us what it hears while its session is gone.
    if (!this.#bySwitch.has(at.dpid) || ++probed.missed < MISSED_PROBES) return;
    const id = linkId(probed.ref, at);
    const link = network.link(id);
    if (!link) return;
    const back = this.#ports.get(portKey(at))?.heardAt;
    probed.heardAt = undefined;
    if (back && samePort(back, probed.ref)) network.setLink(id, { ...link, bidirectional: false });
    else this.#dropLink(id, link.a, link.b);
  }

  #nextProbeAt(probed: ProbedPort, now: number): number {
    if (probed.burst < BURST_MS.length) {
      probed.burst++;
      const offset = BURST_MS[probed.burst] ?? BURST_MS[BURST_MS.length - 1]! + GRACE_MS;
      return Math.max(probed.burstStart + offset, now);
    }
    const kind = this.#options.network.port(probed.ref)?.kind;
    if (kind === 'host') return now + HOST_PORT_INTERVAL_MS;
    if (now - probed.linkedAt > FABRIC_FORGET_MS) this.#lookAnew(probed, now);
    return now + this.#options.intervalMs;
  }

  #lookAnew(probed: ProbedPort, now: number): void {
    this.#options.network.setPortKind(probed.ref, 'unknown');
    probed.burst = 0;
    probed.burstStart = now;
    probed.linkedAt = now;
  }

  #now(): number {
    return this.#options.clock.now() - this.#heldUpMs;
  }
}

/**
 * Finds links by LLDP and tells host ports from fabric ports. A port that comes up is probed in a burst; where a probe
 * arrives there is a link; where none came or went, a host. Then probing goes on steadily, and links that fall silent go.
 *
 * Time here stands still while the event loop is blocked, and nothing is concluded from silence before the switches have
 * shown that they would have told (see `silence.ts`).
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { samePort } from '../../core/ids.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import type { NoticeHandler } from '../../core/notice.ts';
import { placeName } from '../names.ts';
import type { Network } from '../network.ts';
import type { Link } from '../view.ts';
import type { Wire } from '../wire.ts';
import { ROUND_TRIP_EVERY_MS, watchLatency } from './latency.ts';
import { ProbeLateness } from './lateness.ts';
import { LinkTable } from './link-table.ts';
import { ProbeFrame, readProbe } from './probe.ts';
import type { Probe } from './probe.ts';
import { BURST_MS, GRACE_MS, inBurst, ProbedPorts, startBurst } from './probed-port.ts';
import type { ProbedPort } from './probed-port.ts';
import { MISSED_PROBES, OVERDUE_MS } from './silence.ts';
import { Witnesses } from './witnesses.ts';

const MS_PER_SECOND = 1_000;
export const TICK_MS = 20;
/** A tick later than this was held up by us, not by the network. */
const TICK_LATE_MS = 60;
/**
 * Probes in one tick, which then are a good part of the processor's time. With more than 2,500 links at 250 ms they are further apart
 * than was asked for.
 */
export const MAX_PROBES_PER_TICK = 400;
/** A fabric port without a link is looked at anew after this: its cable may have gone to a host. */
const FABRIC_FORGET_MS = 30_000;
const HOST_PORT_INTERVAL_MS = 5_000;
/** A probe that could not be sent is tried again after this. */
const UNSENT_RETRY_MS = 100;
/** From the proof that a burst has left the switch to the verdict that nobody hears it. */
const SETTLE_MS = 100;
/** A probe that comes later than this after its sending was not held up in a queue: it is played back. */
const LATE_MS = 2_000;

export interface DiscoveryOptions extends Wire {
  readonly network: Network;
  readonly clock: Clock;
  /** Between two probes of a port that has a link. */
  readonly intervalMs: number;
  /** Probes in 20 ms, MAX_PROBES_PER_TICK by default: tests hand in fewer. */
  readonly probesPerTick?: number;
  /** Links that fall silent are told here. */
  readonly onNotice?: NoticeHandler;
}

export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #key = randomBytes(32);
  readonly #ports = new ProbedPorts();
  readonly #links: LinkTable;
  readonly #witnesses: Witnesses;
  /** Ports whose probes are not heard: why not, is being found out. */
  readonly #suspects = new Set<ProbedPort>();
  /** Switches to be asked once what is due now has been sent. */
  readonly #toAsk = new Set<Dpid>();
  /** The highest of any probe: a port that comes up counts on from here, so that no probe from before passes for a new one. */
  #sequence = 0;
  readonly #lateness: ProbeLateness;
  #heldUpMs = 0;
  #lastTickAt: number;
  /** Probes that may still be sent before the next tick. */
  #budget: number;
  readonly #perTick: number;
  #cancel: () => void;
  readonly #stopLatency: () => void;

  constructor(options: DiscoveryOptions) {
    const { network, clock, roundTrip, intervalMs, onNotice = () => {} } = options;
    this.#perTick = options.probesPerTick ?? MAX_PROBES_PER_TICK;
    this.#budget = this.#perTick;
    this.#options = options;
    this.#links = new LinkTable(network, this.#ports);
    this.#witnesses = new Witnesses(clock, roundTrip);
    this.#stopLatency = watchLatency({ network, ports: this.#ports, witnesses: this.#witnesses, clock });
    const perSecond = this.#perTick * (MS_PER_SECOND / TICK_MS);
    this.#lateness = new ProbeLateness({ clock, intervalMs, perSecond, onNotice });
    this.#lastTickAt = clock.now();
    this.#cancel = clock.after(TICK_MS, () => this.#tick());
  }

  stop(): void {
    this.#cancel();
    this.#stopLatency();
  }

  /** A switch sends and hears probes now: all its ports that are up are probed in a burst. */
  switchReady(dpid: Dpid): void {
    for (const port of this.#options.network.switch(dpid)?.ports.values() ?? []) {
      if (port.up) this.portUp({ dpid, port: port.number });
    }
    // What it did not hear while it was not there was not missed.
    for (const { heardAt, silence } of this.#ports.values()) if (heardAt?.dpid === dpid) silence.heard();
  }

  /** Its ports are not probed for now. What is known of its links stays for a while: its data plane forwards on. */
  switchLost(dpid: Dpid): void {
    this.#ports.removeSwitch(dpid);
    this.#witnesses.forget(dpid);
  }

  portUp(ref: PortRef): void {
    const port = this.#options.network.port(ref);
    if (!port) return;
    const probed = this.#ports.add({
      ref,
      frame: new ProbeFrame(this.#key, ref, port.mac),
      sequence: this.#sequence + 1,
      heardAt: this.#links.knownPeer(ref),
      now: this.#now(),
    });
    if (this.#budget > 0) this.#probe(probed);
  }

  /** The port went down or away: its link is gone at once, and what it leads to is unknown. */
  portDown(ref: PortRef): void {
    this.#ports.remove(ref);
    this.#links.dropAt(ref);
    this.#options.network.setPortKind(ref, 'unknown');
  }

  /** An LLDP frame came in at a port. Returns false where it is no probe of ours. */
  heard(frame: Uint8Array, at: PortRef): boolean {
    const probe = readProbe(this.#key, frame);
    if (!probe) return false;
    const from = this.#ports.get(probe.from);
    const travelMs = this.#options.clock.now() - probe.sentAt;
    // An old probe played back says nothing about now, and one that came late nothing about a newer one.
    if (!from || probe.sequence < from.heardSequence) return true;
    if (probe.sequence < from.sequence - 1 && travelMs > LATE_MS && !this.#mayBeSlow(probe, at)) return true;
    if (!this.#options.network.port(at)?.up || samePort(from.ref, at)) return true;
    from.heardSequence = probe.sequence;
    from.silence.heard();
    if (from.burst > BURST_MS.length) from.nextAt = from.steadyAt;
    if (!from.heardAt || !samePort(from.heardAt, at)) from.travelMs.clear();
    from.heardAt = at;
    from.travelMs.add(travelMs, this.#options.clock.now());
    const bidirectional = this.#links.heard(from.ref, at);
    // A port that was taken for a host's is probed seldom: the way back is asked for at once.
    const other = this.#ports.get(at);
    if (other && !bidirectional) other.nextAt = this.#now();
    return true;
  }

  /** True where a probe may have waited at one of the switches: nothing that was sent later has come through them. */
  #mayBeSlow({ from, sentAt }: Probe, at: PortRef): boolean {
    return [from, at].some(({ dpid }) => this.#witnesses.answeredSince(dpid, sentAt) === undefined);
  }

  #tick(): void {
    const { clock } = this.#options;
    const now = clock.now();
    const lateMs = now - this.#lastTickAt - TICK_MS;
    if (lateMs > TICK_LATE_MS) this.#heldUpMs += lateMs;
    this.#lastTickAt = now;
    this.#budget = this.#perTick;
    for (const probed of this.#due()) this.#probe(probed);
    for (const dpid of this.#toAsk) this.#witnesses.ask(dpid);
    this.#toAsk.clear();
    for (const probed of this.#suspects) this.#judge(probed);
    this.#cancel = clock.after(TICK_MS, () => this.#tick());
  }

  /** Those that have waited longest, where there are too many for one tick. */
  #due(): ProbedPort[] {
    const time = this.#now();
    const due: ProbedPort[] = [];
    for (const probed of this.#ports.values()) if (time >= probed.nextAt) due.push(probed);
    if (due.length > this.#budget) due.sort((x, y) => x.nextAt - y.nextAt);
    this.#lateness.note(due.length > this.#budget ? time - due[0]!.nextAt : 0, this.#ports.size);
    return due.slice(0, this.#budget);
  }

  #probe(probed: ProbedPort): void {
    const { network, send, clock } = this.#options;
    const port = network.port(probed.ref);
    if (!port?.up) return;
    if (probed.burst === BURST_MS.length) {
      if (!this.#burstHasLeft(probed)) return;
      probed.burst++;
      if (port.kind === 'unknown') network.setPortKind(probed.ref, 'host');
    }
    if (port.mac !== probed.frame.portMac) probed.frame = new ProbeFrame(this.#key, probed.ref, port.mac);
    probed.sequence++;
    this.#sequence = Math.max(this.#sequence, probed.sequence);
    probed.sentAt = clock.now();
    this.#budget--;
    if (send(probed.ref, probed.frame.stamp(probed.sequence, probed.sentAt))) this.#sent(probed);
    else this.#unsent(probed);
  }

  #sent(probed: ProbedPort): void {
    const { ref, silence } = probed;
    const settled = !inBurst(probed);
    probed.steadyAt = this.#nextProbeAt(probed);
    probed.nextAt = probed.steadyAt;
    if (probed.burst === BURST_MS.length) this.#toAsk.add(ref.dpid);
    if (!settled || !probed.heardAt) return;
    if (this.#witnesses.isDue(ref.dpid, ROUND_TRIP_EVERY_MS)) this.#toAsk.add(ref.dpid);
    silence.sent(probed.sentAt);
    if (silence.isSuspicious) {
      this.#suspects.add(probed);
      this.#toAsk.add(ref.dpid);
    } else {
      // The next one comes sooner, unless this one is heard.
      probed.nextAt = Math.min(probed.steadyAt, this.#now() + OVERDUE_MS);
    }
  }

  /** A probe that was not sent cannot be missed, and a burst that was not sent does not show a host. */
  #unsent(probed: ProbedPort): void {
    probed.nextAt = this.#now() + UNSENT_RETRY_MS;
    if (inBurst(probed)) startBurst(probed, probed.nextAt);
  }

  /** True where the whole burst has left the switch for certain, and long enough ago to have been heard. */
  #burstHasLeft({ ref, sentAt }: ProbedPort): boolean {
    const leftBy = this.#witnesses.answeredSince(ref.dpid, sentAt);
    if (leftBy === undefined) this.#toAsk.add(ref.dpid);
    return leftBy !== undefined && this.#options.clock.now() - leftBy >= SETTLE_MS;
  }

  #judge(probed: ProbedPort): void {
    const { ref, heardAt, silence } = probed;
    if (this.#ports.get(ref) !== probed || !heardAt || !silence.isSuspicious) {
      this.#suspects.delete(probed);
      return;
    }
    if (!this.#ports.hasSwitch(heardAt.dpid)) {
      // A far switch without a session cannot tell what it hears, and forwards on.
      silence.heard();
      return;
    }
    const way = { from: ref.dpid, to: heardAt.dpid };
    if (!silence.isProven(this.#options.clock.now(), way, this.#witnesses)) return;
    this.#suspects.delete(probed);
    const link = this.#links.silent(probed);
    if (link) this.#tellSilent(link, ref, heardAt);
  }

  #tellSilent({ id }: Link, from: PortRef, to: PortRef): void {
    const { network, onNotice } = this.#options;
    onNotice?.({
      type: 'link.silent',
      severity: 'alarm',
      subject: { link: id },
      message: `The link from ${placeName(network, from)} to ${placeName(network, to)} loses what is sent over it: it is not used any more, either way.`,
      cause: `${MISSED_PROBES} probes in a row did not arrive, though both ports are up and both switches answer.`,
    });
  }

  #nextProbeAt(probed: ProbedPort): number {
    const { network, intervalMs } = this.#options;
    const now = this.#now();
    const kind = network.port(probed.ref)?.kind;
    if (network.linksAt(probed.ref).length > 0) probed.linkedAt = now;
    else if (kind === 'fabric' && now - probed.linkedAt > FABRIC_FORGET_MS) this.#lookAnew(probed, now);
    if (inBurst(probed)) {
      probed.burst++;
      const offset = BURST_MS[probed.burst] ?? BURST_MS[BURST_MS.length - 1]! + GRACE_MS;
      return Math.max(probed.burstStart + offset, now);
    }
    const everyMs = kind === 'host' ? HOST_PORT_INTERVAL_MS : intervalMs;
    // The first one after the burst leaves the crowd.
    const first = probed.burst === BURST_MS.length + 1;
    probed.burst = BURST_MS.length + 2;
    return now + everyMs * (first ? probed.phase : 1);
  }

  #lookAnew(probed: ProbedPort, now: number): void {
    this.#options.network.setPortKind(probed.ref, 'unknown');
    startBurst(probed, now);
    probed.linkedAt = now;
  }

  #now(): number {
    return this.#options.clock.now() - this.#heldUpMs;
  }
}

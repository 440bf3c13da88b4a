/** A port that is probed: what was sent, what was heard, and when the next probe is due. */
import { portKey, samePort } from '../../core/ids.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import type { ProbeFrame } from './probe.ts';
import { Silence } from './silence.ts';
import { WindowedMin } from './windowed-min.ts';

/** When a port comes up: probes at these times after. Few, so that hundreds of ports at once stay cheap. */
export const BURST_MS = [0, 40, 120, 240] as const;
/** After the burst a port without a probe heard is taken for a host's. */
export const GRACE_MS = 160;

/** The golden ratio's fraction: its multiples lie evenly between 0 and 1, however many there are. */
const EVEN_SPREAD = 0.618_033_988_749_895;

export interface ProbedPort {
  readonly ref: PortRef;
  frame: ProbeFrame;
  /** Of the last probe sent. */
  sequence: number;
  /** The last one that was heard somewhere. */
  heardSequence: number;
  /** Where it was heard. */
  heardAt: PortRef | undefined;
  /** Index into BURST_MS; beyond it the burst is over. */
  burst: number;
  burstStart: number;
  nextAt: number;
  /** When the next one is due if the last one is heard. */
  steadyAt: number;
  /** When the last probe was sent. */
  sentAt: number;
  /** When the port was last seen to be part of a link. */
  linkedAt: number;
  /** Where within an interval its probes lie, from 0 to 1: those of many ports make no crowd. */
  readonly phase: number;
  readonly silence: Silence;
  /** Milliseconds from sending to hearing, channels included. */
  readonly travelMs: WindowedMin;
}

export interface NewPort {
  readonly ref: PortRef;
  readonly frame: ProbeFrame;
  /** Probes up to this one are not its. */
  readonly sequence: number;
  readonly heardAt: PortRef | undefined;
  readonly now: number;
}

export class ProbedPorts {
  readonly #ports = new Map<string, ProbedPort>();
  readonly #bySwitch = new Map<Dpid, Map<number, ProbedPort>>();
  #count = 0;

  get(ref: PortRef): ProbedPort | undefined {
    return this.#ports.get(portKey(ref));
  }

  /** True while the switch sends and hears probes. */
  hasSwitch(dpid: Dpid): boolean {
    return this.#bySwitch.has(dpid);
  }

  get size(): number {
    return this.#ports.size;
  }

  values(): IterableIterator<ProbedPort> {
    return this.#ports.values();
  }

  /** In place of the one that was known by this name. */
  add({ ref, frame, sequence, heardAt, now }: NewPort): ProbedPort {
    const probed: ProbedPort = {
      ref,
      frame,
      sequence,
      heardSequence: sequence,
      heardAt,
      burst: 0,
      burstStart: now,
      nextAt: now,
      steadyAt: now,
      sentAt: now,
      linkedAt: now,
      phase: (++this.#count * EVEN_SPREAD) % 1,
      silence: new Silence(),
      travelMs: new WindowedMin(),
    };
    this.#ports.set(portKey(ref), probed);
    let ports = this.#bySwitch.get(ref.dpid);
    if (!ports) this.#bySwitch.set(ref.dpid, (ports = new Map()));
    ports.set(ref.port, probed);
    return probed;
  }

  remove(ref: PortRef): void {
    this.#ports.delete(portKey(ref));
    this.#bySwitch.get(ref.dpid)?.delete(ref.port);
  }

  removeSwitch(dpid: Dpid): void {
    for (const { ref } of this.#bySwitch.get(dpid)?.values() ?? []) this.#ports.delete(portKey(ref));
    this.#bySwitch.delete(dpid);
  }

  /** True where the probes of `port` were last heard at `at`. */
  isHeardAt(port: PortRef, at: PortRef): boolean {
    const heardAt = this.get(port)?.heardAt;
    return heardAt !== undefined && samePort(heardAt, at);
  }

  /** The probes of `port` are not heard at `at` any more. */
  forgetHeard(port: PortRef, at: PortRef): void {
    const probed = this.get(port);
    if (!probed?.heardAt || !samePort(probed.heardAt, at)) return;
    probed.heardAt = undefined;
    probed.silence.heard();
    probed.travelMs.clear();
  }
}

export function startBurst(probed: ProbedPort, at: number): void {
  probed.burst = 0;
  probed.burstStart = at;
}

/** True while not all probes of the burst have been sent. */
export function inBurst({ burst }: ProbedPort): boolean {
  return burst < BURST_MS.length;
}

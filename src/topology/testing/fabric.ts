/**
 * A fabric for tests of discovery: switches whose ports are joined by cables, over which frames travel with the delay and the
 * loss that a test sets. Time is a manual clock's.
 */
import { portKey } from '../../core/ids.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import { createManualClock } from '../../core/manual-clock.ts';
import type { ManualClock } from '../../core/manual-clock.ts';
import { Discovery } from '../discovery/discovery.ts';
import { Network } from '../network.ts';
import type { Link, PortKind } from '../view.ts';
import { portOf, switchOf } from './facts.ts';

export interface SentFrame {
  readonly out: PortRef;
  readonly frame: Uint8Array;
  readonly atMs: number;
}

export class TestFabric {
  readonly clock: ManualClock = createManualClock();
  readonly network = new Network(this.clock);
  /** Every frame that discovery sent. */
  readonly sent: SentFrame[] = [];
  /** From sending to hearing, in milliseconds. */
  delayMs = 1;
  /** True where a frame that leaves a port is lost. */
  loses: (out: PortRef) => boolean = () => false;
  /** False where a port's switch takes no frame now. */
  takes: (out: PortRef) => boolean = () => true;
  readonly discovery: Discovery;
  readonly #cables = new Map<string, PortRef>();
  readonly #sessions = new Set<Dpid>();

  constructor(intervalMs = 500) {
    this.discovery = new Discovery({
      network: this.network,
      clock: this.clock,
      intervalMs,
      send: (out, frame) => this.#send(out, frame),
    });
  }

  /** A switch connects, with ports that are all up. */
  connect(dpid: Dpid, ports: readonly number[]): void {
    const known = this.network.switch(dpid);
    this.network.setSwitch(dpid, known ? { ...known, connected: true } : switchOf(dpid, ports));
    this.#sessions.add(dpid);
    this.discovery.switchReady(dpid);
  }

  disconnect(dpid: Dpid): void {
    this.#sessions.delete(dpid);
    const known = this.network.switch(dpid);
    if (known) this.network.setSwitch(dpid, { ...known, connected: false });
    this.discovery.switchLost(dpid);
  }

  /** Puts a cable in, whatever was there before; no port notices. */
  cable(a: PortRef, b: PortRef): void {
    for (const end of [a, b]) this.uncable(end);
    this.#cables.set(portKey(a), b);
    this.#cables.set(portKey(b), a);
  }

  uncable(ref: PortRef): void {
    const peer = this.#cables.get(portKey(ref));
    this.#cables.delete(portKey(ref));
    if (peer) this.#cables.delete(portKey(peer));
  }

  portUp(ref: PortRef): void {
    this.network.setPort(ref.dpid, ref.port, portOf(ref.port));
    this.discovery.portUp(ref);
  }

  portDown(ref: PortRef): void {
    this.network.setPort(ref.dpid, ref.port, portOf(ref.port, this.kind(ref) ?? 'unknown', false));
    this.discovery.portDown(ref);
  }

  kind(ref: PortRef): PortKind | undefined {
    return this.network.port(ref)?.kind;
  }

  links(): Link[] {
    return [...this.network.links()].map(([, link]) => link);
  }

  #send(out: PortRef, frame: Uint8Array): boolean {
    if (!this.#sessions.has(out.dpid) || !this.takes(out)) return false;
    this.sent.push({ out, frame, atMs: this.clock.now() });
    const to = this.#cables.get(portKey(out));
    if (!to || this.loses(out)) return true;
    this.clock.after(this.delayMs, () => {
      if (this.#sessions.has(to.dpid)) this.discovery.heard(frame, to);
    });
    return true;
  }
}

/**
 * A fabric for tests of discovery: switches whose ports are joined by cables, over which frames travel with the delay and the
 * loss that a test sets, and whose channels may be slow. Time is a manual clock's.
 */
import { linkId, portKey, samePort } from '../../core/ids.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import { createManualClock } from '../../core/manual-clock.ts';
import type { ManualClock } from '../../core/manual-clock.ts';
import type { Notice } from '../../core/notice.ts';
import { Discovery } from '../discovery/discovery.ts';
import { Network } from '../network.ts';
import type { Link, PortKind } from '../view.ts';
import { TestChannel } from './channel.ts';
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
  readonly notices: Notice[] = [];
  /** Questions to switches. */
  asked = 0;
  /** How long a frame travels that leaves a port, in milliseconds. */
  delayMs: (out: PortRef) => number = () => 1;
  /** True where a frame that leaves a port is lost. */
  loses: (out: PortRef) => boolean = () => false;
  /** False where a port's switch takes no frame now. */
  takes: (out: PortRef) => boolean = () => true;
  /** What the channel of a switch takes that connects; nothing by default. */
  readonly channelDelays = new Map<Dpid, { readonly toSwitchMs: number; readonly toControllerMs: number }>();
  readonly discovery: Discovery;
  readonly #cables = new Map<string, PortRef>();
  readonly #channels = new Map<Dpid, TestChannel>();

  constructor(intervalMs = 250, probesPerTick?: number) {
    this.discovery = new Discovery({
      network: this.network,
      clock: this.clock,
      intervalMs,
      send: (out, frame) => this.#send(out, frame.slice()),
      roundTrip: (dpid, done) => this.#roundTrip(dpid, done),
      onNotice: (notice) => this.notices.push(notice),
      ...(probesPerTick === undefined ? {} : { probesPerTick }),
    });
  }

  /** A switch connects, with ports that are all up. */
  connect(dpid: Dpid, ports: readonly number[]): void {
    const known = this.network.switch(dpid);
    this.network.setSwitch(dpid, known ? { ...known, connected: true } : switchOf(dpid, ports));
    this.#channels.set(dpid, Object.assign(new TestChannel(this.clock), this.channelDelays.get(dpid)));
    this.discovery.switchReady(dpid);
  }

  disconnect(dpid: Dpid): void {
    this.#channels.delete(dpid);
    const known = this.network.switch(dpid);
    if (known) this.network.setSwitch(dpid, { ...known, connected: false });
    this.discovery.switchLost(dpid);
  }

  /** Of a switch that is connected. */
  channel(dpid: Dpid): TestChannel {
    return this.#channels.get(dpid)!;
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

  /** How many probes a port has sent since a moment. */
  sentBy(ref: PortRef, since = 0): number {
    return this.sent.filter(({ out, atMs }) => samePort(out, ref) && atMs >= since).length;
  }

  /** As they are cabled; how long frames travel on them is another question. */
  links(): Link[] {
    return [...this.network.links()].map(([, { id, a, b, bidirectional }]) => ({ id, a, b, bidirectional }));
  }

  latencyMs(a: PortRef, b: PortRef): number | undefined {
    return this.network.link(linkId(a, b))?.latencyMs;
  }

  #send(out: PortRef, frame: Uint8Array): boolean {
    const channel = this.#channels.get(out.dpid);
    if (!channel || !this.takes(out)) return false;
    this.sent.push({ out, frame, atMs: this.clock.now() });
    channel.toSwitch(() => this.#leave(out, frame));
    return true;
  }

  #leave(out: PortRef, frame: Uint8Array): void {
    const to = this.#cables.get(portKey(out));
    if (!to || this.loses(out)) return;
    this.clock.after(this.delayMs(out), () => {
      const channel = this.#channels.get(to.dpid);
      channel?.toController(() => {
        if (this.#channels.get(to.dpid) === channel) this.discovery.heard(frame, to);
      });
    });
  }

  #roundTrip(dpid: Dpid, done: (ms: number | undefined) => void): void {
    this.asked++;
    const channel = this.#channels.get(dpid);
    if (!channel) {
      done(undefined);
      return;
    }
    const start = this.clock.now();
    channel.toSwitch(() => channel.toController(() => done(this.clock.now() - start)));
  }
}

/**
 * Hosts for tests: machines that are plugged in somewhere, answer who asks for their address there, and may be moved. Time is
 * a manual clock's.
 */
import type { Ip, Mac } from '../../core/addresses.ts';
import { formatDpid, portKey, samePort } from '../../core/ids.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import { createManualClock } from '../../core/manual-clock.ts';
import type { Notice } from '../../core/notice.ts';
import {
  ARP_OP,
  buildArp,
  buildEthernet,
  buildNeighborAdvertisement,
  buildUdp,
  ETHER_TYPE,
  IP_PROTO,
  parseArp,
  parseEthernet,
  parseIpv6,
  parseNd,
} from '../../packet/index.ts';
import { HostTracker } from '../hosts/tracker.ts';
import { Network } from '../network.ts';
import { TestChannel } from './channel.ts';
import { portOf, switchOf } from './facts.ts';

export const [S1, S2] = [formatDpid(1n), formatDpid(2n)];
export const P1: PortRef = { dpid: S1, port: 1 };
export const P2: PortRef = { dpid: S1, port: 2 };
export const FABRIC: PortRef = { dpid: S1, port: 3 };
export const Q1: PortRef = { dpid: S2, port: 1 };
const ANSWER_MS = 5;

export interface Machine {
  readonly mac: Mac;
  ips: readonly Ip[];
  at: PortRef | undefined;
  /** It hears, and says nothing. */
  mute: boolean;
}

export class TestSegment {
  readonly clock = createManualClock();
  readonly network = new Network(this.clock);
  readonly notices: Notice[] = [];
  /** Every frame that was sent out of a port. */
  readonly sent: { readonly out: PortRef; readonly frame: Uint8Array; readonly atMs: number }[] = [];
  /** Frames that a port has received, by its key, and that a known sender's rule let pass, by `mac@key`. */
  readonly counts = new Map<string, bigint>();
  readonly hosts: HostTracker;
  readonly #machines: Machine[] = [];
  readonly #channels = new Map<Dpid, TestChannel>();

  constructor(timeoutMs = 60_000) {
    this.network.setSwitch(S1, switchOf(S1, [portOf(1, 'host'), portOf(2, 'host'), portOf(3, 'fabric')]));
    this.network.setSwitch(S2, switchOf(S2, [portOf(1, 'host')]));
    for (const dpid of [S1, S2]) this.#channels.set(dpid, new TestChannel(this.clock));
    this.hosts = new HostTracker({
      network: this.network,
      clock: this.clock,
      timeoutMs,
      nameOf: () => undefined,
      send: (out, frame) => this.send(out, frame),
      roundTrip: (dpid, done) => {
        const channel = this.#channels.get(dpid);
        if (channel) channel.toSwitch(() => channel.toController(() => done(1)));
        else done(undefined);
      },
      counters: {
        received: (at, done) => this.#count(portKey(at), done),
        framesFrom: (mac, at, done) => this.#count(`${mac}@${portKey(at)}`, done),
      },
      onNotice: (notice) => this.notices.push(notice),
    });
    this.network.flush();
  }

  channel(dpid: Dpid): TestChannel {
    return this.#channels.get(dpid)!;
  }

  /** Its session is gone. */
  disconnect(dpid: Dpid): void {
    this.#channels.delete(dpid);
    this.network.setSwitch(dpid, { ...this.network.switch(dpid)!, connected: false });
    this.network.flush();
  }

  /** Plugs a machine in, which says nothing of itself. */
  machine(mac: Mac, ips: readonly Ip[], at: PortRef): Machine {
    const machine: Machine = { mac, ips, at, mute: false };
    this.#machines.push(machine);
    return machine;
  }

  /** A frame that tells nothing but its sender comes in from a machine. */
  speak({ mac, at }: Machine): void {
    if (!at) return;
    const frame = buildEthernet({
      ethDst: 0x0200_0000_00ff,
      ethSrc: mac,
      etherType: 0x88b5,
      payload: new Uint8Array(8),
    });
    this.hosts.frame(frame, at);
  }

  /** A machine says which addresses it has. */
  announce({ mac, ips, at }: Machine): void {
    for (const ip of ips) if (at) this.hosts.frame(answer(mac, ip), at);
  }

  /** An IP packet comes in from a machine, from whomever it may be. */
  pass({ mac, at }: Machine, src: number): void {
    if (!at) return;
    const ports = { srcPort: 49_200, dstPort: 49_201 };
    this.hosts.frame(
      buildUdp({ ethDst: 0x0200_0000_00ff, ethSrc: mac, src, dst: 1, ...ports, payload: new Uint8Array(1) }),
      at,
    );
  }

  send(out: PortRef, frame: Uint8Array): boolean {
    const channel = this.#channels.get(out.dpid);
    if (!channel) return false;
    this.sent.push({ out, frame, atMs: this.clock.now() });
    channel.toSwitch(() => this.#hear(out, frame));
    return true;
  }

  place(mac: Mac): PortRef | undefined {
    return this.network.host(mac)?.at;
  }

  /** The types of what was told. */
  told(): string[] {
    return this.notices.map(({ type }) => type);
  }

  #count(key: string, done: (count: bigint | undefined) => void): void {
    this.clock.after(1, () => done(this.counts.get(key)));
  }

  #hear(out: PortRef, frame: Uint8Array): void {
    const ethernet = parseEthernet(frame)!;
    const target = askedFor(frame);
    for (const { mac, ips, at, mute } of this.#machines) {
      const forIt = ethernet.dst === mac || Math.floor(ethernet.dst / 2 ** 40) % 2 === 1;
      if (mute || !at || !samePort(at, out) || !forIt || target === undefined || !ips.includes(target)) continue;
      this.clock.after(ANSWER_MS, () =>
        this.#channels.get(out.dpid)?.toController(() => this.hosts.frame(answer(mac, target), out)),
      );
    }
  }
}

function askedFor(frame: Uint8Array): Ip | undefined {
  const { etherType, payload } = parseEthernet(frame)!;
  if (etherType === ETHER_TYPE.ARP) return parseArp(frame, payload)?.tpa;
  const ip = parseIpv6(frame, payload);
  const nd = ip?.proto === IP_PROTO.ICMPV6 ? parseNd(frame, ip.payload, ip.end) : undefined;
  return nd?.type === 'neighborSolicitation' ? nd.target : undefined;
}

function answer(mac: Mac, ip: Ip): Uint8Array {
  if (typeof ip === 'number') return buildArp({ op: ARP_OP.REPLY, sha: mac, spa: ip, tha: 1, tpa: 0 });
  const flags = { router: false, solicited: false, override: true };
  return buildNeighborAdvertisement({ ethSrc: mac, src: ip, target: ip, targetLinkLayer: mac, ...flags });
}

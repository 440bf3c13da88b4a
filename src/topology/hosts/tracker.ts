/** Which hosts there are and where: learnt from frames at host ports, moved, and forgotten when silent. */
import type { Ip, Mac } from '../../core/addresses.ts';
import type { Clock } from '../../core/clock.ts';
import { portKey, samePort } from '../../core/ids.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import type { Network } from '../network.ts';
import type { Host } from '../view.ts';
import { readEvidence } from './evidence.ts';

/** A port with more senders than this is a flood, not a segment. */
const MAX_HOSTS_PER_PORT = 1_024;
const MAX_HOSTS = 65_536;
/** Addresses of one host: a machine with dozens of temporary IPv6 addresses keeps the newest. */
const MAX_IPS = 16;

export interface HostTrackerOptions {
  readonly network: Network;
  readonly clock: Clock;
  /** A host silent for longer is forgotten. */
  readonly timeoutMs: number;
  /** The name that a person gave to a host. */
  readonly nameOf: (mac: Mac) => string | undefined;
}

export class HostTracker {
  readonly #options: HostTrackerOptions;
  /** Wall-clock milliseconds. */
  readonly #lastSeen = new Map<Mac, number>();
  readonly #byIp = new Map<Ip, Mac>();
  readonly #perPort = new Map<string, number>();
  #count = 0;

  constructor(options: HostTrackerOptions) {
    this.#options = options;
  }

  lastSeen(mac: Mac): number | undefined {
    return this.#lastSeen.get(mac);
  }

  /** A frame came in at a port. Only host ports have hosts. */
  frame(frame: Uint8Array, at: PortRef): void {
    if (this.#options.network.port(at)?.kind !== 'host') return;
    const evidence = readEvidence(frame);
    if (!evidence) return;
    this.#seen(evidence.mac, evidence.vlan, at);
    if (evidence.ip !== undefined) this.#claim(evidence.mac, evidence.ip);
    if (evidence.lease) this.#claim(evidence.lease.mac, evidence.lease.ip);
  }

  /** The switch counted frames of a known host since it was last asked. */
  counted(mac: Mac): void {
    if (this.#options.network.host(mac)) this.#lastSeen.set(mac, this.#options.clock.wall());
  }

  /** Takes in a host known from before a restart. */
  restore(host: Host): void {
    if (this.#options.network.host(host.mac)) return;
    this.#count++;
    this.#countAt(host.at, 1);
    this.#lastSeen.set(host.mac, this.#options.clock.wall());
    for (const ip of host.ips) this.#byIp.set(ip, host.mac);
    this.#options.network.setHost(host.mac, { ...host, name: this.#options.nameOf(host.mac) });
  }

  /** Gives or takes a name; false where the host is not known. */
  rename(mac: Mac): boolean {
    const host = this.#options.network.host(mac);
    if (host) this.#options.network.setHost(mac, { ...host, name: this.#options.nameOf(mac) });
    return host !== undefined;
  }

  /** Forgets the hosts of a port that went down or turned out to be the fabric's. */
  portLost(ref: PortRef): void {
    for (const [mac, host] of this.#options.network.hosts()) if (samePort(host.at, ref)) this.#forget(mac, host);
  }

  switchGone(dpid: Dpid): void {
    for (const [mac, host] of this.#options.network.hosts()) if (host.at.dpid === dpid) this.#forget(mac, host);
  }

  /** Forgets hosts that have been silent for too long; `checked` tells whose counters were looked at. */
  expire(checked: (dpid: Dpid) => boolean): void {
    const oldest = this.#options.clock.wall() - this.#options.timeoutMs;
    for (const [mac, host] of this.#options.network.hosts()) {
      if ((this.#lastSeen.get(mac) ?? 0) < oldest && checked(host.at.dpid)) this.#forget(mac, host);
    }
  }

  #seen(mac: Mac, vlan: number | undefined, at: PortRef): void {
    const { network, clock, nameOf } = this.#options;
    const known = network.host(mac);
    if (!known) {
      if (this.#count >= MAX_HOSTS || this.#hostsAt(at) >= MAX_HOSTS_PER_PORT) return;
      this.#count++;
      this.#countAt(at, 1);
      network.setHost(mac, { mac, vlan, ips: [], name: nameOf(mac), at, firstSeen: clock.wall() });
    } else if (!samePort(known.at, at)) {
      if (this.#hostsAt(at) >= MAX_HOSTS_PER_PORT) return;
      this.#countAt(known.at, -1);
      this.#countAt(at, 1);
      network.setHost(mac, { ...known, vlan, at });
    }
    this.#lastSeen.set(mac, clock.wall());
  }

  #claim(mac: Mac, ip: Ip): void {
    const { network } = this.#options;
    const host = network.host(mac);
    if (!host || this.#byIp.get(ip) === mac) return;
    const before = this.#byIp.get(ip);
    const loser = before === undefined ? undefined : network.host(before);
    if (loser) network.setHost(loser.mac, { ...loser, ips: loser.ips.filter((known) => known !== ip) });
    this.#byIp.set(ip, mac);
    const kept = host.ips.slice(-(MAX_IPS - 1));
    for (const dropped of host.ips.slice(0, -(MAX_IPS - 1))) this.#byIp.delete(dropped);
    network.setHost(mac, { ...host, ips: [...kept, ip].sort(compareIps) });
  }

  #forget(mac: Mac, host: Host): void {
    this.#count--;
    this.#countAt(host.at, -1);
    this.#lastSeen.delete(mac);
    for (const ip of host.ips) if (this.#byIp.get(ip) === mac) this.#byIp.delete(ip);
    this.#options.network.setHost(mac, undefined);
  }

  #hostsAt(ref: PortRef): number {
    return this.#perPort.get(portKey(ref)) ?? 0;
  }

  #countAt(ref: PortRef, by: number): void {
    const key = portKey(ref);
    const count = (this.#perPort.get(key) ?? 0) + by;
    if (count > 0) this.#perPort.set(key, count);
    else this.#perPort.delete(key);
  }
}

function compareIps(x: Ip, y: Ip): number {
  if (typeof x !== typeof y) return typeof x === 'number' ? -1 : 1;
  if (x === y) return 0;
  return x < y ? -1 : 1;
}

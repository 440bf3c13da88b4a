/** Which hosts there are and where: learnt from frames at host ports, moved, and forgotten when silent. */
import type { Ip, Mac } from '../../core/addresses.ts';
import type { Clock } from '../../core/clock.ts';
import { portKey, samePort } from '../../core/ids.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import type { Network } from '../network.ts';
import type { Host } from '../view.ts';
import { readEvidence } from './evidence.ts';

/** A port with more senders than this is a flood, not a segment. */
export const MAX_HOSTS_PER_PORT = 1_024;
export const MAX_HOSTS = 65_536;
/** Addresses of one host: a machine with dozens of temporary IPv6 addresses keeps those that it spoke for last. */
export const MAX_IPS = 16;

export interface HostTrackerOptions {
  readonly network: Network;
  readonly clock: Clock;
  /** A host silent for longer is forgotten. */
  readonly timeoutMs: number;
  /** The name that a person gave to a host. */
  readonly nameOf: (mac: Mac) => string | undefined;
}

/** What is kept of a host and is no part of a view. */
interface Sighting {
  /** When it last spoke, monotonic: a clock that is set must not make hosts silent. */
  seenAt: number;
  /** The same in milliseconds since the epoch. */
  seenWall: number;
  /** Its addresses, those it spoke for last at the end. */
  readonly ips: Set<Ip>;
}

export class HostTracker {
  readonly #options: HostTrackerOptions;
  readonly #sightings = new Map<Mac, Sighting>();
  readonly #byIp = new Map<Ip, Mac>();
  readonly #byPort = new Map<string, Set<Mac>>();

  constructor(options: HostTrackerOptions) {
    this.#options = options;
  }

  /** Milliseconds since the epoch. */
  lastSeen(mac: Mac): number | undefined {
    return this.#sightings.get(mac)?.seenWall;
  }

  /** A frame came in at a port. Only host ports have hosts. */
  frame(frame: Uint8Array, at: PortRef): void {
    if (this.#options.network.port(at)?.kind !== 'host') return;
    const evidence = readEvidence(frame);
    if (!evidence) return;
    const { mac, vlan, address, lease } = evidence;
    this.#seen(mac, vlan, at);
    if (address) this.#claim(mac, address.ip, address.certain);
    if (lease) this.#claim(lease.mac, lease.ip, true);
  }

  /** The switch counted frames of a known host since it was last asked. */
  counted(mac: Mac): void {
    const sighting = this.#sightings.get(mac);
    if (sighting) Object.assign(sighting, this.#thisMoment());
  }

  /** Takes in a host known from before a restart. */
  restore(host: Host): void {
    const { network, nameOf } = this.#options;
    if (network.host(host.mac)) return;
    const ips = host.ips.filter((ip) => !this.#byIp.has(ip));
    this.#sightings.set(host.mac, { ...this.#thisMoment(), ips: new Set(ips) });
    for (const ip of ips) this.#byIp.set(ip, host.mac);
    this.#settleAt(host.mac, host.at);
    network.setHost(host.mac, { ...host, ips, name: nameOf(host.mac) });
  }

  /** Gives or takes a name; false where the host is not known. */
  rename(mac: Mac): boolean {
    const host = this.#options.network.host(mac);
    if (host) this.#options.network.setHost(mac, { ...host, name: this.#options.nameOf(mac) });
    return host !== undefined;
  }

  /** Forgets the hosts of a port that went down or turned out to be the fabric's. */
  portLost(ref: PortRef): void {
    for (const mac of this.#byPort.get(portKey(ref)) ?? []) this.#forget(mac);
  }

  switchGone(dpid: Dpid): void {
    for (const [mac, { at }] of this.#options.network.hosts()) if (at.dpid === dpid) this.#forget(mac);
  }

  /** Forgets hosts that have been silent for too long; `checked` tells whose counters were looked at. */
  expire(checked: (dpid: Dpid) => boolean): void {
    const oldest = this.#options.clock.now() - this.#options.timeoutMs;
    for (const [mac, { at }] of this.#options.network.hosts()) {
      const seenAt = this.#sightings.get(mac)?.seenAt ?? -Infinity;
      if (seenAt < oldest && checked(at.dpid)) this.#forget(mac);
    }
  }

  #seen(mac: Mac, vlan: number | undefined, at: PortRef): void {
    const { network, clock, nameOf } = this.#options;
    const known = network.host(mac);
    if (!known || !samePort(known.at, at)) {
      if ((this.#byPort.get(portKey(at))?.size ?? 0) >= MAX_HOSTS_PER_PORT) return;
      if (!known && this.#sightings.size >= MAX_HOSTS) return;
      if (known) this.#leave(mac, known.at);
      this.#settleAt(mac, at);
      network.setHost(
        mac,
        known ? { ...known, vlan, at } : { mac, vlan, ips: [], name: nameOf(mac), at, firstSeen: clock.wall() },
      );
    }
    const sighting = this.#sightings.get(mac);
    if (sighting) Object.assign(sighting, this.#thisMoment());
    else this.#sightings.set(mac, { ...this.#thisMoment(), ips: new Set() });
  }

  /** An address is one host's: whoever is sure of it takes it from another. */
  #claim(mac: Mac, ip: Ip, certain: boolean): void {
    const own = this.#sightings.get(mac)?.ips;
    if (!own) return;
    const holder = this.#byIp.get(ip);
    if (holder === mac) {
      own.delete(ip);
      own.add(ip);
      return;
    }
    if (!certain && (holder !== undefined || own.size >= MAX_IPS)) return;
    if (holder !== undefined) {
      this.#sightings.get(holder)?.ips.delete(ip);
      this.#publishIps(holder);
    }
    this.#byIp.set(ip, mac);
    own.add(ip);
    const [oldest] = own;
    if (own.size > MAX_IPS && oldest !== undefined) {
      own.delete(oldest);
      this.#byIp.delete(oldest);
    }
    this.#publishIps(mac);
  }

  #publishIps(mac: Mac): void {
    const { network } = this.#options;
    const host = network.host(mac);
    const ips = this.#sightings.get(mac)?.ips ?? [];
    if (host) network.setHost(mac, { ...host, ips: [...ips].sort(compareIps) });
  }

  #forget(mac: Mac): void {
    const { network } = this.#options;
    const host = network.host(mac);
    if (host) this.#leave(mac, host.at);
    for (const ip of this.#sightings.get(mac)?.ips ?? []) this.#byIp.delete(ip);
    this.#sightings.delete(mac);
    network.setHost(mac, undefined);
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

function compareIps(x: Ip, y: Ip): number {
  if (typeof x !== typeof y) return typeof x === 'number' ? -1 : 1;
  if (x === y) return 0;
  return x < y ? -1 : 1;
}

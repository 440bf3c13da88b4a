/** Which host has which addresses. An address is one host's. */
import type { Ip, Mac } from '../../core/addresses.ts';

/** Addresses of one host: a machine with dozens of temporary IPv6 addresses keeps those that it spoke for last. */
export const MAX_IPS = 16;

export class AddressBook {
  /** Those a host spoke for last at the end; true for those that it is sure to have. */
  readonly #byMac = new Map<Mac, Map<Ip, boolean>>();
  readonly #byIp = new Map<Ip, Mac>();

  holder(ip: Ip): Mac | undefined {
    return this.#byIp.get(ip);
  }

  /** IPv4 first, then IPv6, each in numeric order. */
  of(mac: Mac): readonly Ip[] {
    return [...(this.#byMac.get(mac)?.keys() ?? [])].sort(compareIps);
  }

  /** True where it is known for sure of an address that the host has it itself, and does not only pass packets on. */
  isSure(mac: Mac): boolean {
    for (const certain of this.#byMac.get(mac)?.values() ?? []) if (certain) return true;
    return false;
  }

  /** Those that it is sure to have. */
  sureOf(mac: Mac): readonly Ip[] {
    const own = this.#byMac.get(mac);
    return this.of(mac).filter((ip) => own?.get(ip) === true);
  }

  /** Of addresses known from before, those that nobody else has. */
  restore(mac: Mac, ips: readonly Ip[], sure: readonly Ip[]): void {
    for (const ip of ips) if (!this.#byIp.has(ip)) this.#put(mac, ip, sure.includes(ip));
  }

  /** Takes it from whoever has it. Returns the hosts whose addresses are others now. */
  give(mac: Mac, ip: Ip, certain: boolean): readonly Mac[] {
    const own = this.#byMac.get(mac);
    const holder = this.#byIp.get(ip);
    if (holder === mac) {
      const was = own?.get(ip) ?? false;
      own?.delete(ip);
      own?.set(ip, was || certain);
      return [];
    }
    if (!certain && (own?.size ?? 0) >= MAX_IPS) return [];
    if (holder !== undefined) this.#byMac.get(holder)?.delete(ip);
    this.#put(mac, ip, certain);
    return holder === undefined ? [mac] : [holder, mac];
  }

  forget(mac: Mac): void {
    for (const ip of this.#byMac.get(mac)?.keys() ?? []) this.#byIp.delete(ip);
    this.#byMac.delete(mac);
  }

  #put(mac: Mac, ip: Ip, certain: boolean): void {
    let own = this.#byMac.get(mac);
    if (!own) this.#byMac.set(mac, (own = new Map()));
    own.set(ip, certain);
    this.#byIp.set(ip, mac);
    const [oldest] = own.keys();
    if (own.size <= MAX_IPS || oldest === undefined) return;
    own.delete(oldest);
    this.#byIp.delete(oldest);
  }
}

function compareIps(x: Ip, y: Ip): number {
  if (typeof x !== typeof y) return typeof x === 'number' ? -1 : 1;
  if (x === y) return 0;
  return x < y ? -1 : 1;
}

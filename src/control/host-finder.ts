/** Finds hosts that have not spoken, or not for long, by whatever they are called: MAC, IP or name. */
import { parseIp, parseMac } from '../core/addresses.ts';
import type { Ip, Mac } from '../core/addresses.ts';
import type { PortRef } from '../core/ids.ts';
import { NamedHosts } from '../policies/named-hosts.ts';
import { isHostIp } from '../topology/hosts/host-address.ts';
import type { LastKnown } from '../topology/hosts/last-known.ts';
import type { HostProber } from '../topology/hosts/prober.ts';
import { linkLocalOf } from '../topology/hosts/questions.ts';
import type { HostTracker } from '../topology/hosts/tracker.ts';
import type { Network } from '../topology/network.ts';

/** The rest of a host's addresses is left out: one that has many answers for the first as well. */
const MAX_ASKED = 8;

export interface HostFinderOptions {
  readonly network: Network;
  readonly hosts: Pick<HostTracker, 'hostOf'>;
  readonly names: ReadonlyMap<Mac, string>;
  readonly lastKnown: Pick<LastKnown, 'of'>;
}

/** By what a host that is not known can be asked for. */
interface Trace {
  readonly ips: readonly Ip[];
  readonly mac?: Mac;
  /** Where it was last. */
  readonly near?: PortRef | undefined;
}

const NOTHING: Trace = { ips: [] };

export class HostFinder {
  readonly #options: HostFinderOptions;
  readonly #named = new NamedHosts();
  #prober: Pick<HostProber, 'find' | 'want'> | undefined;

  constructor(options: HostFinderOptions) {
    this.#options = options;
  }

  /** Asks with this prober from now on, and has it look for hosts that policies name as soon as they do. */
  askWith(prober: Pick<HostProber, 'find' | 'want'>): void {
    this.#prober = prober;
    this.#options.network.onUpdate(({ view, change }) => {
      const hosts = this.#named.update(view, change.policies);
      if (hosts.length > 0) prober.want(this.#addressesOf(hosts));
    });
  }

  /** Addresses of hosts that policies name, and that are not known. */
  wanted(): Iterable<Ip> {
    return this.#addressesOf(this.#named.all());
  }

  /** Resolves when the host is known, or has not answered in time; at once where there is nothing to ask for. */
  lookFor(reference: string): Promise<void> {
    const { ips, mac, near } = this.#traceOf(reference, this.#byName());
    const prober = this.#prober;
    if (!prober || ips.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      let left = ips.length;
      for (const ip of ips) {
        void prober.find(ip, { near }).then(() => {
          left--;
          if (left === 0 || (mac !== undefined && this.#options.network.host(mac))) resolve();
        });
      }
    });
  }

  *#addressesOf(references: Iterable<string>): Generator<Ip> {
    const byName = this.#byName();
    for (const reference of references) yield* this.#traceOf(reference, byName).ips;
  }

  #traceOf(reference: string, byName: ReadonlyMap<string, Mac>): Trace {
    const { network, hosts, lastKnown } = this.#options;
    const ip = parseIp(reference);
    if (ip !== undefined) return isHostIp(ip) && !hosts.hostOf(ip) ? { ips: [ip] } : NOTHING;
    const mac = parseMac(reference) ?? byName.get(reference);
    if (mac === undefined || network.host(mac)) return NOTHING;
    const last = lastKnown.of(mac);
    const ips = [...new Set([...(last?.ips ?? []).slice(0, MAX_ASKED), linkLocalOf(mac)])];
    // What another host has by now does not lead to this one.
    return { ips: ips.filter((each) => !hosts.hostOf(each)), mac, near: last?.at };
  }

  #byName(): ReadonlyMap<string, Mac> {
    return new Map([...this.#options.names].map(([mac, name]) => [name, mac]));
  }
}

/**
 * What was last known of hosts that are gone, so that one can be asked for by its name or MAC: its addresses, and where it
 * was. Of hosts with a name it outlives a restart; of others the latest are kept in memory.
 */
import { z } from 'zod';
import { formatIp, parseIp } from '../../core/addresses.ts';
import type { Ip, Mac } from '../../core/addresses.ts';
import type { Clock } from '../../core/clock.ts';
import { isDpid, samePort } from '../../core/ids.ts';
import type { PortRef } from '../../core/ids.ts';
import type { Network, ViewUpdate } from '../network.ts';
import type { Host } from '../view.ts';

/** From a change to its being saved: a host that moves to and fro costs one write. */
export const SAVE_DELAY_MS = 1_000;
/** Hosts without a name that are gone; of more the one that went first is forgotten. */
export const MAX_NAMELESS = 4_096;

export interface LastKnownHost {
  readonly ips: readonly Ip[];
  readonly at: PortRef;
}

const savedHost = z.object({
  ips: z.array(z.string()).transform((texts) => texts.map(parseIp).filter((ip) => ip !== undefined)),
  at: z.object({ dpid: z.string().refine(isDpid), port: z.int().nonnegative() }),
});

export interface LastKnownOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly isNamed: (mac: Mac) => boolean;
  /** As it was saved. */
  readonly saved: ReadonlyMap<Mac, string>;
  readonly save: (entries: ReadonlyMap<Mac, string>) => void;
}

export class LastKnown {
  readonly #options: LastKnownOptions;
  readonly #named = new Map<Mac, LastKnownHost>();
  /** In the order in which they went. */
  readonly #nameless = new Map<Mac, LastKnownHost>();
  readonly #unsaved = new Map<Mac, string>();
  readonly #stopListening: () => void;
  #cancelSave: (() => void) | undefined;

  constructor(options: LastKnownOptions) {
    this.#options = options;
    for (const [mac, text] of options.saved) {
      const host = readSaved(text);
      if (host) this.#named.set(mac, host);
    }
    this.#stopListening = options.network.onUpdate((update) => this.#update(update));
  }

  of(mac: Mac): LastKnownHost | undefined {
    return this.#named.get(mac) ?? this.#nameless.get(mac);
  }

  /** Stops, and saves what is not saved. */
  stop(): void {
    this.#stopListening();
    this.#save();
  }

  #update({ view, previous, change }: ViewUpdate): void {
    for (const mac of change.hosts) {
      const now = view.hosts.get(mac);
      const host = now ?? previous.hosts.get(mac);
      if (!host) continue;
      if (this.#options.isNamed(mac)) this.#noteNamed(host);
      else this.#noteNameless(host, now !== undefined);
    }
  }

  #noteNamed({ mac, ips, at }: Host): void {
    const before = this.#named.get(mac);
    this.#nameless.delete(mac);
    // One that is only just seen again has not told its addresses yet.
    const last = { ips: ips.length > 0 ? ips : (before?.ips ?? []), at };
    if (before && samePort(before.at, at) && before.ips.join() === last.ips.join()) return;
    this.#named.set(mac, last);
    this.#unsaved.set(mac, JSON.stringify({ ips: last.ips.map(formatIp), at }));
    this.#cancelSave ??= this.#options.clock.after(SAVE_DELAY_MS, () => this.#save());
  }

  #noteNameless({ mac, ips, at }: Host, isHere: boolean): void {
    this.#named.delete(mac);
    this.#unsaved.delete(mac);
    this.#nameless.delete(mac);
    if (isHere || ips.length === 0) return;
    this.#nameless.set(mac, { ips, at });
    const [oldest] = this.#nameless.keys();
    if (this.#nameless.size > MAX_NAMELESS && oldest !== undefined) this.#nameless.delete(oldest);
  }

  #save(): void {
    this.#cancelSave?.();
    this.#cancelSave = undefined;
    if (this.#unsaved.size === 0) return;
    this.#options.save(new Map(this.#unsaved));
    this.#unsaved.clear();
  }
}

/** Undefined where the text is of another version: the host is found when it speaks. */
function readSaved(text: string): LastKnownHost | undefined {
  try {
    return savedHost.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * Finds hosts that have not spoken: asks at every host port who has an address. So a host that a policy names, or a person
 * asks for, is known before it speaks.
 */
import type { Ip } from '../../core/addresses.ts';
import type { Clock } from '../../core/clock.ts';
import type { PortRef } from '../../core/ids.ts';
import type { Network, ViewUpdate } from '../network.ts';
import type { Host } from '../view.ts';
import type { Wire } from '../wire.ts';
import { whoHas } from './questions.ts';
import type { HostTracker } from './tracker.ts';

/** How long is waited for an answer where the caller does not say. */
const TIMEOUT_MS = 1_500;
/** Every port is asked twice: a frame may get lost. */
const ASK_AGAIN_MS = 500;
/** Addresses looked for at once. */
export const MAX_SEARCHES = 256;
/** Frames sent in a row, with a rest between: 5,000 a second. A flood of questions must not hold up anything else. */
export const MAX_FRAMES_AT_ONCE = 50;
const REST_MS = 10;
/** Addresses being asked for at a row of ports; those beyond are asked for at the next occasion. */
const MAX_ROUNDS = 4 * MAX_SEARCHES;
/** An address that was not found is not asked for again within this, whoever wants it. */
const NOT_FOUND_MS = 5_000;
/** Those that are wanted and not known are looked for this often … */
const WANTED_EVERY_MS = 10_000;
/** … and at a new host port so long after it was told to be one: then its answers get through to us. */
const NEW_PORT_MS = 200;

export interface HostProberOptions {
  readonly network: Network;
  readonly hosts: Pick<HostTracker, 'hostOf' | 'onLocated'>;
  readonly clock: Clock;
  readonly send: Wire['send'];
  /** Addresses that should be known, as policies name them. */
  readonly wanted?: () => Iterable<Ip>;
}

interface Search {
  readonly startedAt: number;
  readonly waiting: Set<() => void>;
}

/** One address, asked for at the ports that are left. */
interface Round {
  readonly ip: Ip;
  readonly frame: Uint8Array;
  readonly ports: Iterator<PortRef>;
}

export class HostProber {
  readonly #options: HostProberOptions;
  readonly #searches = new Map<Ip, Search>();
  readonly #rounds: Round[] = [];
  /** Host ports that nobody was asked at yet. */
  #newPorts: PortRef[] = [];
  #cancelSending: (() => void) | undefined;
  #cancelNewPorts: (() => void) | undefined;
  #cancelLook: () => void;
  readonly #stopListening: (() => void)[];

  constructor(options: HostProberOptions) {
    const { network, hosts, clock } = options;
    this.#options = options;
    this.#cancelLook = clock.after(WANTED_EVERY_MS, () => this.#lookAgain());
    this.#stopListening = [
      hosts.onLocated((ip) => this.#found(ip)),
      network.onUpdate((update) => this.#notePorts(update)),
    ];
  }

  /**
   * The host that has an address: the one known, or the one that answers within `timeoutMs`. Undefined where none does,
   * where it was looked for in vain a moment ago, or where too many are looked for.
   */
  find(ip: Ip, timeoutMs: number = TIMEOUT_MS): Promise<Host | undefined> {
    const known = this.#options.hosts.hostOf(ip);
    if (known) return Promise.resolve(known);
    const search = this.#search(ip);
    if (!search) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const settle = (): void => {
        cancel();
        search.waiting.delete(settle);
        resolve(this.#options.hosts.hostOf(ip));
      };
      const cancel = this.#options.clock.after(timeoutMs, settle);
      search.waiting.add(settle);
    });
  }

  /** Looks for what is wanted and not known, now: call it when that has changed. */
  look(): void {
    for (const ip of this.#missing()) this.#search(ip);
  }

  stop(): void {
    this.#cancelLook();
    this.#cancelSending?.();
    this.#cancelNewPorts?.();
    for (const stop of this.#stopListening) stop();
    for (const { waiting } of this.#searches.values()) for (const settle of waiting) settle();
    this.#searches.clear();
  }

  /** The search under way for an address, or a new one. */
  #search(ip: Ip): Search | undefined {
    const { clock } = this.#options;
    const now = clock.now();
    for (const [other, { startedAt, waiting }] of this.#searches) {
      if (now - startedAt >= NOT_FOUND_MS && waiting.size === 0) this.#searches.delete(other);
    }
    const known = this.#searches.get(ip);
    if (known) return now - known.startedAt < TIMEOUT_MS ? known : undefined;
    if (this.#searches.size >= MAX_SEARCHES) return undefined;
    const search: Search = { startedAt: now, waiting: new Set() };
    this.#searches.set(ip, search);
    this.#ask(ip, hostPorts(this.#options.network));
    clock.after(ASK_AGAIN_MS, () => {
      if (this.#searches.get(ip) === search) this.#ask(ip, hostPorts(this.#options.network));
    });
    return search;
  }

  #found(ip: Ip): void {
    const search = this.#searches.get(ip);
    this.#searches.delete(ip);
    for (const settle of search?.waiting ?? []) settle();
  }

  #ask(ip: Ip, ports: Iterator<PortRef>): void {
    if (this.#rounds.length >= MAX_ROUNDS) return;
    this.#rounds.push({ ip, frame: whoHas(ip), ports });
    this.#cancelSending ??= this.#options.clock.after(0, () => this.#sendSome());
  }

  #sendSome(): void {
    const { hosts, send, clock } = this.#options;
    this.#cancelSending = undefined;
    for (let frames = 0; frames < MAX_FRAMES_AT_ONCE; frames++) {
      const round = this.#rounds[0];
      if (!round) return;
      const next = hosts.hostOf(round.ip) ? undefined : round.ports.next();
      if (next && next.done !== true) send(next.value, round.frame);
      else this.#rounds.shift();
    }
    this.#cancelSending = clock.after(REST_MS, () => this.#sendSome());
  }

  #lookAgain(): void {
    this.look();
    this.#cancelLook = this.#options.clock.after(WANTED_EVERY_MS, () => this.#lookAgain());
  }

  /** Addresses that are wanted and not known, as many as can be looked for. */
  #missing(): Ip[] {
    const { hosts, wanted } = this.#options;
    const missing: Ip[] = [];
    for (const ip of wanted?.() ?? []) {
      if (missing.length >= MAX_SEARCHES) break;
      if (!hosts.hostOf(ip)) missing.push(ip);
    }
    return missing;
  }

  #notePorts({ view, previous, change }: ViewUpdate): void {
    if (!this.#options.wanted) return;
    for (const dpid of change.switches) {
      const before = previous.switches.get(dpid)?.ports;
      for (const { number, kind } of view.switches.get(dpid)?.ports.values() ?? []) {
        if (kind === 'host' && before?.get(number)?.kind !== 'host') this.#newPorts.push({ dpid, port: number });
      }
    }
    if (this.#newPorts.length === 0) return;
    this.#cancelNewPorts ??= this.#options.clock.after(NEW_PORT_MS, () => this.#askAtNewPorts());
  }

  #askAtNewPorts(): void {
    const ports = this.#newPorts;
    this.#newPorts = [];
    this.#cancelNewPorts = undefined;
    for (const ip of this.#missing()) this.#ask(ip, ports.values());
  }
}

/** Of switches that have a session. */
function* hostPorts(network: Network): Generator<PortRef> {
  for (const [dpid, { connected, ports }] of network.view.switches) {
    if (!connected) continue;
    for (const { number, up, kind } of ports.values()) if (up && kind === 'host') yield { dpid, port: number };
  }
}

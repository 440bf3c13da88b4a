/**
 * Finds hosts that have not spoken: asks at every host port who has an address. So a host that a policy names, or a person
 * asks for, is known before it speaks.
 */
import type { Ip } from '../../core/addresses.ts';
import type { Clock } from '../../core/clock.ts';
import { samePort } from '../../core/ids.ts';
import type { PortRef } from '../../core/ids.ts';
import type { Network, ViewUpdate } from '../network.ts';
import type { Host, Port } from '../view.ts';
import type { Wire } from '../wire.ts';
import { whoHas } from './questions.ts';
import type { HostTracker } from './tracker.ts';

/** How long is waited for an answer where the caller does not say. */
const TIMEOUT_MS = 1_500;
/** Every port is asked twice: a frame may get lost. */
const ASK_AGAIN_MS = 500;
/** Addresses looked for at once … */
export const MAX_SEARCHES = 256;
/** … among them those that policies want: there is always room for what a person asks. */
export const MAX_WANTED = 192;
/** Frames sent in a row, with a rest between: 5,000 a second. A flood of questions must not hold up anything else. */
export const MAX_FRAMES_AT_ONCE = 50;
/** Of them for what policies want, which nobody waits for: it may be missing for long, and be looked for all the time. */
export const MAX_WANTED_FRAMES_AT_ONCE = 10;
const REST_MS = 10;
/** Addresses being asked for at a row of ports; those beyond are asked for at the next occasion. */
const MAX_ROUNDS = 4 * MAX_SEARCHES;
/** An address that was not found is not asked for again within this, whoever wants it. */
const NOT_FOUND_MS = 5_000;
/** Those that are wanted and not known are looked for this often, or sooner where there are more than there is room for … */
const WANTED_EVERY_MS = 10_000;
const MORE_WANTED_MS = 1_000;
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
  /** Nobody waits for it but policies. */
  isWanted: boolean;
}

export interface FindOptions {
  readonly timeoutMs?: number;
  /** Where it is asked for first. */
  readonly near?: PortRef | undefined;
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
  readonly #wantedRounds: Round[] = [];
  /** The one looked for last: the next is its successor, so that each has its turn. */
  #lastWanted: Ip | undefined;
  /** Host ports that nobody was asked at yet. */
  #newPorts: PortRef[] = [];
  #cancelSending: (() => void) | undefined;
  #cancelNewPorts: (() => void) | undefined;
  #cancelLook: () => void;
  readonly #stopListening: (() => void)[];

  constructor(options: HostProberOptions) {
    const { network, hosts, clock } = options;
    this.#options = options;
    this.#cancelLook = clock.after(WANTED_EVERY_MS, () => this.#look());
    this.#stopListening = [
      hosts.onLocated((ip) => this.#found(ip)),
      network.onUpdate((update) => this.#notePorts(update)),
    ];
  }

  /**
   * The host that has an address: the one known, or the one that answers within `timeoutMs`. Undefined where none does,
   * where it was looked for in vain a moment ago, or where too many are looked for.
   */
  find(ip: Ip, { timeoutMs = TIMEOUT_MS, near }: FindOptions = {}): Promise<Host | undefined> {
    const known = this.#options.hosts.hostOf(ip);
    if (known) return Promise.resolve(known);
    const search = this.#search(ip, near);
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

  /** Looks for these now, as for what is wanted: call it when something new is. */
  want(ips: Iterable<Ip>): void {
    for (const ip of ips) {
      // The rest has its turn with all that is wanted.
      if (!this.#options.hosts.hostOf(ip) && !this.#searchWanted(ip)) break;
    }
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
  #search(ip: Ip, near: PortRef | undefined): Search | undefined {
    const { clock, network } = this.#options;
    this.#clearOut();
    const known = this.#searches.get(ip);
    if (known && !known.isWanted) return clock.now() - known.startedAt < TIMEOUT_MS ? known : undefined;
    if (!known && this.#searches.size >= MAX_SEARCHES) return undefined;
    // Where policies have it looked for: a person does not wait until it is the turn of that, or its next time.
    const search = this.#begin(ip, false);
    this.#ask(ip, hostPorts(network, near), this.#rounds);
    return search;
  }

  /** False where there is no room for one more. */
  #searchWanted(ip: Ip): boolean {
    this.#clearOut();
    if (this.#searches.has(ip)) return true;
    const wanted = [...this.#searches.values()].filter(({ isWanted }) => isWanted).length;
    if (wanted >= MAX_WANTED || this.#searches.size >= MAX_SEARCHES) return false;
    this.#begin(ip, true);
    this.#ask(ip, hostPorts(this.#options.network), this.#wantedRounds);
    return true;
  }

  #begin(ip: Ip, isWanted: boolean): Search {
    const { clock, network } = this.#options;
    const search: Search = { startedAt: clock.now(), waiting: new Set(), isWanted };
    this.#searches.set(ip, search);
    clock.after(ASK_AGAIN_MS, () => {
      const rounds = search.isWanted ? this.#wantedRounds : this.#rounds;
      if (this.#searches.get(ip) === search) this.#ask(ip, hostPorts(network), rounds);
    });
    return search;
  }

  /** Those that were not found are forgotten when they may be looked for again. */
  #clearOut(): void {
    const now = this.#options.clock.now();
    for (const [ip, { startedAt, waiting }] of this.#searches) {
      if (now - startedAt >= NOT_FOUND_MS && waiting.size === 0) this.#searches.delete(ip);
    }
  }

  #found(ip: Ip): void {
    const search = this.#searches.get(ip);
    this.#searches.delete(ip);
    for (const settle of search?.waiting ?? []) settle();
  }

  #ask(ip: Ip, ports: Iterator<PortRef>, rounds: Round[]): void {
    if (rounds.length >= MAX_ROUNDS) return;
    rounds.push({ ip, frame: whoHas(ip), ports });
    this.#cancelSending ??= this.#options.clock.after(0, () => this.#sendSome());
  }

  #sendSome(): void {
    this.#cancelSending = undefined;
    const sent = this.#sendFrom(this.#rounds, MAX_FRAMES_AT_ONCE);
    this.#sendFrom(this.#wantedRounds, Math.min(MAX_FRAMES_AT_ONCE - sent, MAX_WANTED_FRAMES_AT_ONCE));
    if (this.#rounds.length + this.#wantedRounds.length === 0) return;
    this.#cancelSending = this.#options.clock.after(REST_MS, () => this.#sendSome());
  }

  /** Returns how many frames it sent. */
  #sendFrom(rounds: Round[], max: number): number {
    const { hosts, send } = this.#options;
    let sent = 0;
    for (let round = rounds[0]; round && sent < max; round = rounds[0]) {
      const next = hosts.hostOf(round.ip) ? undefined : round.ports.next();
      if (next && next.done !== true) {
        send(next.value, round.frame);
        sent++;
      } else rounds.shift();
    }
    return sent;
  }

  /** Looks for what is wanted and not known, as much as there is room for. */
  #look(): void {
    // Where there is much to ask, and ports are many, that takes longer than from one look to the next.
    let isRoom = this.#wantedRounds.length === 0;
    for (const ip of isRoom ? this.#missing() : []) {
      isRoom = this.#searchWanted(ip);
      if (!isRoom) break;
      this.#lastWanted = ip;
    }
    this.#cancelLook = this.#options.clock.after(isRoom ? WANTED_EVERY_MS : MORE_WANTED_MS, () => this.#look());
  }

  /** Addresses that are wanted and not known, the one whose turn it is first. */
  #missing(): Ip[] {
    const { hosts, wanted } = this.#options;
    const missing = [...new Set(wanted?.())].filter((ip) => !hosts.hostOf(ip));
    const from = this.#lastWanted === undefined ? 0 : missing.indexOf(this.#lastWanted) + 1;
    return [...missing.slice(from), ...missing.slice(0, from)];
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
    for (const ip of this.#missing().slice(0, MAX_WANTED)) this.#ask(ip, ports.values(), this.#wantedRounds);
  }
}

/** Of switches that have a session; the near one first, where there is such a port. */
function* hostPorts(network: Network, near?: PortRef): Generator<PortRef> {
  if (near && network.view.switches.get(near.dpid)?.connected && isHostPort(network.port(near))) yield near;
  for (const [dpid, { connected, ports }] of network.view.switches) {
    if (!connected) continue;
    for (const port of ports.values()) {
      const at = { dpid, port: port.number };
      if (isHostPort(port) && !(near && samePort(near, at))) yield at;
    }
  }
}

function isHostPort(port: Port | undefined): boolean {
  return port !== undefined && port.up && port.kind === 'host';
}

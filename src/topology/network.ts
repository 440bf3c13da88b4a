/**
 * The observed facts and declared policies, and the one place where they change. Changes gather for a moment and become the next view, so that
 * a hundred ports coming up make a few views and not a hundred.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Mac } from '../core/addresses.ts';
import type { Clock } from '../core/clock.ts';
import { portKey } from '../core/ids.ts';
import type { Dpid, LinkId, PortRef } from '../core/ids.ts';
import type { Policy } from '../core/policy.ts';
import { createSignal } from '../core/signal.ts';
import type { Host, Link, NetworkView, Port, PortKind, Switch, ViewChange } from './view.ts';
import { EMPTY_VIEW } from './view.ts';

/** A view follows the last of a row of changes by this long … */
const BATCH_IDLE_MS = 2;
/** … but the first of them by no more than this. */
const BATCH_MAX_MS = 20;

export interface ViewUpdate {
  readonly view: NetworkView;
  readonly previous: NetworkView;
  readonly change: ViewChange;
}

/** One category of facts: the published map and what has changed since. */
class Facts<K, V> {
  published: ReadonlyMap<K, V> = new Map();
  readonly #pending = new Map<K, V | undefined>();

  get(key: K): V | undefined {
    return this.#pending.has(key) ? this.#pending.get(key) : this.published.get(key);
  }

  /** Undefined removes. False where nothing changes. */
  set(key: K, value: V | undefined): boolean {
    if (this.get(key) === value) return false;
    this.#pending.set(key, value);
    return true;
  }

  /** All entries, pending ones included. */
  *entries(): IterableIterator<[K, V]> {
    for (const [key, value] of this.published) if (!this.#pending.has(key)) yield [key, value];
    for (const [key, value] of this.#pending) if (value !== undefined) yield [key, value];
  }

  /**
   * Makes the pending changes the published state; returns the keys whose entry says something else now. What was set and
   * set back is no change: the entry stays the object it was.
   */
  publish(): ReadonlySet<K> {
    const changed = new Set<K>();
    if (this.#pending.size === 0) return changed;
    const next = new Map(this.published);
    for (const [key, value] of this.#pending) {
      if (isDeepStrictEqual(next.get(key), value)) continue;
      changed.add(key);
      if (value === undefined) next.delete(key);
      else next.set(key, value);
    }
    this.#pending.clear();
    if (changed.size > 0) this.published = next;
    return changed;
  }
}

export class Network {
  readonly #clock: Clock;
  readonly #switches = new Facts<Dpid, Switch>();
  readonly #links = new Facts<LinkId, Link>();
  readonly #hosts = new Facts<Mac, Host>();
  readonly #policies = new Facts<string, Policy>();
  readonly #updates = createSignal<ViewUpdate>();
  /** Ids of the links that end at a port, unpublished ones included, by portKey. */
  readonly #linksByPort = new Map<string, Set<LinkId>>();
  #view: NetworkView;
  #firstChangeAt: number | undefined;
  #publishing = false;
  #cancel = (): void => {};

  /** @param version of the view before the first: later runs count on, so that a number never means two views */
  constructor(clock: Clock, version = 0) {
    this.#clock = clock;
    this.#view = { ...EMPTY_VIEW, version };
  }

  /** The last published view. */
  get view(): NetworkView {
    return this.#view;
  }

  onUpdate(listener: (update: ViewUpdate) => void): () => void {
    return this.#updates.on(listener);
  }

  // The newest facts, unpublished ones included: what those decide by who hand facts in.

  switch(dpid: Dpid): Switch | undefined {
    return this.#switches.get(dpid);
  }
  port(ref: PortRef): Port | undefined {
    return this.#switches.get(ref.dpid)?.ports.get(ref.port);
  }
  link(id: LinkId): Link | undefined {
    return this.#links.get(id);
  }
  host(mac: Mac): Host | undefined {
    return this.#hosts.get(mac);
  }
  switches(): IterableIterator<[Dpid, Switch]> {
    return this.#switches.entries();
  }
  links(): IterableIterator<[LinkId, Link]> {
    return this.#links.entries();
  }
  /** The links that end at a port: one, or for a moment more. */
  linksAt(ref: PortRef): Link[] {
    const found: Link[] = [];
    for (const id of this.#linksByPort.get(portKey(ref)) ?? []) {
      const link = this.#links.get(id);
      if (link) found.push(link);
    }
    return found;
  }
  hosts(): IterableIterator<[Mac, Host]> {
    return this.#hosts.entries();
  }
  policy(name: string): Policy | undefined {
    return this.#policies.get(name);
  }

  setSwitch(dpid: Dpid, value: Switch | undefined): void {
    if (this.#switches.set(dpid, value)) this.#changed();
  }
  setPort(dpid: Dpid, number: number, port: Port | undefined): void {
    const owner = this.#switches.get(dpid);
    if (!owner) return;
    const ports = new Map(owner.ports);
    if (port) ports.set(number, port);
    else ports.delete(number);
    this.setSwitch(dpid, { ...owner, ports });
  }
  setPortKind(ref: PortRef, kind: PortKind): void {
    const port = this.port(ref);
    if (port && port.kind !== kind) this.setPort(ref.dpid, ref.port, { ...port, kind });
  }
  setLink(id: LinkId, value: Link | undefined): void {
    const before = this.#links.get(id);
    if (!this.#links.set(id, value)) return;
    if (before) for (const end of [before.a, before.b]) this.#unindex(id, end);
    if (value) for (const end of [value.a, value.b]) this.#index(id, end);
    this.#changed();
  }
  setHost(mac: Mac, value: Host | undefined): void {
    if (this.#hosts.set(mac, value)) this.#changed();
  }
  setPolicy(name: string, value: Policy | undefined): void {
    if (this.#policies.set(name, value)) this.#changed();
  }

  /** Publishes what is pending at once. Within a listener it waits its turn, so that all see the views in order. */
  flush(): void {
    if (this.#publishing) return;
    this.#cancel();
    this.#firstChangeAt = undefined;
    const switches = this.#switches.publish();
    const links = this.#links.publish();
    const hosts = this.#hosts.publish();
    const policies = this.#policies.publish();
    if (switches.size + links.size + hosts.size + policies.size === 0) return;
    const previous = this.#view;
    this.#view = {
      version: previous.version + 1,
      switches: this.#switches.published,
      links: this.#links.published,
      hosts: this.#hosts.published,
      policies: this.#policies.published,
    };
    this.#publishing = true;
    try {
      this.#updates.emit({ view: this.#view, previous, change: { switches, links, hosts, policies } });
    } finally {
      this.#publishing = false;
    }
  }

  #index(id: LinkId, end: PortRef): void {
    const key = portKey(end);
    const ids = this.#linksByPort.get(key);
    if (ids) ids.add(id);
    else this.#linksByPort.set(key, new Set([id]));
  }

  #unindex(id: LinkId, end: PortRef): void {
    const key = portKey(end);
    const ids = this.#linksByPort.get(key);
    ids?.delete(id);
    if (ids?.size === 0) this.#linksByPort.delete(key);
  }

  #changed(): void {
    const now = this.#clock.now();
    this.#firstChangeAt ??= now;
    const waitMs = Math.min(BATCH_IDLE_MS, this.#firstChangeAt + BATCH_MAX_MS - now);
    this.#cancel();
    this.#cancel = this.#clock.after(Math.max(waitMs, 0), () => this.flush());
  }
}

/** What apps may ask of the view. Every question is remembered, so that an app's unit runs again only when an answer changes. */
import type { Mac } from '../../core/addresses.ts';
import { isDpid } from '../../core/ids.ts';
import type { Dpid, LinkId, PortRef } from '../../core/ids.ts';
import type { Policy } from '../../core/policy.ts';
import { DisjointSets, spanningForest } from '../../topology/paths/tree.ts';
import type { Host, Link, PortKind, Switch } from '../../topology/view.ts';
import type { ViewUpdate } from '../../topology/network.ts';
import { Incremental } from './incremental.ts';
import type { InputMap } from './incremental.ts';
import { equalNextHops, NextHopBook } from './next-hops.ts';
import type { NextHops } from './next-hops.ts';

/** A port that is up and known, as far as rules depend on it. */
export interface UsablePort {
  readonly number: number;
  readonly kind: PortKind;
}

export interface Facts {
  switches(): readonly Dpid[];
  /** The switch of that dpid or name; undefined where none has it, or several have the name. */
  switchNamed(reference: string): Dpid | undefined;
  hosts(): readonly Mac[];
  host(mac: Mac): Host | undefined;
  /** Names of the declared policies that are enabled. */
  policies(): readonly string[];
  policy(name: string): Policy | undefined;
  /** Ports that are up and whose kind is known, by number. */
  ports(dpid: Dpid): readonly UsablePort[];
  /** True where the port is up and a host's. */
  isHostPort(ref: PortRef): boolean;
  /** Switches at which hosts are known, in their order. */
  hostSwitches(): readonly Dpid[];
  /** How a switch reaches every other to which it has a way. */
  nextHopsFrom(dpid: Dpid): ReadonlyMap<Dpid, NextHops>;
  /** The switches that have a way to `target`, itself left out, in their order. */
  sourcesOf(target: Dpid): readonly Dpid[];
  /** The ports on which a switch floods: host ports and those of the tree, by number. */
  floodPorts(dpid: Dpid): readonly UsablePort[];
}

export interface FactBase extends Facts {
  readonly incremental: Incremental;
  /** Takes a new view in. */
  update(update: Pick<ViewUpdate, 'view' | 'change'>): void;
}

export function createFacts(): FactBase {
  const incremental = new Incremental();
  const switches = incremental.inputMap<Dpid, Switch>();
  const links = incremental.inputMap<LinkId, Link>();
  const hosts = incremental.inputMap<Mac, Host>();
  const policies = incremental.inputMap<string, Policy>();

  const book = new NextHopBook();
  /** When each switch's page of the book last became another. */
  const pages = incremental.inputMap<Dpid, number>();
  const pageRevisions = new Map<Dpid, number>();

  /** Links that carry traffic. */
  const usableLinks = incremental.value(() => listUsableLinks(links), { equal: equalLinks });
  const away = incremental.value(() => switches.keys().filter((dpid) => switches.get(dpid)?.away), {
    equal: equalArrays,
  });
  const forest = incremental.value(() => treePorts(usableLinks(), new Set(away())));
  const switchNames = incremental.value(() => namesOf(switches), { equal: equalMaps });
  const treePortsOf = incremental.query((dpid: Dpid) => forest().get(dpid) ?? [], { equal: equalArrays });
  const ports = incremental.query((dpid: Dpid) => usablePorts(switches.get(dpid)), { equal: equalPorts });
  const speedsOf = incremental.query((dpid: Dpid) => portSpeeds(switches.get(dpid)), { equal: equalMaps });
  const nextHopsFrom = incremental.query(
    (dpid: Dpid) => {
      pages.get(dpid);
      return book.from(dpid, (end) => speedsOf(end.dpid).get(end.port) ?? 0);
    },
    { equal: equalNextHops },
  );
  const islands = incremental.value(() => joinIslands(switches.keys(), usableLinks()));
  const islandOf = incremental.query((dpid: Dpid) => islands().get(dpid) ?? [], { equal: equalArrays });
  const sourcesOf = incremental.query((target: Dpid) => islandOf(target).filter((dpid) => dpid !== target));
  const hostSwitches = incremental.value(
    () =>
      [...new Set(hosts.keys().map((mac) => hosts.get(mac)?.at.dpid ?? ''))]
        .filter((dpid) => switches.get(dpid))
        .sort(),
    { equal: equalArrays },
  );
  const floodPorts = incremental.query(
    (dpid: Dpid) => {
      const tree = new Set(treePortsOf(dpid));
      return ports(dpid).filter(({ number, kind }) => kind === 'host' || tree.has(number));
    },
    { equal: equalPorts },
  );

  return {
    incremental,
    switches: () => switches.keys(),
    switchNamed: (reference) => {
      const names = switchNames();
      const dpid = reference.toLowerCase();
      return names.get(isDpid(dpid) && names.has(dpid) ? dpid : reference);
    },
    hosts: () => hosts.keys(),
    host: (mac) => hosts.get(mac),
    policies: () => policies.keys(),
    policy: (name) => policies.get(name),
    ports,
    isHostPort: ({ dpid, port }) => ports(dpid).some(({ number, kind }) => number === port && kind === 'host'),
    hostSwitches,
    nextHopsFrom,
    sourcesOf,
    floodPorts,
    update: ({ view, change }) => {
      incremental.advance();
      switches.update(view.switches, change.switches);
      links.update(view.links, change.links);
      hosts.update(view.hosts, change.hosts);
      policies.update(view.policies, change.policies);
      const moved = book.update(view, change);
      for (const dpid of moved) {
        if (view.switches.has(dpid)) pageRevisions.set(dpid, incremental.revision);
        else pageRevisions.delete(dpid);
      }
      pages.update(pageRevisions, moved);
    },
  };
}

/** The switch that each name means, undefined where several have it. A dpid means its own switch, whatever others are called. */
function namesOf(switches: InputMap<Dpid, Switch>): ReadonlyMap<string, Dpid | undefined> {
  const names = new Map<string, Dpid | undefined>();
  for (const dpid of switches.keys()) {
    const name = switches.get(dpid)?.name;
    if (name !== undefined) names.set(name, names.has(name) ? undefined : dpid);
  }
  for (const dpid of switches.keys()) names.set(dpid, dpid);
  return names;
}

function listUsableLinks(links: InputMap<LinkId, Link>): readonly Link[] {
  const usable: Link[] = [];
  for (const id of links.keys()) {
    const link = links.get(id);
    if (link?.bidirectional) usable.push(link);
  }
  return usable.sort((x, y) => (x.id < y.id ? -1 : 1));
}

/** The switches that have ways to each other, in their order, by each of them. */
function joinIslands(dpids: readonly Dpid[], links: readonly Link[]): ReadonlyMap<Dpid, readonly Dpid[]> {
  const sets = new DisjointSets();
  for (const { a, b } of links) sets.join(a.dpid, b.dpid);
  const byRoot = new Map<string, Dpid[]>();
  const islands = new Map<Dpid, readonly Dpid[]>();
  for (const dpid of [...dpids].sort()) {
    const root = sets.find(dpid);
    const island = byRoot.get(root) ?? [];
    byRoot.set(root, island);
    island.push(dpid);
    islands.set(dpid, island);
  }
  return islands;
}

function treePorts(links: readonly Link[], away: ReadonlySet<Dpid>): ReadonlyMap<Dpid, readonly number[]> {
  const tree = spanningForest(links, away);
  const ports = new Map<Dpid, number[]>();
  for (const link of links) {
    if (!tree.has(link.id)) continue;
    for (const end of [link.a, link.b]) {
      const known = ports.get(end.dpid);
      if (known) known.push(end.port);
      else ports.set(end.dpid, [end.port]);
    }
  }
  for (const list of ports.values()) list.sort((x, y) => x - y);
  return ports;
}

function usablePorts(owner: Switch | undefined): readonly UsablePort[] {
  if (!owner) return [];
  return [...owner.ports.values()]
    .filter((port) => port.up && port.kind !== 'unknown')
    .map(({ number, kind }) => ({ number, kind }))
    .sort((x, y) => x.number - y.number);
}

function portSpeeds(owner: Switch | undefined): ReadonlyMap<number, number> {
  return new Map([...(owner?.ports.values() ?? [])].map(({ number, speedBps }) => [number, speedBps]));
}

function equalArrays<T>(x: readonly T[], y: readonly T[]): boolean {
  return x.length === y.length && x.every((item, index) => item === y[index]);
}

/** A link's id says which ports it joins; what is measured on it is nothing to rules. */
function equalLinks(x: readonly Link[], y: readonly Link[]): boolean {
  return x.length === y.length && x.every(({ id }, index) => id === y[index]?.id);
}

function equalPorts(x: readonly UsablePort[], y: readonly UsablePort[]): boolean {
  return x.length === y.length && x.every((port, i) => port.number === y[i]?.number && port.kind === y[i]?.kind);
}

function equalMaps<K, V>(x: ReadonlyMap<K, V>, y: ReadonlyMap<K, V>): boolean {
  return x.size === y.size && [...x].every(([key, value]) => y.has(key) && y.get(key) === value);
}

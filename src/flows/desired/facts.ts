/** What apps may ask of the view. Every question is remembered, so that an app's unit runs again only when an answer changes. */
import type { Mac } from '../../core/addresses.ts';
import type { Dpid, LinkId, PortRef } from '../../core/ids.ts';
import type { Policy } from '../../core/policy.ts';
import type { Reluctant } from '../../topology/paths/bfs.ts';
import { buildGraph } from '../../topology/paths/graph.ts';
import type { Graph } from '../../topology/paths/graph.ts';
import { spanningForest } from '../../topology/paths/tree.ts';
import type { Host, Link, PortKind, Switch } from '../../topology/view.ts';
import type { ViewUpdate } from '../../topology/network.ts';
import { Incremental } from './incremental.ts';
import type { InputMap } from './incremental.ts';
import { equalNextHops, NextHopBook } from './next-hops.ts';
import type { NextHops } from './next-hops.ts';
import { arcWeights, linkSpeeds } from './weights.ts';

/** A port that is up and known, as far as rules depend on it. */
export interface UsablePort {
  readonly number: number;
  readonly kind: PortKind;
}

export interface Facts {
  switches(): readonly Dpid[];
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
  /** How every switch reaches `target`; those that have no way, and `target` itself, are left out. */
  nextHopsTo(target: Dpid): ReadonlyMap<Dpid, NextHops>;
  /** The switches that have a way to `target`, itself left out, in their order. */
  sourcesOf(target: Dpid): readonly Dpid[];
  /** The ports on which a switch floods: host ports and those of the tree, by number. */
  floodPorts(dpid: Dpid): readonly number[];
}

export interface FactBase extends Facts {
  readonly incremental: Incremental;
  /** Takes a new view in. */
  update(update: ViewUpdate): void;
}

export function createFacts(): FactBase {
  const incremental = new Incremental();
  const switches = incremental.inputMap<Dpid, Switch>();
  const links = incremental.inputMap<LinkId, Link>();
  const hosts = incremental.inputMap<Mac, Host>();
  const policies = incremental.inputMap<string, Policy>();

  /** Links that carry traffic. */
  const usableLinks = incremental.value(() => listUsableLinks(links), { equal: equalArrays });
  const graph = incremental.value(() => buildGraph(switches.keys(), usableLinks()));
  const away = incremental.value(() => switches.keys().filter((dpid) => switches.get(dpid)?.away), {
    equal: equalArrays,
  });
  const reluctant = incremental.value(() => markReluctant(graph(), away()));
  const forest = incremental.value(() => treePorts(usableLinks(), new Set(away())));
  const treePortsOf = incremental.query((dpid: Dpid) => forest().get(dpid) ?? [], { equal: equalArrays });
  const ports = incremental.query((dpid: Dpid) => usablePorts(switches.get(dpid)), { equal: equalPorts });
  const speeds = incremental.value(() => linkSpeeds(usableLinks(), (dpid) => switches.get(dpid)), { equal: equalMaps });
  const book = incremental.value(() => new NextHopBook(graph(), arcWeights(graph(), speeds()), reluctant()));
  const nextHopsTo = incremental.query((target: Dpid) => book().to(target), { equal: equalNextHops });
  const sourcesOf = incremental.query((target: Dpid) => [...nextHopsTo(target).keys()], { equal: equalArrays });
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
      return ports(dpid)
        .filter(({ number, kind }) => kind === 'host' || tree.has(number))
        .map(({ number }) => number);
    },
    { equal: equalArrays },
  );

  return {
    incremental,
    switches: () => switches.keys(),
    hosts: () => hosts.keys(),
    host: (mac) => hosts.get(mac),
    policies: () => policies.keys(),
    policy: (name) => policies.get(name),
    ports,
    isHostPort: ({ dpid, port }) => ports(dpid).some(({ number, kind }) => number === port && kind === 'host'),
    hostSwitches,
    nextHopsTo,
    sourcesOf,
    floodPorts,
    update: ({ view, change }) => {
      incremental.advance();
      switches.update(view.switches, change.switches);
      links.update(view.links, change.links);
      hosts.update(view.hosts, change.hosts);
      policies.update(view.policies, change.policies);
    },
  };
}

function listUsableLinks(links: InputMap<LinkId, Link>): readonly Link[] {
  const usable: Link[] = [];
  for (const id of links.keys()) {
    const link = links.get(id);
    if (link?.bidirectional) usable.push(link);
  }
  return usable.sort((x, y) => (x.id < y.id ? -1 : 1));
}

function markReluctant(graph: Graph, away: readonly Dpid[]): Reluctant | undefined {
  if (away.length === 0) return undefined;
  const marks = new Uint8Array(graph.dpids.length);
  for (const dpid of away) {
    const index = graph.indexOf.get(dpid);
    if (index !== undefined) marks[index] = 1;
  }
  return marks;
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

function equalArrays<T>(x: readonly T[], y: readonly T[]): boolean {
  return x.length === y.length && x.every((item, index) => item === y[index]);
}

function equalPorts(x: readonly UsablePort[], y: readonly UsablePort[]): boolean {
  return x.length === y.length && x.every((port, i) => port.number === y[i]?.number && port.kind === y[i]?.kind);
}

function equalMaps<K, V>(x: ReadonlyMap<K, V>, y: ReadonlyMap<K, V>): boolean {
  return x.size === y.size && [...x].every(([key, value]) => y.get(key) === value);
}

/**
 * The topology as it was before a restart. A remembered fact counts again only where a switch shows, by holding our rules
 * still, that its network has lived on; then the first view is the last one, and not a flow is touched.
 */
import { formatIp, formatMac, parseIp, parseMac } from '../core/addresses.ts';
import type { Dpid } from '../core/ids.ts';
import type { Host, Link, NetworkView, Port, Switch } from './view.ts';

export interface Remembered {
  /** Of the view that was saved, or later: no number that was ever given to a view is above it. */
  readonly version: number;
  readonly switches: Map<Dpid, Switch>;
  readonly links: Map<string, Link>;
  readonly hosts: Host[];
}

const FORMAT = 1;
/** Switches that are gone and kept in mind: more than any network here has. */
const MAX_REMEMBERED = 4_096;
/** More views than there can be between two saves. */
const UNSAVED_VERSIONS = 1_000;

/** JSON leaves out what is undefined. */
type SavedHost = Pick<Host, 'at' | 'firstSeen'> &
  Partial<Pick<Host, 'vlan' | 'name'>> & { readonly mac: string; readonly ips: readonly string[] };

interface Saved {
  readonly format: number;
  readonly version: number;
  readonly switches: readonly (Omit<Switch, 'ports'> & { readonly ports: readonly Port[] })[];
  readonly links: readonly Link[];
  readonly hosts: readonly SavedHost[];
}

/** The view as text, and with it what is remembered of switches that are not in it. */
export function saveTopology({ version, switches, links, hosts }: NetworkView, memory: Remembered): string {
  const allSwitches = new Map([...memory.switches, ...switches]);
  const allHosts = new Map([...memory.hosts.map((host) => [host.mac, host] as const), ...hosts]);
  const saved: Saved = {
    format: FORMAT,
    version,
    switches: [...allSwitches.values()].map((owner) => ({ ...owner, ports: [...owner.ports.values()] })),
    links: [...new Map([...memory.links, ...links]).values()],
    hosts: [...allHosts.values()].map((host): SavedHost => ({
      ...host,
      mac: formatMac(host.mac),
      ips: host.ips.map(formatIp),
    })),
  };
  return JSON.stringify(saved);
}

/** Nothing where the text is of another format: then the network is found anew. */
export function loadTopology(json: string | undefined): Remembered {
  const nothing: Remembered = { version: 0, switches: new Map(), links: new Map(), hosts: [] };
  if (json === undefined) return nothing;
  const saved = JSON.parse(json) as Saved;
  if (saved.format !== FORMAT) return nothing;
  return {
    version: saved.version + UNSAVED_VERSIONS,
    switches: new Map(
      saved.switches.map((owner) => [
        owner.dpid,
        { ...owner, connected: false, away: false, ports: new Map(owner.ports.map((port) => [port.number, port])) },
      ]),
    ),
    links: new Map(saved.links.map((link) => [link.id, link])),
    hosts: saved.hosts.map((host) => ({
      vlan: undefined,
      name: undefined,
      ...host,
      mac: parseMac(host.mac)!,
      ips: host.ips.flatMap((text) => parseIp(text) ?? []),
    })),
  };
}

/** Puts away what is known of a switch that has vanished: it may come back with its tables. */
export function rememberSwitch(memory: Remembered, view: NetworkView, dpid: Dpid): void {
  const owner = view.switches.get(dpid);
  if (!owner || memory.switches.size >= MAX_REMEMBERED) return;
  memory.switches.set(dpid, owner);
  for (const [id, link] of view.links) if (link.a.dpid === dpid || link.b.dpid === dpid) memory.links.set(id, link);
  memory.hosts.push(...[...view.hosts.values()].filter(({ at }) => at.dpid === dpid));
}

/** Forgets what is remembered of a switch that turned out to have started anew. */
export function dropSwitch(memory: Remembered, dpid: Dpid): void {
  memory.switches.delete(dpid);
  memory.hosts.splice(0, Infinity, ...memory.hosts.filter(({ at }) => at.dpid !== dpid));
  for (const [id, { a, b }] of memory.links) if (a.dpid === dpid || b.dpid === dpid) memory.links.delete(id);
}

/** Takes out of memory all that hangs together with a switch, itself included. */
export function recall(memory: Remembered, dpid: Dpid): Remembered {
  const recalled: Remembered = { version: memory.version, switches: new Map(), links: new Map(), hosts: [] };
  const queue = [dpid];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const owner = memory.switches.get(next);
    if (!owner) continue;
    memory.switches.delete(next);
    recalled.switches.set(next, owner);
    for (const [id, link] of memory.links) {
      if (link.a.dpid !== next && link.b.dpid !== next) continue;
      recalled.links.set(id, link);
      memory.links.delete(id);
      queue.push(link.a.dpid, link.b.dpid);
    }
  }
  const stay = memory.hosts.filter(({ at }) => !recalled.switches.has(at.dpid));
  recalled.hosts.push(...memory.hosts.filter(({ at }) => recalled.switches.has(at.dpid)));
  memory.hosts.splice(0, Infinity, ...stay);
  return recalled;
}

/**
 * The topology as it was before a restart. A remembered fact counts again only where a switch shows, by holding our rules
 * still, that its network has lived on; then the first view is the last one, and not a flow is touched.
 */
import { z } from 'zod';
import { formatIp, formatMac, parseIp, parseMac } from '../core/addresses.ts';
import type { Ip, Mac } from '../core/addresses.ts';
import { isDpid } from '../core/ids.ts';
import type { Dpid } from '../core/ids.ts';
import type { Host, Link, NetworkView, Switch } from './view.ts';

export interface RememberedHost extends Host {
  /** Those of its addresses that it is sure to have itself: the others may be of hosts behind it. */
  readonly sure: readonly Ip[];
}

/** The addresses that a host is sure to have. */
export type SureAddresses = (mac: Mac) => readonly Ip[];

const NONE_SURE: SureAddresses = () => [];

export interface Remembered {
  /** Of the view that was saved, or later: no number that was ever given to a view is above it. */
  readonly version: number;
  readonly switches: Map<Dpid, Switch>;
  readonly links: Map<string, Link>;
  hosts: RememberedHost[];
}

const FORMAT = 1;
/** Switches that are gone and kept in mind: more than any network here has. */
const MAX_REMEMBERED = 4_096;
/** More views than there can be between two saves. */
const UNSAVED_VERSIONS = 1_000;

const dpid = z.string().refine(isDpid);
const portNumber = z.int().nonnegative();
const portRef = z.object({ dpid, port: portNumber });
const macText = z.string().transform((text, context) => parseMac(text) ?? invalid(context));
const ipText = z.string().transform((text, context) => parseIp(text) ?? invalid(context));

const savedPort = z.object({
  number: portNumber,
  name: z.string(),
  mac: z.number(),
  up: z.boolean(),
  kind: z.enum(['unknown', 'host', 'fabric']),
  speedBps: z.number(),
});

const savedSwitch = z.object({
  dpid,
  name: z.string(),
  remoteAddress: z.string(),
  connectedSince: z.number(),
  manufacturer: z.string(),
  hardware: z.string(),
  software: z.string(),
  serial: z.string(),
  description: z.string(),
  tables: z.number(),
  ports: z.array(savedPort),
});

/** JSON leaves out what is undefined. */
const savedHost = z.object({
  mac: macText,
  vlan: z.number().optional(),
  ips: z.array(ipText),
  /** Left out by earlier versions, which did not know. */
  sure: z.array(ipText).default([]),
  name: z.string().optional(),
  at: portRef,
  firstSeen: z.number(),
});

const savedTopology = z.object({
  format: z.literal(FORMAT),
  version: z.int().nonnegative(),
  switches: z.array(savedSwitch),
  links: z.array(z.object({ id: z.string(), a: portRef, b: portRef, bidirectional: z.boolean() })),
  hosts: z.array(savedHost),
});

/** The view as text, and with it what is remembered of switches that are not in it. */
export function saveTopology(
  { version, switches, links, hosts }: NetworkView,
  memory: Remembered,
  sureOf: SureAddresses = NONE_SURE,
): string {
  const allSwitches = new Map([...memory.switches, ...switches]);
  const allHosts = new Map(memory.hosts.map((host) => [host.mac, host] as const));
  for (const [mac, host] of hosts) allHosts.set(mac, { ...host, sure: sureOf(mac) });
  const saved: z.input<typeof savedTopology> = {
    format: FORMAT,
    version,
    switches: [...allSwitches.values()].map((owner) => ({ ...owner, ports: [...owner.ports.values()] })),
    links: [...new Map([...memory.links, ...links]).values()],
    hosts: [...allHosts.values()].map((host) => ({
      ...host,
      mac: formatMac(host.mac),
      ips: host.ips.map(formatIp),
      sure: host.sure.map(formatIp),
    })),
  };
  return JSON.stringify(saved);
}

/**
 * Nothing where the text is of another format or broken: a network can be found anew, and must not keep the controller
 * from starting. `onUnusable` is told why.
 */
export function loadTopology(json: string | undefined, onUnusable: (reason: string) => void = () => {}): Remembered {
  const nothing: Remembered = { version: 0, switches: new Map(), links: new Map(), hosts: [] };
  if (json === undefined) return nothing;
  const result = savedTopology.safeParse(parseJson(json));
  if (!result.success) {
    const [issue] = result.error.issues;
    onUnusable(issue ? `${issue.path.join('.') || 'the text'}: ${issue.message}` : 'it is of another format');
    return nothing;
  }
  const { version, switches, links, hosts } = result.data;
  return {
    version: version + UNSAVED_VERSIONS,
    switches: new Map(switches.map((owner) => [owner.dpid, toSwitch(owner)])),
    links: new Map(links.map((link) => [link.id, link])),
    hosts: hosts.map(({ vlan, name, ...host }) => ({ ...host, vlan, name })),
  };
}

function toSwitch(saved: z.infer<typeof savedSwitch>): Switch {
  return { ...saved, connected: false, away: false, ports: new Map(saved.ports.map((port) => [port.number, port])) };
}

/** Undefined, which no format is, where the text is not JSON. */
function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function invalid(context: z.RefinementCtx): never {
  context.addIssue({ code: 'custom', message: 'is no address' });
  return z.NEVER;
}

/** Puts away what is known of a switch that has vanished: it may come back with its tables. */
export function rememberSwitch(memory: Remembered, view: NetworkView, dpid: Dpid, sureOf = NONE_SURE): void {
  const owner = view.switches.get(dpid);
  if (!owner || memory.switches.size >= MAX_REMEMBERED) return;
  memory.switches.set(dpid, owner);
  for (const [id, link] of view.links) if (link.a.dpid === dpid || link.b.dpid === dpid) memory.links.set(id, link);
  const here = [...view.hosts.values()].filter(({ at }) => at.dpid === dpid);
  const macs = new Set(here.map(({ mac }) => mac));
  const remembered = here.map((host) => ({ ...host, sure: sureOf(host.mac) }));
  memory.hosts = [...memory.hosts.filter(({ mac }) => !macs.has(mac)), ...remembered];
}

/** Forgets what is remembered of a switch that turned out to have started anew. */
export function dropSwitch(memory: Remembered, dpid: Dpid): void {
  memory.switches.delete(dpid);
  memory.hosts = memory.hosts.filter(({ at }) => at.dpid !== dpid);
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
  const [hosts, others] = partition(memory.hosts, ({ at }) => recalled.switches.has(at.dpid));
  memory.hosts = others;
  return { ...recalled, hosts };
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  const yes: T[] = [];
  const no: T[] = [];
  for (const item of items) (test(item) ? yes : no).push(item);
  return [yes, no];
}

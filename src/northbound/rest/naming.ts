/** Finds what a request names: a switch by dpid or name, a host by MAC, IP or name. */
import { z } from 'zod';
import { formatMac, parseIp, parseMac } from '../../core/addresses.ts';
import { formatDpid, isDpid } from '../../core/ids.ts';
import type { Dpid } from '../../core/ids.ts';
import type { Host, NetworkView, Switch } from '../../topology/view.ts';
import { ProblemError } from '../http/problem.ts';
import { MAX_REFERENCE_CHARS } from '../limits.ts';
import type { Services } from '../services.ts';

function reference(description: string, example: string) {
  return z
    .string()
    .min(1, 'is empty')
    .max(MAX_REFERENCE_CHARS, 'is too long')
    .meta({ description, param: { example } });
}

export const SwitchReference = reference('A switch by dpid or name', 's1');
export const HostReference = reference('A host by MAC, IP address or name', '10.0.0.1');
export const EndReference = reference('A host by MAC, IP address or name, or a switch by dpid or name', 'h1');

/** Which of the two states of a switch is asked for. */
export const SourceParameter = z
  .enum(['installed', 'desired'], 'must be installed or desired')
  .optional()
  .meta({ description: '`installed` (default) asks the switch now; `desired` is what it should have' });

export type PathEnd = { readonly host: Host } | { readonly switch: Switch };

/** The switch; throws 404, or 409 where several have the name. */
export function findSwitch(view: NetworkView, ref: string): Switch {
  const found = switchNamed(view, ref);
  if (found) return found;
  const dpid = longDpid(ref);
  const hint = dpid !== undefined && dpid !== ref.toLowerCase() ? ` (dpid ${dpid})` : '';
  throw new ProblemError(404, `There is no switch ${ref}${hint}; GET /api/v1/switches lists them.`);
}

/** Has hosts looked for that are not known: they may only have been silent. */
export async function lookFor(services: Services, ...refs: readonly string[]): Promise<void> {
  const unknown = refs.filter((ref) => hostsNamed(services.view(), ref).length === 0);
  await Promise.all(unknown.map((ref) => services.lookForHost(ref)));
}

/** The host; throws 404, or 409 where several have the name or address. */
export function findHost(view: NetworkView, ref: string): Host {
  const found = only(ref, hostsNamed(view, ref), (host) => formatMac(host.mac));
  if (found) return found;
  throw new ProblemError(
    404,
    `There is no host ${ref}; GET /api/v1/hosts lists them. A host is known from its first frame on, or when it answers to an address that it has, or had when it was last known.`,
  );
}

/** Where a path begins or ends; `parameter` is the one that named it. */
export function findEnd(view: NetworkView, ref: string, parameter: string): PathEnd {
  const ends: PathEnd[] = [
    ...hostsNamed(view, ref).map((host) => ({ host })),
    ...switchesNamed(view, ref).map((sw) => ({ switch: sw })),
  ];
  const found = only(ref, ends, (end) => ('host' in end ? formatMac(end.host.mac) : end.switch.dpid));
  if (found) return found;
  const short = switchOfShortDpid(view, ref);
  if (short) return { switch: short };
  const detail = `There is no host or switch ${ref}; GET /api/v1/hosts and GET /api/v1/switches list them.`;
  throw new ProblemError(404, detail, { errors: [{ path: parameter, message: `no host or switch ${ref}` }] });
}

/** The switch of this dpid, long or short, or name; throws 409 where several have the name. */
export function switchNamed(view: NetworkView, ref: string): Switch | undefined {
  return only(ref, switchesNamed(view, ref), (sw) => sw.dpid) ?? switchOfShortDpid(view, ref);
}

/** Those of this dpid or name. */
export function switchesNamed(view: NetworkView, ref: string): Switch[] {
  const dpid = ref.toLowerCase();
  const byDpid = isDpid(dpid) ? view.switches.get(dpid) : undefined;
  return byDpid ? [byDpid] : [...view.switches.values()].filter((sw) => sw.name === ref);
}

/** A dpid without its leading zeros, where nothing else has the name: `1`, `0x2a`, `00:00:00:00:00:00:00:01`. */
export function switchOfShortDpid(view: NetworkView, ref: string): Switch | undefined {
  const dpid = longDpid(ref);
  return dpid === undefined ? undefined : view.switches.get(dpid);
}

function longDpid(ref: string): Dpid | undefined {
  const digits = /^(?:[0-9a-f]{2}:){7}[0-9a-f]{2}$/i.test(ref) ? ref.replaceAll(':', '') : ref.replace(/^0x/i, '');
  return /^[0-9a-f]{1,16}$/i.test(digits) ? formatDpid(BigInt(`0x${digits}`)) : undefined;
}

/** Those of this MAC, address or name. */
export function hostsNamed(view: NetworkView, ref: string): Host[] {
  const mac = parseMac(ref);
  if (mac !== undefined) {
    const host = view.hosts.get(mac);
    return host ? [host] : [];
  }
  const ip = parseIp(ref);
  const hosts = [...view.hosts.values()];
  return ip === undefined ? hosts.filter((host) => host.name === ref) : hosts.filter((host) => host.ips.includes(ip));
}

/** The one that was found, or none; throws 409 where it is several. */
export function only<T>(ref: string, found: readonly T[], key: (item: T) => string): T | undefined {
  if (found.length <= 1) return found[0];
  const keys = found.map(key).join(', ');
  throw new ProblemError(409, `${ref} means more than one thing; say which by its dpid or MAC: ${keys}.`);
}

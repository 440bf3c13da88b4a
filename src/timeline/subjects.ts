/** Who an entry is about, by the names that people and REST know. */
import { formatIp, formatMac } from '../core/addresses.ts';
import type { Dpid, PortRef } from '../core/ids.ts';
import { portKey } from '../core/ids.ts';
import type { Host, Link, NetworkView, Switch } from '../topology/view.ts';
import type { Owner, Subject } from './entry.ts';

const POLICY = 'policy';

export function switchName(view: NetworkView, dpid: Dpid): string {
  return view.switches.get(dpid)?.name ?? dpid;
}

/** `s1:2` */
export function portName(view: NetworkView, { dpid, port }: PortRef): string {
  return `${switchName(view, dpid)}:${port}`;
}

/** `s1:2-s2:1` */
export function linkName(view: NetworkView, { a, b }: Link): string {
  return `${portName(view, a)}-${portName(view, b)}`;
}

/** Its name, or its first address, or its MAC. */
export function hostName({ name, ips: [ip], mac }: Host): string {
  return name ?? (ip === undefined ? formatMac(mac) : formatIp(ip));
}

/** `forward 00:00:00:00:00:01`, `policy no-telnet`. */
export function ownerName({ kind, name }: Owner): string {
  return name === '' ? kind : `${kind} ${name}`;
}

/** A text as a sentence: reasons and errors come without a capital and a full stop. */
export function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}

export function aboutSwitch({ dpid, name }: Switch): Subject {
  return { kind: 'switch', id: dpid, name, dpid, owner: undefined };
}

export function aboutPort(view: NetworkView, ref: PortRef): Subject {
  return { kind: 'port', id: portKey(ref), name: portName(view, ref), dpid: ref.dpid, owner: undefined };
}

export function aboutLink(view: NetworkView, link: Link): Subject {
  return { kind: 'link', id: link.id, name: linkName(view, link), dpid: undefined, owner: undefined };
}

export function aboutHost(host: Host): Subject {
  return { kind: 'host', id: formatMac(host.mac), name: hostName(host), dpid: host.at.dpid, owner: undefined };
}

/** A policy, or an app's unit. */
export function aboutOwner(owner: Owner): Subject {
  const { kind, name } = owner;
  if (kind === POLICY) return { kind: POLICY, id: name, name, dpid: undefined, owner };
  return { kind: 'app', id: name === '' ? kind : `${kind}/${name}`, name: ownerName(owner), dpid: undefined, owner };
}

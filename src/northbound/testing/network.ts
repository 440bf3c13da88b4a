/** Views for tests: s1 - s2 - s3 in a row, h1 at s1 and h2 at s3. */
import { parseIp, parseMac } from '../../core/addresses.ts';
import type { Ip, Mac } from '../../core/addresses.ts';
import { formatDpid, linkId } from '../../core/ids.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import type { Host, Link, NetworkView, Port, Switch } from '../../topology/view.ts';

/** 2026-01-02T03:04:05.678Z */
export const SEEN_AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

export type Network = Pick<NetworkView, 'switches' | 'links' | 'hosts'>;

export function mac(text: string): Mac {
  const value = parseMac(text);
  if (value === undefined) throw new Error(`${text} is no MAC`);
  return value;
}

export function ip(text: string): Ip {
  const value = parseIp(text);
  if (value === undefined) throw new Error(`${text} is no IP address`);
  return value;
}

export function dpid(number: number): Dpid {
  return formatDpid(BigInt(number));
}

export function makePort(number: number, rest: Partial<Port> = {}): Port {
  return { number, name: `eth${number}`, mac: number, up: true, kind: 'fabric', speedBps: 10_000_000_000, ...rest };
}

export function makeSwitch(number: number, rest: Partial<Switch> = {}): Switch {
  return {
    dpid: dpid(number),
    name: `s${number}`,
    away: false,
    connected: true,
    remoteAddress: '127.0.0.1:50001',
    connectedSince: SEEN_AT,
    manufacturer: 'Nicira, Inc.',
    hardware: 'Open vSwitch',
    software: '3.1.0',
    serial: 'None',
    description: 'None',
    tables: 254,
    ports: new Map([2, 1].map((port) => [port, makePort(port, { mac: number * 256 + port })])),
    ...rest,
  };
}

export function makeLink(a: PortRef, b: PortRef, bidirectional = true): Link {
  return { id: linkId(a, b), a, b, bidirectional };
}

export function makeHost(address: string, at: PortRef, rest: Partial<Host> = {}): Host {
  return { mac: mac(address), vlan: undefined, ips: [], name: undefined, at, firstSeen: SEEN_AT, ...rest };
}

export function network(switches: readonly Switch[], links: readonly Link[], hosts: readonly Host[]): Network {
  return {
    switches: new Map(switches.map((sw) => [sw.dpid, sw])),
    links: new Map(links.map((link) => [link.id, link])),
    hosts: new Map(hosts.map((host) => [host.mac, host])),
  };
}

export function sampleNetwork(): Network {
  const at = (number: number, port: number): PortRef => ({ dpid: dpid(number), port });
  return network(
    [makeSwitch(3), makeSwitch(1), makeSwitch(2)],
    [makeLink(at(1, 2), at(2, 1)), makeLink(at(2, 2), at(3, 1), false)],
    [
      makeHost('00:00:00:00:00:02', at(3, 2), { ips: [ip('10.0.0.2')], vlan: 10 }),
      makeHost('00:00:00:00:00:01', at(1, 1), { ips: [ip('10.0.0.1'), ip('2001:db8::1')], name: 'h1' }),
    ],
  );
}

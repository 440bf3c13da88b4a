/** Facts for tests, complete and plain. */
import type { Mac } from '../../core/addresses.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import type { Host, Port, PortKind, Switch } from '../view.ts';

export function portOf(number: number, kind: PortKind = 'unknown', up = true): Port {
  return { number, name: `eth${number}`, mac: 0x0a00_0000_0000 + number, up, kind, speedBps: 0 };
}

export function switchOf(dpid: Dpid, ports: readonly (number | Port)[], connected = true): Switch {
  const all = ports.map((port) => (typeof port === 'number' ? portOf(port) : port));
  return {
    dpid,
    name: `s${Number.parseInt(dpid, 16)}`,
    connected,
    away: false,
    remoteAddress: '127.0.0.1:40000',
    connectedSince: 0,
    manufacturer: 'Nicira, Inc.',
    hardware: 'Open vSwitch',
    software: '3.1.0',
    serial: 'None',
    description: '',
    tables: 254,
    ports: new Map(all.map((port) => [port.number, port])),
  };
}

export function hostAt(mac: Mac, at: PortRef, ips: Host['ips'] = []): Host {
  return { mac, vlan: undefined, ips, name: undefined, at, firstSeen: 0 };
}

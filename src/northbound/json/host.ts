/** A host as REST and the stream show it. */
import { z } from 'zod';
import { formatIp, formatMac } from '../../core/addresses.ts';
import type { Mac } from '../../core/addresses.ts';
import type { Host } from '../../topology/view.ts';
import { DpidJson, MacJson, PortNumberJson, isoTime, timeJson } from './common.ts';

export const HostJson = z
  .object({
    mac: MacJson,
    vlan: z.int().nullable().meta({ description: 'Null for untagged' }),
    ips: z.array(z.string()).meta({ description: 'IPv4 first, then IPv6', example: ['10.0.0.1'] }),
    name: z.string().nullable().meta({ description: 'As given by PUT /hosts/{host}/name', example: 'h1' }),
    switch: DpidJson,
    port: PortNumberJson,
    firstSeen: timeJson('First frame seen'),
    lastSeen: timeJson('Last frame seen by the controller; rules that forward on their own do not tell it of frames'),
  })
  .meta({ id: 'Host' });

export type HostJson = z.infer<typeof HostJson>;

/** `lastSeen`: milliseconds since the epoch; where it is not known, the host was last seen when it was first. */
export function hostToJson(host: Host, lastSeen: (mac: Mac) => number | undefined): HostJson {
  return {
    mac: formatMac(host.mac),
    vlan: host.vlan ?? null,
    ips: host.ips.map(formatIp),
    name: host.name ?? null,
    switch: host.at.dpid,
    port: host.at.port,
    firstSeen: isoTime(host.firstSeen),
    lastSeen: isoTime(lastSeen(host.mac) ?? host.firstSeen),
  };
}

/** The parts of one view, each in a stable order. */
import { z } from 'zod';
import type { Mac } from '../../core/addresses.ts';
import type { TrafficSource } from '../../topology/traffic/traffic.ts';
import type { NetworkView } from '../../topology/view.ts';
import { VersionJson } from './common.ts';
import { HostJson, hostToJson } from './host.ts';
import { LinkJson, linkToJson, linkWithTrafficToJson } from './link.ts';
import type { LinkWithTrafficJson } from './link.ts';
import { SwitchJson, switchToJson } from './switch.ts';

export const TopologyJson = z
  .object({
    version: VersionJson,
    switches: z.array(SwitchJson),
    links: z.array(LinkJson),
    hosts: z.array(HostJson),
  })
  .meta({ id: 'Topology', description: 'The whole network as one view has it' });

export type LastSeen = (mac: Mac) => number | undefined;

export function switchesToJson(view: NetworkView): SwitchJson[] {
  return byKey(view.switches).map(switchToJson);
}

export function linksToJson(view: NetworkView): LinkJson[] {
  return byKey(view.links).map((link) => linkToJson(view, link));
}

export function linksWithTrafficToJson(view: NetworkView, traffic: TrafficSource): LinkWithTrafficJson[] {
  return byKey(view.links).map((link) => linkWithTrafficToJson(view, link, traffic));
}

export function hostsToJson(view: NetworkView, lastSeen: LastSeen): HostJson[] {
  return byKey(view.hosts).map((host) => hostToJson(host, lastSeen));
}

function byKey<K extends string | number, V>(map: ReadonlyMap<K, V>): V[] {
  return [...map.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

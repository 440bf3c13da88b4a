/** The topic `stats`: what flows over every link and through every host's port, told whole each time. */
import { z } from 'zod';
import type { PortRef } from '../../core/ids.ts';
import type { TrafficSource } from '../../topology/traffic/traffic.ts';
import type { NetworkView } from '../../topology/view.ts';
import { DpidJson, PortNumberJson, VersionJson } from '../json/common.ts';
import { linkState } from '../json/link.ts';
import { linkRatesShape, linkRatesToJson, portRatesShape, portRatesToJson } from '../json/rates.ts';

export const StatsMessageJson = z
  .object({
    type: z.literal('stats'),
    version: VersionJson,
    links: z.array(z.object({ id: z.string(), ...linkRatesShape })),
    ports: z
      .array(z.object({ dpid: DpidJson, port: PortNumberJson, ...portRatesShape }))
      .meta({ description: 'Ports that lead to hosts; those of links are told with the links' }),
    leftOut: z.int().meta({ description: 'Links and ports beyond what one message tells; ask REST for those' }),
  })
  .meta({ id: 'StreamStats', description: 'What flows now; a link or port that is not named has no rate' });

export type StatsMessageJson = z.infer<typeof StatsMessageJson>;

/** Links and ports in one message, which is then half a megabyte: as much as a browser takes in without a stutter. */
export const MAX_STATS_ENTRIES = 4_096;

export function statsOf(view: NetworkView, traffic: TrafficSource): StatsMessageJson {
  let told = 0;
  let leftOut = 0;
  const hasRoom = (): boolean => {
    if (told >= MAX_STATS_ENTRIES) leftOut++;
    else told++;
    return leftOut === 0;
  };
  const links: StatsMessageJson['links'] = [];
  for (const link of view.links.values()) {
    const rates = traffic.linkRates(link);
    if (rates.aToBBps === undefined && rates.bToABps === undefined) continue;
    if (hasRoom()) links.push({ id: link.id, ...linkRatesToJson(rates, linkState(view, link).capacityBps) });
  }
  const ports: StatsMessageJson['ports'] = [];
  for (const at of hostPorts(view)) {
    const rates = traffic.portRates(at);
    if (rates && hasRoom()) ports.push({ ...at, ...portRatesToJson(rates) });
  }
  return { type: 'stats', version: view.version, links, ports, leftOut };
}

function* hostPorts({ switches }: NetworkView): Iterable<PortRef> {
  for (const { dpid, ports } of switches.values()) {
    for (const { number, kind } of ports.values()) if (kind === 'host') yield { dpid, port: number };
  }
}

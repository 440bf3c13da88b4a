/** A link as REST and the stream show it. Part of it is read from its two ports, so it may change when a switch does. */
import { z } from 'zod';
import type { PortRef } from '../../core/ids.ts';
import type { TrafficSource } from '../../topology/traffic/traffic.ts';
import type { Link, NetworkView, Port } from '../../topology/view.ts';
import { DpidJson, PortNumberJson } from './common.ts';
import { linkRatesShape, linkRatesToJson } from './rates.ts';

const LinkEndJson = z.object({ dpid: DpidJson, port: PortNumberJson }).meta({ id: 'LinkEnd' });

export const LinkJson = z
  .object({
    id: z.string().meta({ example: '0000000000000001:2-0000000000000002:1' }),
    a: LinkEndJson,
    b: LinkEndJson,
    up: z
      .boolean()
      .meta({ description: 'Both its ports are up, and neither switch has been without a session for long' }),
    bidirectional: z.boolean().meta({ description: 'Probes arrive both ways; only such a link carries traffic' }),
    capacityBps: z
      .number()
      .nullable()
      .meta({ description: 'The slower port, bits per second; null where neither switch says' }),
    latencyMs: z.number().nullable().meta({ description: 'One way, mean of both; null until it was measured' }),
  })
  .meta({ id: 'Link', description: 'A cable between two switches, once; `a` is the lower end' });

export const LinkWithTrafficJson = LinkJson.extend(linkRatesShape).meta({
  id: 'LinkWithTraffic',
  description: 'A link and what flows over it now',
});

export type LinkJson = z.infer<typeof LinkJson>;
export type LinkWithTrafficJson = z.infer<typeof LinkWithTrafficJson>;

export function linkToJson(view: NetworkView, link: Link): LinkJson {
  return {
    id: link.id,
    a: { dpid: link.a.dpid, port: link.a.port },
    b: { dpid: link.b.dpid, port: link.b.port },
    ...linkState(view, link),
    bidirectional: link.bidirectional,
    latencyMs: link.latencyMs ?? null,
  };
}

export function linkWithTrafficToJson(view: NetworkView, link: Link, traffic: TrafficSource): LinkWithTrafficJson {
  const json = linkToJson(view, link);
  return { ...json, ...linkRatesToJson(traffic.linkRates(link), json.capacityBps) };
}

/** The part of a link that its ports decide. */
export function linkState(view: NetworkView, link: Link): { up: boolean; capacityBps: number | null } {
  const ports = [portAt(view, link.a), portAt(view, link.b)];
  const speeds = ports.map((port) => port?.speedBps ?? 0).filter((speed) => speed > 0);
  return {
    up: ports.every((port) => port?.up === true) && ![link.a, link.b].some(({ dpid }) => view.switches.get(dpid)?.away),
    capacityBps: speeds.length > 0 ? Math.min(...speeds) : null,
  };
}

function portAt(view: NetworkView, ref: PortRef): Port | undefined {
  return view.switches.get(ref.dpid)?.ports.get(ref.port);
}

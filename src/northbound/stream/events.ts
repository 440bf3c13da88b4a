/** What changed from one view to the next, as events, each with the whole new state of one thing. */
import { z } from 'zod';
import { formatMac } from '../../core/addresses.ts';
import type { LinkId } from '../../core/ids.ts';
import type { NetworkView, ViewChange } from '../../topology/view.ts';
import { DpidJson, MacJson, VersionJson } from '../json/common.ts';
import { TimelineEventJson } from '../json/event.ts';
import { HostJson, hostToJson } from '../json/host.ts';
import { LinkJson, linkState, linkToJson } from '../json/link.ts';
import { SwitchJson, switchToJson } from '../json/switch.ts';
import type { LastSeen } from '../json/topology.ts';
import { StatsMessageJson } from './stats.ts';
import type { ViewTopic } from './topics.ts';

export const EventJson = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('switch'), switch: SwitchJson }),
    z.object({ type: z.literal('switch-removed'), dpid: DpidJson }),
    z.object({ type: z.literal('link'), link: LinkJson }),
    z.object({ type: z.literal('link-removed'), id: z.string() }),
    z.object({ type: z.literal('host'), host: HostJson }),
    z.object({ type: z.literal('host-removed'), mac: MacJson }),
    z.object({ type: z.literal('event'), event: TimelineEventJson }),
  ])
  .meta({
    id: 'StreamEvent',
    description: 'The new state of one switch, link or host, or that it is gone; or an event of the timeline',
  });

export const StreamMessageJson = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('snapshot'),
      version: VersionJson,
      run: z.string().meta({ description: 'Names this run of the controller: versions of another are not comparable' }),
      switches: z.array(SwitchJson).optional(),
      links: z.array(LinkJson).optional(),
      hosts: z.array(HostJson).optional(),
      events: z
        .array(TimelineEventJson)
        .optional()
        .meta({ description: 'The last events of the timeline, newest last' }),
    }),
    z.object({ type: z.literal('change'), version: VersionJson, events: z.array(EventJson) }),
    StatsMessageJson,
  ])
  .meta({ id: 'StreamMessage' });

export type StreamEvent = z.infer<typeof EventJson>;

export type EventsByTopic = Readonly<Record<ViewTopic, readonly StreamEvent[]>>;

/** The events from `before` to `after`, which differ by `change`. */
export function eventsOf(
  before: NetworkView,
  after: NetworkView,
  change: ViewChange,
  lastSeen: LastSeen,
): EventsByTopic {
  return {
    switches: Array.from(change.switches, (dpid): StreamEvent => {
      const sw = after.switches.get(dpid);
      return sw ? { type: 'switch', switch: switchToJson(sw) } : { type: 'switch-removed', dpid };
    }),
    links: Array.from(touchedLinks(before, after, change), (id): StreamEvent => {
      const link = after.links.get(id);
      return link ? { type: 'link', link: linkToJson(after, link) } : { type: 'link-removed', id };
    }),
    hosts: Array.from(change.hosts, (mac): StreamEvent => {
      const host = after.hosts.get(mac);
      return host ? { type: 'host', host: hostToJson(host, lastSeen) } : { type: 'host-removed', mac: formatMac(mac) };
    }),
  };
}

/** The links that changed, and those whose ports changed so that they show differently. */
function touchedLinks(before: NetworkView, after: NetworkView, change: ViewChange): ReadonlySet<LinkId> {
  if (change.switches.size === 0) return change.links;
  const touched = new Set(change.links);
  for (const link of after.links.values()) {
    if (!change.switches.has(link.a.dpid) && !change.switches.has(link.b.dpid)) continue;
    const was = linkState(before, link);
    const is = linkState(after, link);
    if (was.up !== is.up || was.capacityBps !== is.capacityBps) touched.add(link.id);
  }
  return touched;
}

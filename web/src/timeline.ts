/** The timeline as the page keeps it, and where its events lead. */
import type { Selection } from './selection.ts';
import type { Network } from './state.ts';
import { TIMELINE_LIMIT } from './store.ts';
import type { TimelineEvent } from './wire.ts';

/** Takes in what happened, oldest first; events may come twice, and ids grow. Both timelines are newest first. */
export function extend(known: readonly TimelineEvent[], happened: readonly TimelineEvent[]): readonly TimelineEvent[] {
  const newest = known[0]?.id ?? 0;
  const fresh = happened.filter(({ id }) => id > newest).reverse();
  return fresh.length === 0 ? known : [...fresh, ...known].slice(0, TIMELINE_LIMIT);
}

/** What to show of an event's subject; undefined where it is nothing that the page has, or not any more. */
export function subjectOf(network: Network, { subject }: TimelineEvent): Selection | undefined {
  const { kind, id, dpid } = subject;
  if (kind === 'link' && network.links.has(id)) return { kind: 'link', id };
  if (kind === 'host' && network.hosts.has(id)) return { kind: 'host', id };
  return dpid !== null && network.switches.has(dpid) ? { kind: 'switch', id: dpid } : undefined;
}

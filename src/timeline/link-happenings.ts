/** What happened to links. One that its ports or switches break is down, though it may be in the view still. */
import type { LinkId, PortRef } from '../core/ids.ts';
import type { ViewUpdate } from '../topology/network.ts';
import type { Link, NetworkView } from '../topology/view.ts';
import type { EntryType, Happening } from './entry.ts';
import { aboutLink, linkName, portName, switchName } from './subjects.ts';

type State = 'up' | 'one-way' | 'down';

export function linkHappenings(update: ViewUpdate): Happening[] {
  const found: Happening[] = [];
  for (const id of touchedLinks(update)) {
    const happening = linkHappening(update, id);
    if (happening) found.push(happening);
  }
  return found;
}

/** The links that changed, and those that lead to a switch that did. */
function touchedLinks({ view, change }: ViewUpdate): Iterable<LinkId> {
  if (change.switches.size === 0) return change.links;
  const touched = new Set(change.links);
  for (const { id, a, b } of view.links.values()) {
    if (change.switches.has(a.dpid) || change.switches.has(b.dpid)) touched.add(id);
  }
  return touched;
}

function linkHappening({ view, previous }: ViewUpdate, id: LinkId): Happening | undefined {
  const before = previous.links.get(id);
  const now = view.links.get(id);
  const link = now ?? before;
  if (!link) return undefined;
  const was = before && stateOf(previous, before);
  const is = now ? stateOf(view, now) : 'down';
  if (was === is || (was === undefined && is === 'down')) return undefined;
  // A switch that is gone has its name in the view before.
  const named = now ? view : previous;
  const name = linkName(named, link);
  const tell = (type: EntryType, message: string, cause: string): Happening => ({
    type,
    subject: aboutLink(named, link),
    message: `Link ${name} ${message}.`,
    cause,
  });
  if (is === 'down') return tell('link.down', now ? 'is down' : 'is gone', whyDown(view, previous, link));
  if (is === 'up') return tell('link.up', was === 'down' ? 'is up again' : 'is up', whyUp(view, link));
  if (was === undefined) return tell('link.found', 'was found', 'Probes arrive one way so far.');
  return tell('link.one-way', 'carries no traffic', 'Probes arrive one way only.');
}

function stateOf(view: NetworkView, { a, b, bidirectional }: Link): State {
  if (endTrouble(view, view, a) !== undefined || endTrouble(view, view, b) !== undefined) return 'down';
  return bidirectional ? 'up' : 'one-way';
}

/** After a restart of the controller links are in the view before their switches are back. */
function whyUp(view: NetworkView, { a, b }: Link): string {
  const present = [a, b].every(({ dpid }) => view.switches.get(dpid)?.connected);
  return present ? 'Probes arrive both ways.' : 'It is remembered from before the restart.';
}

function whyDown(view: NetworkView, previous: NetworkView, { a, b }: Link): string {
  return endTrouble(view, previous, a) ?? endTrouble(view, previous, b) ?? 'Probes arrive no more.';
}

/** What is wrong with an end of a link, as a sentence; `names` is a view that knows the switch. */
function endTrouble(view: NetworkView, names: NetworkView, end: PortRef): string | undefined {
  const owner = view.switches.get(end.dpid);
  if (!owner) return `Switch ${switchName(names, end.dpid)} is gone.`;
  if (owner.away) return `Switch ${owner.name} has been without a session for too long.`;
  const port = owner.ports.get(end.port);
  if (!port) return `Port ${portName(view, end)} was removed.`;
  return port.up ? undefined : `Port ${portName(view, end)} is down.`;
}

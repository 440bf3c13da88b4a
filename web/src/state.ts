/** The network as the view knows it, and the pure step from one message of the stream to the next state. */
import type {
  ChangeMessage,
  HostInfo,
  LinkInfo,
  NetworkMessage,
  SnapshotMessage,
  StreamEvent,
  SwitchInfo,
  TimelineEvent,
} from './wire.ts';

export interface Network {
  readonly version: number;
  readonly switches: ReadonlyMap<string, SwitchInfo>;
  readonly links: ReadonlyMap<string, LinkInfo>;
  readonly hosts: ReadonlyMap<string, HostInfo>;
}

export interface Applied {
  readonly kind: 'applied';
  readonly network: Network;
  /** What changed, as events, whether it came as changes or was found by comparing snapshots. */
  readonly events: readonly StreamEvent[];
  /** What the timeline tells, oldest first; some of it may be known already. */
  readonly happened: readonly TimelineEvent[];
}

/** The message does not follow on what is known: only a new snapshot can tell what was missed. */
export interface Gap {
  readonly kind: 'gap';
}

export const NO_NETWORK: Network = { version: 0, switches: new Map(), links: new Map(), hosts: new Map() };

/**
 * Applies one message. A snapshot always applies; a change only when its version is the one after `known`, or the same
 * where it is of the timeline alone.
 * Entries that did not change stay the same object, so `===` tells whether one did.
 */
export function applyMessage(known: Network | undefined, message: NetworkMessage): Applied | Gap {
  if (message.type === 'snapshot') return applySnapshot(known ?? NO_NETWORK, message);
  if (known === undefined) return { kind: 'gap' };
  const happened = message.events.flatMap((event) => (event.type === 'event' ? [event.event] : []));
  if (message.version === known.version && happened.length === message.events.length && happened.length > 0) {
    return { kind: 'applied', network: known, events: [], happened };
  }
  return message.version === known.version + 1 ? applyChange(known, message, happened) : { kind: 'gap' };
}

function applyChange(known: Network, message: ChangeMessage, happened: readonly TimelineEvent[]): Applied {
  const events = message.events.filter((event) => event.type !== 'event');
  const switches = draftOf(known.switches);
  const links = draftOf(known.links);
  const hosts = draftOf(known.hosts);
  for (const event of events) {
    if (event.type === 'switch') switches.edit().set(event.switch.dpid, event.switch);
    else if (event.type === 'switch-removed') switches.edit().delete(event.dpid);
    else if (event.type === 'link') links.edit().set(event.link.id, event.link);
    else if (event.type === 'link-removed') links.edit().delete(event.id);
    else if (event.type === 'host') hosts.edit().set(event.host.mac, event.host);
    else if (event.type === 'host-removed') hosts.edit().delete(event.mac);
  }
  const network = { version: message.version, switches: switches.now(), links: links.now(), hosts: hosts.now() };
  return { kind: 'applied', network, events, happened };
}

/** A map that is copied once, on the first change; untouched it stays the same object. */
function draftOf<T>(known: ReadonlyMap<string, T>): { edit: () => Map<string, T>; now: () => ReadonlyMap<string, T> } {
  let copy: Map<string, T> | undefined;
  return {
    edit: () => (copy ??= new Map(known)),
    now: () => copy ?? known,
  };
}

function applySnapshot(known: Network, message: SnapshotMessage): Applied {
  const switches = compare(known.switches, message.switches, (entry) => entry.dpid);
  const links = compare(known.links, message.links, (entry) => entry.id);
  const hosts = compare(known.hosts, message.hosts, (entry) => entry.mac);
  const events: StreamEvent[] = [
    ...hosts.removed.map((mac): StreamEvent => ({ type: 'host-removed', mac })),
    ...links.removed.map((id): StreamEvent => ({ type: 'link-removed', id })),
    ...switches.removed.map((dpid): StreamEvent => ({ type: 'switch-removed', dpid })),
    ...switches.changed.map((entry): StreamEvent => ({ type: 'switch', switch: entry })),
    ...links.changed.map((entry): StreamEvent => ({ type: 'link', link: entry })),
    ...hosts.changed.map((entry): StreamEvent => ({ type: 'host', host: entry })),
  ];
  const network = { version: message.version, switches: switches.now, links: links.now, hosts: hosts.now };
  return { kind: 'applied', network, events, happened: message.events ?? [] };
}

interface Comparison<T> {
  readonly now: ReadonlyMap<string, T>;
  readonly changed: readonly T[];
  readonly removed: readonly string[];
}

function compare<T>(known: ReadonlyMap<string, T>, entries: readonly T[], keyOf: (entry: T) => string): Comparison<T> {
  const now = new Map<string, T>();
  const changed: T[] = [];
  for (const entry of entries) {
    const before = known.get(keyOf(entry));
    const same = before !== undefined && JSON.stringify(before) === JSON.stringify(entry);
    now.set(keyOf(entry), same ? before : entry);
    if (!same) changed.push(entry);
  }
  const removed = [...known.keys()].filter((key) => !now.has(key));
  return { now, changed, removed };
}

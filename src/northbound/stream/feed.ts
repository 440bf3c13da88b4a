/**
 * The stream without its sockets: follows the views and the timeline, and says what a client needs to be told. Every change is written as JSON once, and
 * encoded once for each choice of topics, however many clients there are.
 */
import type { TimelineEntry } from '../../timeline/entry.ts';
import type { NetworkView, ViewChange } from '../../topology/view.ts';
import { eventToJson } from '../json/event.ts';
import type { TimelineEventJson } from '../json/event.ts';
import { hostsToJson, linksToJson, switchesToJson } from '../json/topology.ts';
import type { Limits } from '../limits.ts';
import type { Services } from '../services.ts';
import { eventsOf } from './events.ts';
import type { StreamEvent } from './events.ts';
import { Journal } from './journal.ts';
import type { ChangeRecord } from './journal.ts';
import { statsOf } from './stats.ts';
import { JOURNAL_TOPICS } from './topics.ts';
import type { StreamQuery, Topic } from './topics.ts';

/** Events of the timeline in a snapshot: a screen or two; GET /events has the rest. */
const SNAPSHOT_EVENTS = 100;

/** How long a snapshot serves all who come: long enough for a crowd that reconnects, short enough for `lastSeen`. */
const SNAPSHOT_KEEP_MS = 1_000;

export interface Subscriber {
  readonly topics: readonly Topic[];
  /**
   * UTF-8 of one message. The buffer is shared: it must not be written to. One who is behind need not get what is `passing`,
   * since the next of its kind makes up for it.
   */
  deliver(message: Buffer, passing: boolean): void;
}

export interface Feed {
  /** The messages that bring a client up to now; what follows is delivered to it until it is removed. */
  join(subscriber: Subscriber, query: Pick<StreamQuery, 'since' | 'run'>): readonly Buffer[];
  leave(subscriber: Subscriber): void;
  close(): void;
}

export interface FeedOptions {
  readonly services: Services;
  readonly limits: Pick<Limits, 'journalChanges' | 'journalChars'>;
}

export function createFeed({ services, limits }: FeedOptions): Feed {
  const run = String(services.startedAt);
  const lastSeen = services.hostLastSeen.bind(services);
  const subscribers = new Set<Subscriber>();
  const snapshots = new Map<string, { readonly message: Buffer; readonly madeAt: number }>();
  let current = services.view();
  /** Told by the timeline and not published yet. */
  let happened: StreamEvent[] = [];
  let queued: NodeJS.Immediate | undefined;
  let stats: Buffer | undefined;
  const journal = new Journal({
    version: current.version,
    maxChanges: limits.journalChanges,
    maxChars: limits.journalChars,
  });

  function snapshot(topics: readonly Topic[]): Buffer {
    const key = topics.join();
    const known = snapshots.get(key);
    const now = performance.now();
    if (known && now - known.madeAt < SNAPSHOT_KEEP_MS) return known.message;
    const message = Buffer.from(
      JSON.stringify({
        type: 'snapshot',
        version: current.version,
        run,
        ...(topics.includes('switches') ? { switches: switchesToJson(current) } : {}),
        ...(topics.includes('links') ? { links: linksToJson(current) } : {}),
        ...(topics.includes('hosts') ? { hosts: hostsToJson(current, lastSeen) } : {}),
        ...(topics.includes('events') ? { events: lastEvents() } : {}),
      }),
    );
    snapshots.set(key, { message, madeAt: now });
    return message;
  }

  function lastEvents(): TimelineEventJson[] {
    return services.timeline.read({ limit: SNAPSHOT_EVENTS }).entries.map(eventToJson);
  }

  function onView(view: NetworkView, change: ViewChange): void {
    const { switches, links, hosts } = eventsOf(current, view, change, lastSeen);
    current = view;
    stats = undefined;
    const texts = { switches: toText(switches), links: toText(links), hosts: toText(hosts) };
    publish({ version: view.version, isView: true, events: { ...texts, events: takeHappened() } });
  }

  function onEntries(entries: readonly TimelineEntry[]): void {
    for (const entry of entries) happened.push({ type: 'event', event: eventToJson(entry) });
    queued ??= setImmediate(flush);
  }

  /** What happened without a new view, or before it came to be known here. */
  function flush(): void {
    if (happened.length === 0) return;
    const nothing = { switches: '', links: '', hosts: '' };
    publish({ version: current.version, isView: false, events: { ...nothing, events: takeHappened() } });
  }

  function takeHappened(): string {
    const text = toText(happened);
    happened = [];
    clearImmediate(queued);
    queued = undefined;
    return text;
  }

  function publish(record: ChangeRecord): void {
    snapshots.clear();
    journal.append(record);
    broadcast(subscribers, record);
  }

  /** The rates as they are told now, written at the first one's asking. */
  function statsMessage(): Buffer {
    stats ??= Buffer.from(JSON.stringify(statsOf(current, services.traffic)));
    return stats;
  }

  function onRound(): void {
    stats = undefined;
    for (const subscriber of subscribers) {
      if (subscriber.topics.includes('stats')) subscriber.deliver(statsMessage(), true);
    }
  }

  const stopRounds = services.traffic.onRound(onRound);
  const stopViews = services.onView(onView);
  const stopEntries = services.timeline.onEntries(onEntries);

  return {
    join(subscriber, { since, run: theirs = run }) {
      // Those who come get it with the snapshot.
      flush();
      subscribers.add(subscriber);
      const missed = since === undefined || theirs !== run ? undefined : journal.since(since);
      const rates = subscriber.topics.includes('stats') ? [statsMessage()] : [];
      if (!missed) return [snapshot(subscriber.topics), ...rates];
      const told = missed.filter((record) => concerns(record, subscriber));
      return [...told.map((record) => encode(record, subscriber.topics)), ...rates];
    },
    leave: (subscriber) => void subscribers.delete(subscriber),
    close() {
      stopViews();
      stopEntries();
      stopRounds();
      clearImmediate(queued);
      subscribers.clear();
      snapshots.clear();
    },
  };
}

function broadcast(subscribers: ReadonlySet<Subscriber>, record: ChangeRecord): void {
  const encoded = new Map<string, Buffer>();
  for (const subscriber of subscribers) {
    if (!concerns(record, subscriber)) continue;
    const key = subscriber.topics.join();
    const message = encoded.get(key) ?? encode(record, subscriber.topics);
    encoded.set(key, message);
    subscriber.deliver(message, false);
  }
}

/** Every client sees every version once; what happened while one stood is for those who chose the timeline. */
function concerns({ isView }: ChangeRecord, { topics }: Subscriber): boolean {
  return isView || topics.includes('events');
}

function toText(events: readonly StreamEvent[]): string {
  return events.map((event) => JSON.stringify(event)).join();
}

/** A change of other topics is told too, without events, so that every client sees every version. */
function encode({ version, events }: ChangeRecord, topics: readonly Topic[]): Buffer {
  const texts = JOURNAL_TOPICS.filter((topic) => topics.includes(topic)).map((topic) => events[topic]);
  const joined = texts.filter((text) => text !== '').join();
  return Buffer.from(`{"type":"change","version":${version},"events":[${joined}]}`);
}

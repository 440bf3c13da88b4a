/**
 * The stream without its sockets: follows the views, and says what a client needs to be told. Every change is written as JSON once, and
 * encoded once for each choice of topics, however many clients there are.
 */
import type { NetworkView, ViewChange } from '../../topology/view.ts';
import { hostsToJson, linksToJson, switchesToJson } from '../json/topology.ts';
import type { Limits } from '../limits.ts';
import type { Services } from '../services.ts';
import { eventsOf } from './events.ts';
import type { StreamEvent } from './events.ts';
import { Journal } from './journal.ts';
import type { ChangeRecord } from './journal.ts';
import { TOPICS } from './topics.ts';
import type { StreamQuery, Topic } from './topics.ts';

/** How long a snapshot serves all who come: long enough for a crowd that reconnects, short enough for `lastSeen`. */
const SNAPSHOT_KEEP_MS = 1_000;

export interface Subscriber {
  readonly topics: readonly Topic[];
  /** UTF-8 of one message. The buffer is shared: it must not be written to. */
  deliver(message: Buffer): void;
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
      }),
    );
    snapshots.set(key, { message, madeAt: now });
    return message;
  }

  function onView(view: NetworkView, change: ViewChange): void {
    const events = eventsOf(current, view, change, lastSeen);
    const record: ChangeRecord = {
      version: view.version,
      events: { switches: toText(events.switches), links: toText(events.links), hosts: toText(events.hosts) },
    };
    current = view;
    snapshots.clear();
    journal.append(record);
    broadcast(subscribers, record);
  }

  const stop = services.onView(onView);

  return {
    join(subscriber, { since, run: theirs = run }) {
      subscribers.add(subscriber);
      const missed = since === undefined || theirs !== run ? undefined : journal.since(since);
      return missed ? missed.map((record) => encode(record, subscriber.topics)) : [snapshot(subscriber.topics)];
    },
    leave: (subscriber) => void subscribers.delete(subscriber),
    close() {
      stop();
      subscribers.clear();
      snapshots.clear();
    },
  };
}

function broadcast(subscribers: ReadonlySet<Subscriber>, record: ChangeRecord): void {
  const encoded = new Map<string, Buffer>();
  for (const subscriber of subscribers) {
    const key = subscriber.topics.join();
    const message = encoded.get(key) ?? encode(record, subscriber.topics);
    encoded.set(key, message);
    subscriber.deliver(message);
  }
}

function toText(events: readonly StreamEvent[]): string {
  return events.map((event) => JSON.stringify(event)).join();
}

/** A change of other topics is told too, without events, so that every client sees every version. */
function encode({ version, events }: ChangeRecord, topics: readonly Topic[]): Buffer {
  const texts = TOPICS.filter((topic) => topics.includes(topic)).map((topic) => events[topic]);
  const joined = texts.filter((text) => text !== '').join();
  return Buffer.from(`{"type":"change","version":${version},"events":[${joined}]}`);
}

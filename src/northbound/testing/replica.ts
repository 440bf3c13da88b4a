/** What a client of the stream knows: it follows the messages as API users are told to, and checks that none is missing. */
import assert from 'node:assert/strict';
import { StreamMessageJson } from '../stream/events.ts';
import type { StreamEvent } from '../stream/events.ts';
import type { StatsMessageJson } from '../stream/stats.ts';
import type { Topic } from '../stream/topics.ts';

export interface Replica {
  /** Undefined before the first message. */
  readonly version: number | undefined;
  readonly run: string | undefined;
  readonly snapshots: number;
  /** The last rates it was told. */
  readonly stats: StatsMessageJson | undefined;
  receive(text: string): void;
  /** The things of each topic it has heard of, by dpid, id or MAC in order. */
  state(): Readonly<Partial<Record<Topic, readonly unknown[]>>>;
}

export function createReplica(): Replica {
  const known: Partial<Record<Topic, Map<string, unknown>>> = {};
  let version: number | undefined;
  let run: string | undefined;
  let snapshots = 0;
  let stats: StatsMessageJson | undefined;

  function apply(event: StreamEvent): void {
    const [topic, key, value] = place(event);
    const map = known[topic];
    assert.ok(map, `an event of ${topic}, which was not in the snapshot`);
    if (value === undefined) assert.ok(map.delete(key), `${key} was removed, but was not there`);
    else map.set(key, value);
  }

  return {
    get version() {
      return version;
    },
    get run() {
      return run;
    },
    get snapshots() {
      return snapshots;
    },
    get stats() {
      return stats;
    },
    receive(text) {
      const json: unknown = JSON.parse(text);
      const message = StreamMessageJson.parse(json);
      assert.deepEqual(message, json);
      if (message.type === 'change') {
        const ofTimeline = message.events.length > 0 && message.events.every(({ type }) => type === 'event');
        const next = (version ?? Number.NaN) + 1;
        assert.ok(message.version === next || (ofTimeline && message.version === version), 'a change is missing');
        message.events.forEach(apply);
      } else if (message.type === 'stats') {
        assert.equal(message.version, version, 'rates of another version');
        stats = message;
        return;
      } else {
        snapshots++;
        run = message.run;
        if (message.switches) known.switches = new Map(message.switches.map((each) => [each.dpid, each]));
        if (message.links) known.links = new Map(message.links.map((each) => [each.id, each]));
        if (message.hosts) known.hosts = new Map(message.hosts.map((each) => [each.mac, each]));
        if (message.events) known.events = new Map(message.events.map((each) => [String(each.id), each]));
      }
      version = message.version;
    },
    state() {
      const topics = Object.entries(known).map(([topic, map]) => {
        const entries = [...map.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
        return [topic, entries.map(([, value]) => value)];
      });
      return Object.fromEntries(topics) as Readonly<Partial<Record<Topic, readonly unknown[]>>>;
    },
  };
}

function place(event: StreamEvent): [Topic, string, unknown] {
  switch (event.type) {
    case 'switch':
      return ['switches', event.switch.dpid, event.switch];
    case 'switch-removed':
      return ['switches', event.dpid, undefined];
    case 'link':
      return ['links', event.link.id, event.link];
    case 'link-removed':
      return ['links', event.id, undefined];
    case 'host':
      return ['hosts', event.host.mac, event.host];
    case 'event':
      return ['events', String(event.event.id), event.event];
    default:
      return ['hosts', event.mac, undefined];
  }
}

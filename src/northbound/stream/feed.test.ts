import { setImmediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { linkId } from '../../core/ids.ts';
import type { Happening } from '../../timeline/entry.ts';
import { eventToJson } from '../json/event.ts';
import { hostsToJson, linksToJson, switchesToJson } from '../json/topology.ts';
import { createFakeServices } from '../testing/fake-services.ts';
import type { FakeServices } from '../testing/fake-services.ts';
import { SEEN_AT, dpid, makeHost, makeLink, makePort, makeSwitch, network } from '../testing/network.ts';
import type { Network } from '../testing/network.ts';
import { createReplica } from '../testing/replica.ts';
import { createFeed } from './feed.ts';
import type { Feed, Subscriber } from './feed.ts';
import { TOPICS, VIEW_TOPICS } from './topics.ts';
import type { Topic } from './topics.ts';

const LIMITS = { journalChanges: 100, journalChars: 1_000_000 };
const port1 = (number: number) => ({ dpid: dpid(number), port: 1 });
const hostMac = (number: number): string => `00:00:00:00:00:0${number}`;

function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V | undefined): ReadonlyMap<K, V> {
  const copy = new Map(map);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
  return copy;
}

/** Something happens in the network, or a client comes or goes. */
type Step = (network: Network) => Network;

const number = fc.integer({ min: 1, max: 4 });
const networkStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ n: number, up: fc.boolean(), speedBps: fc.constantFrom(0, 1e6, 1e9) }).map(({ n, ...port }): Step => {
    const sw = makeSwitch(n, { ports: new Map([[1, makePort(1, port)]]) });
    return (net) => ({ ...net, switches: withEntry(net.switches, sw.dpid, sw) });
  }),
  number.map((n): Step => (net) => ({ ...net, switches: withEntry(net.switches, dpid(n), undefined) })),
  fc.tuple(number, number, fc.option(fc.boolean())).map(([a, b, bidirectional]): Step => {
    const link =
      bidirectional === null ? undefined : makeLink(port1(Math.min(a, b)), port1(Math.max(a, b)), bidirectional);
    return (net) => ({ ...net, links: withEntry(net.links, linkId(port1(a), port1(b)), link) });
  }),
  fc.tuple(number, fc.option(number)).map(([n, at]): Step => {
    const host = at === null ? undefined : makeHost(hostMac(n), port1(at));
    return (net) => ({ ...net, hosts: withEntry(net.hosts, n, host) });
  }),
);

type Command = { readonly change: Step } | { readonly toggle: number } | { readonly happens: number };

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 3, arbitrary: networkStep.map((change) => ({ change })) },
  { weight: 1, arbitrary: fc.nat({ max: 2 }).map((toggle) => ({ toggle })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 }).map((happens) => ({ happens })) },
);

function happening(name: string): Happening {
  const subject = { kind: 'host', id: name, name, dpid: undefined, owner: undefined } as const;
  return { type: 'host.seen', subject, message: `${name}.`, cause: undefined };
}

const topicChoice = fc.subarray([...TOPICS], { minLength: 1 });

/** A client that comes and goes, each time with what it knew. */
function createComer(feed: Feed, topics: readonly Topic[]) {
  const replica = createReplica();
  const subscriber: Subscriber = { topics, deliver: (message) => replica.receive(message.toString()) };
  let here = false;
  return {
    replica,
    topics,
    come() {
      if (here) return;
      here = true;
      const { version: since, run } = replica;
      for (const message of feed.join(subscriber, { since, run })) replica.receive(message.toString());
    },
    toggle() {
      if (here) {
        here = false;
        feed.leave(subscriber);
      } else this.come();
    },
  };
}

function expectedState(services: FakeServices, topics: readonly Topic[]) {
  const view = services.view();
  const all = {
    switches: switchesToJson(view),
    links: linksToJson(view),
    hosts: hostsToJson(view, () => SEEN_AT + 1_000),
    events: services.timeline.read({ limit: 1_000 }).entries.map(eventToJson),
  };
  return Object.fromEntries(topics.map((topic) => [topic, all[topic]]));
}

describe('the feed', () => {
  it('keeps every client equal to the view, whatever happens and however clients come and go', () => {
    fc.assert(
      fc.property(
        fc.array(command, { maxLength: 60 }),
        fc.array(topicChoice, { minLength: 3, maxLength: 3 }),
        (commands, choices) => {
          const services = createFakeServices(network([], [], []));
          const feed = createFeed({ services, limits: { journalChanges: 6, journalChars: 2_000 } });
          const comers = choices.map((topics) => createComer(feed, topics));
          for (const each of commands) {
            if ('change' in each) services.setNetwork(each.change(services.view()));
            else if ('happens' in each) services.timeline.record(Array(each.happens).fill(happening('x')));
            else comers[each.toggle]?.toggle();
          }
          // Whoever comes brings about that all is told.
          feed.join({ topics: VIEW_TOPICS, deliver: () => undefined }, {});
          for (const comer of comers) {
            comer.come();
            expect(comer.replica.version).toBe(services.view().version);
            expect(comer.replica.state()).toEqual(expectedState(services, comer.topics));
          }
          feed.close();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('tells only the changes where the journal reaches back, and all where it does not', () => {
    const services = createFakeServices();
    const feed = createFeed({ services, limits: { ...LIMITS, journalChanges: 2 } });
    const subscriber: Subscriber = { topics: TOPICS, deliver: () => undefined };
    const types = (since: number, run?: string): string[] =>
      feed.join(subscriber, { since, run }).map((message) => (JSON.parse(message.toString()) as { type: string }).type);
    for (let i = 0; i < 3; i++) services.setNetwork(services.view());
    expect(types(4)).toEqual([]);
    expect(types(3)).toEqual(['change']);
    expect(types(2)).toEqual(['change', 'change']);
    expect(types(1)).toEqual(['snapshot']);
    expect(types(5)).toEqual(['snapshot']);
    expect(types(3, String(services.startedAt))).toEqual(['change']);
    expect(types(3, 'another run')).toEqual(['snapshot']);
  });

  it('writes each change once for all who chose the same topics', () => {
    const services = createFakeServices();
    const feed = createFeed({ services, limits: LIMITS });
    const received: Buffer[] = [];
    const all = [1, 2].map((): Subscriber => ({ topics: TOPICS, deliver: (message) => received.push(message) }));
    const firsts = all.map((subscriber) => feed.join(subscriber, {})[0]);
    expect(firsts[0]).toBe(firsts[1]);
    services.setNetwork({ ...services.view(), hosts: new Map() });
    expect(received).toHaveLength(2);
    expect(received[0]).toBe(received[1]);
  });

  it('does not tell of an old last sight in a new snapshot', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const services = createFakeServices();
    let lastSeen = SEEN_AT;
    services.hostLastSeen = () => lastSeen;
    const feed = createFeed({ services, limits: LIMITS });
    const snapshot = (): string => String(feed.join({ topics: ['hosts'], deliver: () => undefined }, {})[0]);
    const first = snapshot();
    lastSeen += 60_000;
    vi.advanceTimersByTime(999);
    expect(snapshot()).toBe(first);
    vi.advanceTimersByTime(1);
    expect(snapshot()).toContain('"lastSeen":"2026-01-02T03:05:05.678Z"');
  });

  it('tells of a link when only its port changed', () => {
    const services = createFakeServices();
    const feed = createFeed({ services, limits: LIMITS });
    const received: string[] = [];
    feed.join({ topics: ['links'], deliver: (message) => received.push(message.toString()) }, {});
    const ports = new Map([1, 2].map((each) => [each, makePort(each, { up: false })]));
    services.setNetwork({
      ...services.view(),
      switches: withEntry(services.view().switches, dpid(1), makeSwitch(1, { ports })),
    });
    expect(received.map((each) => JSON.parse(each) as unknown)).toMatchObject([
      { type: 'change', version: 2, events: [{ type: 'link', link: { a: { dpid: dpid(1), port: 2 }, up: false } }] },
    ]);
  });

  it('tells of changes of other topics by their number alone', () => {
    const services = createFakeServices();
    const feed = createFeed({ services, limits: LIMITS });
    const received: string[] = [];
    feed.join({ topics: ['switches'], deliver: (message) => received.push(message.toString()) }, {});
    services.setNetwork({ ...services.view(), hosts: new Map() });
    expect(received).toEqual(['{"type":"change","version":2,"events":[]}']);
  });

  it('tells of the timeline together with the view that came of it, or soon without one, to those who chose it', async () => {
    const services = createFakeServices();
    const feed = createFeed({ services, limits: LIMITS });
    const received: string[] = [];
    const deliver = (who: string) => (message: Buffer) => received.push(`${who} ${message.toString()}`);
    feed.join({ topics: ['hosts', 'events'], deliver: deliver('one') }, {});
    feed.join({ topics: VIEW_TOPICS, deliver: deliver('other') }, {});
    services.timeline.record([happening('a'), happening('b')]);
    services.setNetwork(services.view());
    services.timeline.record([happening('c')]);
    services.timeline.record([happening('d')]);
    await setImmediate();
    const names = received.map((each) => [
      each.split(' ')[0],
      /"version":(\d+)/.exec(each)?.[1],
      [...each.matchAll(/"id":"(\w)"/g)].map(([, name]) => name).join(''),
    ]);
    expect(names).toEqual([
      ['one', '2', 'ab'],
      ['other', '2', ''],
      ['one', '2', 'cd'],
    ]);
  });

  it('shows what has just happened in the snapshot, and not again after it', async () => {
    const services = createFakeServices();
    const feed = createFeed({ services, limits: LIMITS });
    const received: Buffer[] = [];
    services.timeline.record([happening('a')]);
    const [first] = feed.join({ topics: ['events'], deliver: (message) => received.push(message) }, {});
    await setImmediate();
    expect(JSON.parse(String(first))).toMatchObject({
      type: 'snapshot',
      events: [{ type: 'host.seen', message: 'a.' }],
    });
    expect(received).toEqual([]);
  });

  it('lets go of the controller when closed', async () => {
    const services = createFakeServices();
    const feed = createFeed({ services, limits: LIMITS });
    const received: Buffer[] = [];
    feed.join({ topics: ['events'], deliver: (message) => received.push(message) }, {});
    expect(services.listeners).toBe(1);
    services.timeline.record([happening('a')]);
    feed.close();
    services.timeline.record([happening('b')]);
    await setImmediate();
    expect(services.listeners).toBe(0);
    expect(received).toEqual([]);
  });
});

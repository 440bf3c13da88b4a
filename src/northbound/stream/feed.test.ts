import { setImmediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { linkId } from '../../core/ids.ts';
import { flows } from '../../topology/testing/counted.ts';
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
import { MAX_STATS_ENTRIES, statsOf } from './stats.ts';
import { JOURNAL_TOPICS, TOPICS, VIEW_TOPICS } from './topics.ts';
import type { Topic } from './topics.ts';

const LIMITS = { journalChanges: 100, journalChars: 1_000_000 };
const NO_RATES = { type: 'stats', version: 1, links: [], ports: [], leftOut: 0 };
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
  return Object.fromEntries(
    JOURNAL_TOPICS.filter((topic) => topics.includes(topic)).map((topic) => [topic, all[topic]]),
  );
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
    const subscriber: Subscriber = { topics: JOURNAL_TOPICS, deliver: () => undefined };
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

  it('tells rates whole at the beginning and after each round, written once, to those who chose them', () => {
    const services = createFakeServices();
    const feed = createFeed({ services, limits: LIMITS });
    const received: Buffer[] = [];
    const passings: boolean[] = [];
    const deliver = (message: Buffer, passing: boolean): void => {
      received.push(message);
      passings.push(passing);
    };
    const firsts = [1, 2].map(() => feed.join({ topics: ['stats'], deliver }, {}));
    expect(firsts.map(([, stats]) => JSON.parse(String(stats)) as unknown)).toEqual([NO_RATES, NO_RATES]);
    expect(firsts[0]?.[1]).toBe(firsts[1]?.[1]);
    feed.join({ topics: JOURNAL_TOPICS, deliver }, {});
    flows(services.traffic, services.clock, [
      { dpid: dpid(1), port: 2, rxBps: 1e9, txBps: 5e9 },
      { dpid: dpid(3), port: 2, rxBps: 8, txBps: 16 },
    ]);
    services.traffic.roundEnded();
    expect(received).toHaveLength(2);
    expect(received[0]).toBe(received[1]);
    expect(passings).toEqual([true, true]);
    const first = services.view().links.keys().next().value;
    expect(JSON.parse(String(received[0]))).toEqual({
      ...NO_RATES,
      links: [{ id: first, aToBBps: 5e9, bToABps: 1e9, utilization: 0.5 }],
    });
  });

  it('tells the rates of ports that lead to hosts, and none of a network that is past', () => {
    const services = createFakeServices();
    const feed = createFeed({ services, limits: LIMITS });
    const ports = new Map([
      [1, makePort(1, { kind: 'host' })],
      [2, makePort(2, { kind: 'fabric' })],
    ]);
    const at = { dpid: dpid(1), rxBps: 8, txBps: 16 };
    flows(services.traffic, services.clock, [
      { ...at, port: 1 },
      { ...at, port: 2 },
    ]);
    const told = (): unknown => JSON.parse(String(feed.join({ topics: ['stats'], deliver: () => undefined }, {})[1]));
    expect(told()).toMatchObject({ version: 1, ports: [] });
    services.setNetwork(network([makeSwitch(1, { ports })], [], []));
    expect(told()).toEqual({ ...NO_RATES, version: 2, ports: [{ dpid: dpid(1), port: 1, rxBps: 8, txBps: 16 }] });
  });

  it('does not tell rates beyond a bound, but how many are missing', () => {
    const services = createFakeServices();
    const numbers = Array.from({ length: MAX_STATS_ENTRIES + 7 }, (_, index) => index + 1);
    const ports = new Map(numbers.map((each) => [each, makePort(each, { kind: 'host' })]));
    services.setNetwork(network([makeSwitch(1, { ports })], [], []));
    flows(
      services.traffic,
      services.clock,
      numbers.map((port) => ({ dpid: dpid(1), port, rxBps: 0, txBps: 0 })),
    );
    const stats = statsOf(services.view(), services.traffic);
    expect([stats.ports.length, stats.leftOut]).toEqual([MAX_STATS_ENTRIES, 7]);
  });

  it('lets go of the controller when closed', async () => {
    const services = createFakeServices();
    const feed = createFeed({ services, limits: LIMITS });
    const received: Buffer[] = [];
    feed.join({ topics: ['events'], deliver: (message) => received.push(message) }, {});
    feed.join({ topics: ['stats'], deliver: (message) => received.push(message) }, {});
    expect(services.listeners).toBe(1);
    services.timeline.record([happening('a')]);
    feed.close();
    services.traffic.roundEnded();
    services.timeline.record([happening('b')]);
    await setImmediate();
    expect(services.listeners).toBe(0);
    expect(received).toEqual([]);
  });
});

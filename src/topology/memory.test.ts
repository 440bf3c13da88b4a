import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ip } from '../core/addresses.ts';
import { formatDpid, linkId } from '../core/ids.ts';
import type { PortRef } from '../core/ids.ts';
import { dropSwitch, loadTopology, recall, rememberSwitch, saveTopology } from './memory.ts';
import type { Remembered } from './memory.ts';
import { hostAt, portOf, switchOf } from './testing/facts.ts';
import { dpidOf } from './testing/graphs.ts';
import type { Host, Link, NetworkView, Port, Switch } from './view.ts';

const port: fc.Arbitrary<Port> = fc.record({
  number: fc.integer({ min: 1, max: 0xffffff00 }),
  name: fc.string(),
  mac: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  up: fc.boolean(),
  kind: fc.constantFrom('unknown', 'host', 'fabric'),
  speedBps: fc.nat(),
});
const dpid = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(formatDpid);
const portRef: fc.Arbitrary<PortRef> = fc.record({ dpid, port: fc.integer({ min: 1, max: 0xffffff00 }) });
const switchFacts: fc.Arbitrary<Switch> = fc.record({
  dpid,
  name: fc.string(),
  connected: fc.boolean(),
  away: fc.boolean(),
  remoteAddress: fc.string(),
  connectedSince: fc.nat(),
  manufacturer: fc.string({ unit: 'binary' }),
  hardware: fc.string(),
  software: fc.string(),
  serial: fc.string(),
  description: fc.string(),
  tables: fc.integer({ min: 0, max: 255 }),
  ports: fc.array(port).map((ports) => new Map(ports.map((one) => [one.number, one]))),
});
const link: fc.Arbitrary<Link> = fc
  .record({ a: portRef, b: portRef, bidirectional: fc.boolean() })
  .map((one) => ({ id: linkId(one.a, one.b), ...one }));
const host: fc.Arbitrary<Host> = fc.record({
  mac: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  vlan: fc.option(fc.integer({ min: 0, max: 4095 }), { nil: undefined }),
  ips: fc.array(fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }))),
  name: fc.option(fc.string(), { nil: undefined }),
  at: portRef,
  firstSeen: fc.nat(),
});
const view: fc.Arbitrary<NetworkView> = fc.record({
  version: fc.nat(),
  switches: fc.array(switchFacts).map((list) => new Map(list.map((one) => [one.dpid, one]))),
  links: fc.array(link).map((list) => new Map(list.map((one) => [one.id, one]))),
  hosts: fc.array(host).map((list) => new Map(list.map((one) => [one.mac, one]))),
  policies: fc.constant(new Map()),
});

function nothing(): Remembered {
  return { version: 0, switches: new Map(), links: new Map(), hosts: [] };
}

/** For every other host an address. */
function sureOf(mac: number): readonly Ip[] {
  return mac % 2 === 0 ? [0x0a00_0001, 1n << 100n] : [];
}

function rejected(json: string): string[] {
  const reasons: string[] = [];
  const loaded = loadTopology(json, (reason) => reasons.push(reason));
  expect(loaded).toEqual({ version: 0, switches: new Map(), links: new Map(), hosts: [] });
  return reasons;
}

describe('a saved topology', () => {
  it('is loaded as it was, with no switch connected', () => {
    fc.assert(
      fc.property(view, (before) => {
        const after = loadTopology(saveTopology(before, nothing(), sureOf), (reason) => expect.unreachable(reason));
        const disconnected = [...before.switches].map(
          ([key, one]) => [key, { ...one, connected: false, away: false }] as const,
        );
        expect(after.switches).toEqual(new Map(disconnected));
        expect(after.links).toEqual(before.links);
        expect(after.hosts).toEqual([...before.hosts.values()].map((one) => ({ ...one, sure: sureOf(one.mac) })));
      }),
    );
  });

  it('makes later views count on above any number there was', () => {
    const empty = { switches: new Map(), links: new Map(), hosts: new Map(), policies: new Map() };
    expect(loadTopology(saveTopology({ ...empty, version: 41 }, nothing())).version).toBeGreaterThan(41 + 500);
  });

  it('holds what is remembered of switches that are not in the view', () => {
    const [gone, here] = [dpidOf(1), dpidOf(2)];
    const memory = nothing();
    const [a, b] = [
      { dpid: gone, port: 1 },
      { dpid: here, port: 1 },
    ];
    const view = {
      version: 7,
      switches: new Map([gone, here].map((dpid) => [dpid, switchOf(dpid, [1])])),
      links: new Map([[linkId(a, b), { id: linkId(a, b), a, b, bidirectional: true }]]),
      hosts: new Map([[5, hostAt(5, { dpid: gone, port: 2 })]]),
      policies: new Map(),
    };
    rememberSwitch(memory, view, gone, () => [7]);
    const rest = { ...view, switches: new Map([[here, switchOf(here, [1])]]), links: new Map(), hosts: new Map() };
    const loaded = loadTopology(saveTopology(rest, memory));
    expect([...loaded.switches.keys()].sort()).toEqual([gone, here]);
    expect([...loaded.links.keys()]).toEqual([linkId(a, b)]);
    expect(loaded.hosts.map(({ mac, sure }) => [mac, sure])).toEqual([[5, [7]]]);
  });

  it('of an earlier version is read, and says of no address that it is sure', () => {
    const host =
      '{"mac":"02:00:00:00:00:01","ips":["10.0.0.1"],"at":{"dpid":"0000000000000001","port":1},"firstSeen":0}';
    const { hosts } = loadTopology(`{"format":1,"version":1,"switches":[],"links":[],"hosts":[${host}]}`);
    expect(hosts).toMatchObject([{ mac: 0x0200_0000_0001, ips: [0x0a00_0001], sure: [] }]);
  });

  it('is nothing where none was saved', () => {
    expect(loadTopology(undefined, () => expect.unreachable()).switches.size).toBe(0);
  });

  it.each([
    ['no JSON', '{"format":1,'],
    ['empty', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['of another format', '{"format":2,"version":1,"switches":[],"links":[],"hosts":[]}'],
    ['without links', '{"format":1,"version":1,"switches":[],"hosts":[]}'],
    [
      'with a MAC that is none',
      '{"format":1,"version":1,"switches":[],"links":[],"hosts":[{"mac":"x","ips":[],"at":{"dpid":"0000000000000001","port":1},"firstSeen":0}]}',
    ],
    [
      'with a dpid that is none',
      '{"format":1,"version":1,"switches":[],"links":[{"id":"x","a":{"dpid":"1","port":1},"b":{"dpid":"0000000000000001","port":1},"bidirectional":true}],"hosts":[]}',
    ],
  ])('is nothing, and says so, where it is %s', (_, json) => {
    expect(rejected(json)).toHaveLength(1);
  });

  it('names what is wrong', () => {
    expect(rejected('{"format":1,"version":-1,"switches":[],"links":[],"hosts":[]}')[0]).toMatch(/^version: /);
  });
});

describe('remembering', () => {
  /** 1 - 2 - 3 and 4 - 5, a host on each. */
  function memory(): Remembered {
    const pairs = [
      [0, 1],
      [1, 2],
      [3, 4],
    ] as const;
    const links = pairs.map(([x, y]) => {
      const [a, b] = [
        { dpid: dpidOf(x), port: 2 },
        { dpid: dpidOf(y), port: 1 },
      ];
      return { id: linkId(a, b), a, b, bidirectional: true };
    });
    const nodes = [0, 1, 2, 3, 4];
    return {
      version: 7,
      switches: new Map(nodes.map((node) => [dpidOf(node), switchOf(dpidOf(node), [portOf(1), portOf(2)])])),
      links: new Map(links.map((one) => [one.id, one])),
      hosts: nodes.map((node) => ({ ...hostAt(node + 1, { dpid: dpidOf(node), port: 9 }), sure: [] })),
    };
  }
  const nodesOf = ({ switches }: Remembered): number[] =>
    [...switches.keys()].map((one) => Number.parseInt(one, 16)).sort((x, y) => x - y);
  const hostsOf = ({ hosts }: Remembered): number[] => hosts.map(({ mac }) => mac).sort((x, y) => x - y);

  it.each([0, 1, 2])('recalls all that hangs together with a switch, whichever comes first (%i)', (first) => {
    const all = memory();
    const recalled = recall(all, dpidOf(first));
    expect([nodesOf(recalled), recalled.links.size, hostsOf(recalled)]).toEqual([[1, 2, 3], 2, [1, 2, 3]]);
    expect([nodesOf(all), all.links.size, hostsOf(all)]).toEqual([[4, 5], 1, [4, 5]]);
    expect(nodesOf(recall(all, dpidOf(first)))).toEqual([]);
    expect(nodesOf(recall(all, dpidOf(4)))).toEqual([4, 5]);
    expect([all.switches.size, all.links.size, all.hosts.length]).toEqual([0, 0, 0]);
  });

  it('forgets a switch that started anew, and does not recall across it', () => {
    const all = memory();
    dropSwitch(all, dpidOf(1));
    expect([nodesOf(all), all.links.size, hostsOf(all)]).toEqual([[1, 3, 4, 5], 1, [1, 3, 4, 5]]);
    const recalled = recall(all, dpidOf(0));
    expect([nodesOf(recalled), recalled.links.size, hostsOf(recalled)]).toEqual([[1], 0, [1]]);
  });

  it('recalls nothing of a switch that it does not know', () => {
    const recalled = recall(memory(), dpidOf(9));
    expect([recalled.switches.size, recalled.links.size, recalled.hosts.length]).toEqual([0, 0, 0]);
  });
});

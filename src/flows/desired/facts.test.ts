import { describe, expect, it } from 'vitest';
import { linkId } from '../../core/ids.ts';
import type { PortRef } from '../../core/ids.ts';
import { createManualClock } from '../../core/manual-clock.ts';
import { Network } from '../../topology/network.ts';
import { hostAt, portOf, switchOf } from '../../topology/testing/facts.ts';
import { dpidOf, graphOf } from '../../topology/testing/graphs.ts';
import { createFacts } from './facts.ts';
import type { FactBase } from './facts.ts';

/** Facts of a network in which links are as given, each on ports of its own. */
function start(nodes: number, pairs: readonly (readonly [number, number])[]) {
  const network = new Network(createManualClock());
  const facts = createFacts();
  network.onUpdate((update) => facts.update(update));
  const { dpids, links } = graphOf(nodes, pairs);
  for (const dpid of dpids) network.setSwitch(dpid, switchOf(dpid, []));
  for (const { id, a, b } of links) {
    for (const end of [a, b]) network.setPort(end.dpid, end.port, portOf(end.port, 'fabric'));
    network.setLink(id, { id, a, b, bidirectional: true });
  }
  network.flush();
  return { network, facts };
}

describe('facts', () => {
  it('name all next hops of least distance, parallel links among them', () => {
    const { facts } = start(3, [
      [0, 1],
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
    const [, one, two] = [0, 1, 2].map(dpidOf) as [string, string, string];
    const hop = (port: number, dpid: string, inPort: number) => ({ port, arrives: { dpid, port: inPort }, weight: 1 });
    const ways = facts.nextHopsFrom(dpidOf(0)).get(one);
    expect(ways).toEqual({ equal: [hop(1, one, 1), hop(2, one, 2)], alternates: [], tier: 1, offset: 1 });
    // As near and earlier in the order: 2 may lead by 0 where its own link to 1 is gone, and 0 not by 2.
    expect(facts.nextHopsFrom(two).get(one)).toEqual({
      equal: [hop(2, one, 3)],
      alternates: [hop(1, dpidOf(0), 3)],
      tier: 1,
      offset: 3,
    });
    expect(facts.nextHopsFrom(dpidOf(0)).get(two)?.equal).toEqual([hop(3, two, 1)]);
    expect(facts.sourcesOf(one)).toEqual([dpidOf(0), two]);
    expect([...facts.nextHopsFrom(dpidOf(9))]).toEqual([]);
  });

  describe('of two cables to 1 and one to 2', () => {
    const pairs = [
      [0, 1],
      [0, 1],
      [0, 2],
    ] as const;
    /** Sets the speeds of both ends of the first cable, the second and so on. */
    function setSpeeds(network: Network, speeds: readonly (readonly [number, number])[]): void {
      for (const [index, { a, b }] of graphOf(3, pairs).links.entries()) {
        for (const [end, speedBps] of [a, b].map((one, which) => [one, speeds[index]![which]!] as const)) {
          network.setPort(end.dpid, end.port, { ...network.port(end)!, speedBps });
        }
      }
      network.flush();
    }
    const bothWays = (facts: FactBase) => [0, 1].map((node) => facts.nextHopsFrom(dpidOf(node)).get(dpidOf(1 - node)));

    it.each([
      { speeds: [10e9, 10e9, 10e9, 10e9], shares: [1, 1] },
      { speeds: [100e9, 100e9, 40e9, 40e9], shares: [3, 1] },
      // A link is as fast as the slower of its ends, or as the one that says.
      { speeds: [10e9, 10e9, 40e9, 25e9], shares: [1, 3] },
      { speeds: [0, 10e9, 40e9, 0], shares: [1, 4] },
      { speeds: [0, 0, 40e9, 40e9], shares: [1, 1] },
    ])('share by speed, $speeds, whatever other links are', ({ speeds: [w, x, y, z], shares }) => {
      const { network, facts } = start(3, pairs);
      for (const other of [0, 10e6, 400e9]) {
        setSpeeds(network, [
          [w!, x!],
          [y!, z!],
          [other, other],
        ]);
        for (const ways of bothWays(facts)) expect(ways?.equal.map(({ weight }) => weight)).toEqual(shares);
      }
    });

    it('are the same objects after a change of speed that changes no share', () => {
      const { network, facts } = start(3, pairs);
      const all = () => [0, 1, 2].map((node) => facts.nextHopsFrom(dpidOf(node)));
      const change = (speeds: Parameters<typeof setSpeeds>[1]) => {
        const before = all();
        setSpeeds(network, speeds);
        return all().map((ways, node) => ways === before[node]);
      };
      const slow = [10e9, 10e9] as const;
      const fast = [40e9, 40e9] as const;
      expect(change([slow, slow, slow])).toEqual([true, true, true]);
      expect(change([fast, fast, slow])).toEqual([true, true, true]);
      expect(change([fast, fast, [10e6, 10e6]])).toEqual([true, true, true]);
      expect(change([fast, slow, slow])).toEqual([false, false, true]);
    });
  });

  it('forget a switch that went, also when it comes back without links', () => {
    const { network, facts } = start(4, [
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    const known = network.switch(dpidOf(3))!;
    const reached = () => [0, 1, 2].map((node) => [...facts.nextHopsFrom(dpidOf(node)).keys()].includes(dpidOf(3)));
    expect(reached()).toEqual([true, true, true]);
    for (const id of [...network.view.links.keys()].filter((each) => each.includes(dpidOf(3)))) {
      network.setLink(id, undefined);
    }
    network.setSwitch(dpidOf(3), undefined);
    network.flush();
    expect(reached()).toEqual([false, false, false]);
    network.setSwitch(dpidOf(3), known);
    network.flush();
    expect(reached()).toEqual([false, false, false]);
  });

  it('see a next hop change behind the same port', () => {
    // 0 - 1 - 3 and 2 - 3; then the cable from 0 goes to 2.
    const { network, facts } = start(4, [
      [0, 1],
      [1, 3],
      [2, 3],
    ]);
    const [from, before, after] = [0, 1, 2].map((node) => ({ dpid: dpidOf(node), port: 1 })) as [
      PortRef,
      PortRef,
      PortRef,
    ];
    const next = () => facts.nextHopsFrom(from.dpid).get(dpidOf(3))?.equal;
    expect(next()).toEqual([{ port: 1, arrives: before, weight: 1 }]);
    network.setLink(linkId(from, before), undefined);
    const cable = { id: linkId(from, after), a: from, b: { ...after, port: 2 }, bidirectional: true };
    network.setLink(cable.id, cable);
    network.flush();
    expect(next()).toEqual([{ port: 1, arrives: { ...after, port: 2 }, weight: 1 }]);
  });

  it('are the same objects while nothing that they rest on changed', () => {
    const { network, facts } = start(2, [[0, 1]]);
    const ask = () => [
      facts.nextHopsFrom(dpidOf(0)),
      facts.sourcesOf(dpidOf(0)),
      facts.ports(dpidOf(0)),
      facts.floodPorts(dpidOf(0)),
    ];
    const before = ask();
    network.setHost(1, hostAt(1, { dpid: dpidOf(0), port: 5 }));
    network.setPort(dpidOf(0), 7, portOf(7));
    network.flush();
    for (const [index, value] of ask().entries()) expect(value).toBe(before[index]);
  });

  it('know a switch by dpid or by a name that no other has', () => {
    const { network, facts } = start(2, []);
    const [first, second, third] = [dpidOf(0), dpidOf(1), dpidOf(10)];
    const called = (dpid: string, name: string) => network.setSwitch(dpid, { ...switchOf(dpid, []), name });
    expect(['s1', first, first.toUpperCase(), 's3', dpidOf(2), 'S1'].map((each) => facts.switchNamed(each))).toEqual([
      first,
      first,
      first,
      undefined,
      undefined,
      undefined,
    ]);
    called(third, 's1');
    network.flush();
    expect(['s1', first, third.toUpperCase()].map((each) => facts.switchNamed(each))).toEqual([
      undefined,
      first,
      third,
    ]);
    // A name that looks like another's dpid does not hide that one.
    called(third, second);
    network.flush();
    expect(['s1', second].map((each) => facts.switchNamed(each))).toEqual([first, second]);
  });

  it('tell host ports that are up, and nothing of ports that nobody has looked at', () => {
    const { network, facts } = start(1, []);
    const dpid = dpidOf(0);
    for (const port of [portOf(4, 'host'), portOf(3, 'host', false), portOf(2), portOf(1, 'fabric')]) {
      network.setPort(dpid, port.number, port);
    }
    network.flush();
    expect(facts.ports(dpid)).toEqual([
      { number: 1, kind: 'fabric' },
      { number: 4, kind: 'host' },
    ]);
    const hostPorts = [1, 2, 3, 4, 5].filter((port) => facts.isHostPort({ dpid, port }));
    expect(hostPorts).toEqual([4]);
    expect(facts.isHostPort({ dpid: dpidOf(8), port: 4 })).toBe(false);
    // The number of ports stays, their kinds change.
    network.setPortKind({ dpid, port: 1 }, 'host');
    network.setPortKind({ dpid, port: 4 }, 'fabric');
    network.flush();
    expect(facts.floodPorts(dpid)).toEqual([{ number: 1, kind: 'host' }]);
  });
});

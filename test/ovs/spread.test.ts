/**
 * How flows spread on real Open vSwitch: its map from hashes to buckets is the one that src/flows/desired/spread.ts counts on, and
 * flows that the controller leads through equal ways one after the other are shared evenly at each of them.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spread } from '../../src/flows/desired/spread.ts';
import { selectMap, walk } from '../../src/flows/desired/testing/select-map.ts';
import { numberedSegment } from '../support/numbered-segments.ts';
import { startPrivateOvs } from '../support/private-ovs.ts';
import type { PrivateOvs } from '../support/private-ovs.ts';
import { until } from '../support/rest.ts';
import { openUnixctl } from '../support/unixctl.ts';
import { seededRandom } from '../support/random.ts';
import type { Unixctl } from '../support/unixctl.ts';
import { WiredLab } from '../support/wired-lab.ts';
import type { Journey } from '../support/wired-network.ts';

/** A dummy port holds 100 that the switch has not taken in. */
const FRAMES_AT_ONCE = 90;
/** Requests that the daemon answers one in each turn of its loop: what it was told is done after so many. */
const TURNS = 4;
const TIMEOUT_MS = 120_000;
/** Where flows choose at random: no share is so many standard deviations off but once in a million. */
const DEVIATIONS = 5;

/**
 * Of flows, by which their source ports differ. They look random, since Open vSwitch's hash is close to a sum of its parts: of ports
 * that follow each other it has few values.
 */
const random = seededRandom(1);
const flows = Array.from({ length: 4_000 }, () => random.int(45_000));

describe('the map of a select group', () => {
  const FLOWS = 600;
  const IN = 100;
  let ovs: PrivateOvs;
  let control: Unixctl;

  beforeAll(async () => {
    ovs = await startPrivateOvs();
    control = await openUnixctl(join(ovs.dir, 'vswitchd.ctl'));
    await ovs.addBridge('s1', { dpid: '0000000000000001' });
    await ovs.dummyPort('s1', 'in', { ofport: IN });
    for (let hop = 0; hop < 16; hop++) await ovs.dummyPort('s1', `p${hop}`, { ofport: hop + 1 });
  }, TIMEOUT_MS);
  afterAll(async () => {
    control?.close();
    await ovs?.dispose();
  });

  /** Everything that comes in goes by this group alone; what was cached of others before is thrown away. */
  const install = async (weights: readonly number[], tier: number): Promise<readonly number[]> => {
    const turns = spread(weights, { tier, offset: 3 });
    const buckets = turns.map(({ hop, weight }) => `bucket=weight:${weight},watch_port:${hop + 1},actions=${hop + 1}`);
    await ovs.ofctl('del-groups', 's1');
    await ovs.ofctl('add-group', 's1', `group_id=1,type=select,${buckets.join()}`);
    await ovs.ofctl('add-flow', 's1', `in_port=${IN},actions=group:1`);
    await control.run('revalidator/purge');
    return selectMap(turns.map(({ weight }) => weight)).map((bucket) => turns[bucket]!.hop);
  };

  /** Frames that have come in since the port was made. */
  const received = async (): Promise<number> =>
    Number(/rx pkts=(\d+)/.exec(await ovs.ofctl('dump-ports', 's1', `${IN}`))?.[1]);
  const send = async (frames: readonly Buffer[]): Promise<void> => {
    const before = await received();
    for (let first = 0; first < frames.length; first += FRAMES_AT_ONCE) {
      const some = frames.slice(first, first + FRAMES_AT_ONCE);
      await control.run('netdev-dummy/receive', 'in', ...some.map((frame) => frame.toString('hex')));
      await until(received, (count) => count >= before + first + some.length);
    }
  };
  const tcp = (flow: number): Buffer => numberedSegment({ from: 1, to: 2, flow: flows[flow]! }, flow);

  /** What the switch made of each value of the lowest bits that it has met. */
  const seen = async (): Promise<{ hash: number; mask: number; hop: number }[]> => {
    const text = await control.run('dpctl/dump-flows', '--names');
    return [...text.matchAll(/dp_hash\(0x([\da-f]+)\/0x([\da-f]+)\).*actions:p(\d+)/g)].map(([, hash, mask, hop]) => ({
      hash: Number.parseInt(hash!, 16),
      mask: Number.parseInt(mask!, 16),
      hop: Number(hop),
    }));
  };
  /** Frames that went out to each next hop since it was made. */
  const sent = async (): Promise<number[]> => {
    const text = await ovs.ofctl('dump-ports', 's1');
    const counts = Array<number>(16).fill(0);
    for (const [, port, packets] of text.matchAll(/port +(\d+): [^]*?tx pkts=(\d+)/g)) {
      if (Number(port) !== IN) counts[Number(port) - 1] = Number(packets);
    }
    return counts;
  };

  const equal = (hops: number): number[] => Array.from({ length: hops }, () => 1);
  const groups = [
    ...[2, 3, 4, 5, 7, 16].flatMap((hops) => [0, 1, 2, 3].map((tier) => ({ weights: equal(hops), tier }))),
    ...[
      [3, 1],
      [10, 1],
      [3, 3, 1],
    ].flatMap((weights) => [0, 1].map((tier) => ({ weights, tier }))),
  ];

  it.each(groups)('is as computed, weights $weights at distance $tier', async ({ weights, tier }) => {
    const map = await install(weights, tier);
    await send(Array.from({ length: FLOWS }, (_, flow) => tcp(flow)));
    const entries = await seen();
    // Some of 256 values are met by none of so many flows: a tenth, e^(-600/256).
    expect(entries.length).toBeGreaterThan(map.length * 0.8);
    for (const { hash, mask, hop } of entries) {
      expect(mask).toBe(map.length - 1);
      expect(hop).toBe(map[hash & mask]);
    }
  });

  it('is walked on from a next hop that is down', async () => {
    const map = await install(equal(5), 1);
    for (const hop of [1, 2]) await control.run('netdev-dummy/set-admin-state', `p${hop}`, 'down');
    for (let turn = 0; turn < TURNS; turn++) await control.run('version');
    await control.run('revalidator/purge');
    await send(Array.from({ length: FLOWS }, (_, flow) => tcp(flow)));
    const entries = await seen();
    expect(entries.length).toBeGreaterThan(map.length * 0.8);
    for (const { hash, mask, hop } of entries)
      expect(hop).toBe(walk(map, hash & mask, (each) => each !== 1 && each !== 2));
    for (const hop of [1, 2]) await control.run('netdev-dummy/set-admin-state', `p${hop}`, 'up');
    for (let turn = 0; turn < TURNS; turn++) await control.run('version');
  });

  it.each([0, 1])('gives a link three times as fast three times as many flows, at distance %i', async (tier) => {
    await install([3, 1], tier);
    const before = await sent();
    await send(flows.map((_, flow) => tcp(flow)));
    const [fast, slow] = (await sent()).map((count, hop) => count - before[hop]!) as [number, number];
    expect(fast + slow).toBe(flows.length);
    expect(Math.abs(slow - flows.length / 4)).toBeLessThan(DEVIATIONS * Math.sqrt((flows.length * 3) / 16));
  });

  it('tells apart TCP flows of two hosts, but not their UDP flows', async () => {
    await install(equal(4), 0);
    const udp = Array.from({ length: 200 }, (_, flow) => {
      const frame = tcp(flow);
      frame.writeUInt8(17, 23);
      frame.writeUInt16BE(frame.length - 34, 38);
      return frame;
    });
    const used = async (frames: readonly Buffer[]): Promise<number> => {
      const before = await sent();
      await send(frames);
      const counts = (await sent()).map((count, hop) => count - before[hop]!);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(frames.length);
      return counts.filter((count) => count > 0).length;
    };
    expect(await used(udp.map((_, flow) => tcp(flow)))).toBe(4);
    expect(await used(udp)).toBe(1);
  });
});

describe('flows through equal ways one after the other', () => {
  const FLOWS = 2_500;
  /** Lines of switches: how many cables join neighbours, and the bridges. */
  const lines = [
    { cables: 2, bridges: [1, 2, 3, 4, 5], independent: 4 },
    { cables: 3, bridges: [6, 7, 8, 9], independent: 3 },
    { cables: 5, bridges: [10, 11, 12], independent: 2 },
  ];
  let lab: WiredLab;

  beforeAll(async () => {
    const edges = lines.flatMap(({ cables, bridges }) =>
      bridges
        .slice(1)
        .flatMap((bridge, index) => Array.from({ length: cables }, (): [number, number] => [bridges[index]!, bridge])),
    );
    lab = await WiredLab.start(12, edges);
  }, TIMEOUT_MS);
  afterAll(() => lab?.stop());

  const journeys = async (from: number, to: number): Promise<Journey[]> => {
    const all: Journey[] = [];
    while (all.length < FLOWS) {
      for (let i = 0; i < FRAMES_AT_ONCE; i++) all.push(lab.network.send({ from, to, flow: flows[all.length]! }));
      await until(
        () => Promise.resolve(all.filter(({ hosts }) => hosts.length === 0).length),
        (left) => left === 0,
      );
    }
    return all;
  };

  /**
   * A list is as even as its map: the fullest entry may hold 1.3 times an even share (1.5 at the third of three stages), and what
   * chance puts there beside that is no more than so many standard deviations.
   */
  const expectEven = (cables: number, ports: readonly number[], stage: number): void => {
    const even = ports.length / cables;
    const most = even * (cables === 3 && stage === 2 ? 1.5 : 1.3);
    const counts = new Map<number, number>();
    for (const port of ports) counts.set(port, (counts.get(port) ?? 0) + 1);
    expect(counts.size).toBe(cables);
    for (const count of counts.values()) expect(count).toBeLessThan(most + DEVIATIONS * Math.sqrt(most));
  };

  it.each(lines)(
    'are shared at each, whatever they chose before: $cables cables',
    async ({ cables, bridges, independent }) => {
      const all = await journeys(bridges[0]!, bridges.at(-1)!);
      for (const { hosts } of all) expect(hosts).toEqual([bridges.at(-1)]);
      for (let stage = 0; stage < independent; stage++) {
        const alike = new Map<string, number[]>();
        for (const { ports } of all) {
          const before = ports.slice(0, stage).join();
          alike.set(before, [...(alike.get(before) ?? []), ports[stage]!]);
        }
        expect(alike.size).toBe(cables ** stage);
        for (const ports of alike.values()) expectEven(cables, ports, stage);
      }
    },
    TIMEOUT_MS,
  );
});

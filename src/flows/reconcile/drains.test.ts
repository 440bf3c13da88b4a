import { describe, expect, it } from 'vitest';
import { linkId } from '../../core/ids.ts';
import { createManualClock } from '../../core/manual-clock.ts';
import { OFPG, OFPGT } from '../../openflow/codec/index.ts';
import { dpidOf } from '../../topology/testing/graphs.ts';
import { groupItem } from '../items.ts';
import { Cabling } from './cabling.ts';
import { Drains, leadsOn, ON_THE_WAY_MS, onTheWayMs } from './drains.ts';
import { Installed } from './installed.ts';
import { newState } from './state.ts';
import type { Place } from './waits.ts';

const GROUP = 1_500_000_009;
const KEY = `g${GROUP}`;
const [S1, S2, S3] = [0, 1, 2].map(dpidOf) as [string, string, string];

/** A group that sends out of port n + 1 to switch n, in by the port of the sender's number. */
function groupTo(from: number, ...to: readonly number[]) {
  const buckets = to.map((node) => ({
    weight: 0,
    watchPort: node + 1,
    watchGroup: OFPG.ANY,
    actions: [{ type: 'output', port: node + 1, maxLen: 0 }] as const,
  }));
  const after = to.map((node) => ({ dpid: dpidOf(node), port: from + 1 }));
  return groupItem({ groupId: GROUP, groupType: OFPGT.FF, buckets, after });
}

function link(a: number, b: number, bidirectional = true) {
  const ends = [
    { dpid: dpidOf(a), port: b + 1 },
    { dpid: dpidOf(b), port: a + 1 },
  ] as const;
  return { id: linkId(...ends), a: ends[0], b: ends[1], bidirectional };
}

describe('frames on their way', () => {
  it('are waited for by who is to send back where they come from, and by nobody else', () => {
    const clock = createManualClock();
    const drained: Place[] = [];
    const drains = new Drains(clock, (place) => drained.push(place));
    drains.confirmed(S1, { before: groupTo(0, 1, 2), after: groupTo(0, 2), tookMs: 0 });
    const back = [{ dpid: S1, port: 2 }];
    const place = drains.placeFor(KEY, S2, back);
    expect(place?.dpid).toBe(S1);
    // S1 goes on sending to S3; S2 may turn to S3; another group is another matter.
    expect(drains.placeFor(KEY, S3, back)).toBeUndefined();
    expect(drains.placeFor(KEY, S2, [{ dpid: S3, port: 2 }])).toBeUndefined();
    expect(drains.placeFor('g1', S2, back)).toBeUndefined();
    clock.advance(ON_THE_WAY_MS);
    expect(drained).toEqual([place]);
    expect(drains.placeFor(KEY, S2, back)).toBeUndefined();
  });

  it('are waited for longer where the switch was slow to confirm, and still within bounds', () => {
    expect([0, 20, 200, 60_000].map((tookMs) => onTheWayMs(tookMs))).toEqual([
      ON_THE_WAY_MS,
      ON_THE_WAY_MS,
      400,
      1_000,
    ]);
    expect(onTheWayMs(20, 5)).toBe(200);
    const clock = createManualClock();
    const drained: Place[] = [];
    const drains = new Drains(clock, (place) => drained.push(place));
    drains.confirmed(S1, { before: groupTo(0, 1), after: undefined, tookMs: 200 });
    // Once more, by a switch that is quick again: what was slow is still under way.
    drains.confirmed(S1, { before: groupTo(0, 1), after: undefined, tookMs: 0 });
    clock.advance(399);
    expect(drained).toEqual([]);
    clock.advance(1);
    expect(drained).toHaveLength(1);
  });

  it('come from a group that is gone as well, and not from one that is new', () => {
    const clock = createManualClock();
    const drains = new Drains(clock, () => {});
    drains.confirmed(S1, { before: undefined, after: groupTo(0, 1), tookMs: 0 });
    expect(drains.placeFor(KEY, S2, [{ dpid: S1, port: 2 }])).toBeUndefined();
    drains.confirmed(S1, { before: groupTo(0, 1), after: undefined, tookMs: 0 });
    expect(drains.placeFor(KEY, S2, [{ dpid: S1, port: 2 }])).toBeDefined();
  });
});

describe('a way', () => {
  /** 1 leads to 2, and 2 to 3, where the destination is. */
  function world(...links: readonly ReturnType<typeof link>[]) {
    const states = new Map([S1, S2, S3].map((dpid) => [dpid, newState(dpid)]));
    states.get(S1)!.installed = new Installed([[KEY, groupTo(0, 1)]]);
    states.get(S2)!.installed = new Installed([[KEY, groupTo(1, 2)]]);
    const cabling = new Cabling();
    cabling.update(links);
    return { states, cabling };
  }

  it('leads on while its links are there, both ways', () => {
    expect(leadsOn(S1, KEY, world(link(0, 1), link(1, 2)))).toBe(true);
    expect(leadsOn(S1, KEY, world(link(0, 1)))).toBe(false);
    expect(leadsOn(S1, KEY, world(link(0, 1), link(1, 2, false)))).toBe(false);
  });

  it('leads nowhere from a switch that has no group, or in a circle', () => {
    expect(leadsOn(S3, KEY, world(link(0, 1), link(1, 2)))).toBe(false);
    const circle = world(link(0, 1), link(1, 2));
    circle.states.get(S2)!.installed = new Installed([[KEY, groupTo(1, 0)]]);
    expect(leadsOn(S1, KEY, circle)).toBe(false);
  });
});

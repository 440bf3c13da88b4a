import { describe, expect, it } from 'vitest';
import { eventOf } from '../testing/events.ts';
import { linear } from '../testing/topologies.ts';
import { applyMessage, NO_NETWORK } from './state.ts';
import { TIMELINE_LIMIT } from './store.ts';
import { extend, subjectOf } from './timeline.ts';

const events = (...ids: number[]) => ids.map((id) => eventOf(id));
const ids = (timeline: readonly { id: number }[]) => timeline.map(({ id }) => id);

describe('the timeline', () => {
  it('has the newest first, each once, however often it is told', () => {
    const first = extend([], events(5, 6));
    expect(ids(first)).toEqual([6, 5]);
    const second = extend(first, events(5, 6, 7, 8));
    expect(ids(second)).toEqual([8, 7, 6, 5]);
    expect(extend(second, events(7, 8))).toBe(second);
    expect(extend(second, [])).toBe(second);
  });

  it('keeps no more than anybody reads', () => {
    const many = Array.from({ length: TIMELINE_LIMIT + 50 }, (_, i) => eventOf(i + 1));
    const kept = extend(extend([], many.slice(0, 100)), many);
    expect([kept.length, kept[0]?.id, kept.at(-1)?.id]).toEqual([TIMELINE_LIMIT, TIMELINE_LIMIT + 50, 51]);
  });
});

describe('the subject of an event', () => {
  const applied = applyMessage(undefined, linear(3));
  const network = applied.kind === 'applied' ? applied.network : NO_NETWORK;
  const { switches, links, hosts } = linear(3);
  const [dpid = '', link = '', mac = ''] = [switches[0]?.dpid, links[0]?.id, hosts[0]?.mac];

  it.each([
    ['switch', dpid, dpid, { kind: 'switch', id: dpid }],
    ['port', `${dpid}:1`, dpid, { kind: 'switch', id: dpid }],
    ['rule', 'flood rule', dpid, { kind: 'switch', id: dpid }],
    ['link', link, null, { kind: 'link', id: link }],
    ['host', mac, dpid, { kind: 'host', id: mac }],
    ['host', '00:00:00:00:00:99', dpid, { kind: 'switch', id: dpid }],
    ['link', 'gone', null, undefined],
    ['policy', 'no-telnet', null, undefined],
    ['switch', '00000000000000ff', '00000000000000ff', undefined],
  ])('%s %s is shown where it is', (kind, id, on, expected) => {
    expect(subjectOf(network, eventOf(1, { subject: { kind, id, name: id, dpid: on } }))).toEqual(expected);
  });
});

import { describe as suite, expect, it } from 'vitest';
import { fatTree, linear } from '../testing/topologies.ts';
import { applyMessage, NO_NETWORK } from './state.ts';
import type { Network } from './state.ts';
import type { StreamEvent } from './wire.ts';
import { describe, LINES_PER_MESSAGE } from './words.ts';

function known(): Network {
  const applied = applyMessage(undefined, linear(3));
  return applied.kind === 'applied' ? applied.network : NO_NETWORK;
}

function tell(...events: StreamEvent[]): string[] {
  const before = known();
  const applied = applyMessage(before, { type: 'change', version: 2, events });
  return applied.kind === 'gap' ? [] : describe(before, applied.network, events).map(({ text }) => text);
}

const { switches, links, hosts } = linear(3);
const [s1, s2] = switches;
const [link] = links;
const [h1, second] = hosts;
if (!s1 || !s2 || !link || !h1 || !second) throw new Error('the line of three is too short');

suite('the log', () => {
  it.each<[StreamEvent, string[]]>([
    [{ type: 'link-removed', id: link.id }, ['link s1–s2 gone']],
    [{ type: 'link', link: { ...link, bidirectional: false } }, ['link s1–s2 seen one way only']],
    [{ type: 'link', link: { ...link, up: false } }, ['link s1–s2 down']],
    [{ type: 'link', link: { ...link, id: 'new' } }, ['link s1–s2 found']],
    [{ type: 'link', link }, []],
    [{ type: 'switch', switch: { ...s1, connected: false } }, ['switch s1 lost its connection']],
    [{ type: 'switch', switch: { ...s1, dpid: '00000000000000aa', name: 's9' } }, ['switch s9 connected']],
    [{ type: 'switch', switch: { ...s1, name: 'north' } }, ['switch s1 is now called north']],
    [
      { type: 'switch', switch: { ...s1, ports: s1.ports.map((port) => ({ ...port, up: port.number !== 2 })) } },
      ['port s1:2 down'],
    ],
    [{ type: 'switch', switch: { ...s1, ports: s1.ports.slice(1) } }, ['port s1:1 removed']],
    [{ type: 'switch-removed', dpid: s2.dpid }, ['switch s2 gone']],
    [{ type: 'host', host: { ...second, switch: s1.dpid, port: 3 } }, ['host 10.0.0.2 moved to s1:3']],
    [{ type: 'host', host: { ...second, lastSeen: '2026-02-02T00:00:00Z' } }, []],
    [{ type: 'host', host: { ...second, name: 'db' } }, ['host 10.0.0.2 is now called db']],
    [{ type: 'host', host: { ...h1, ips: ['10.0.0.1', '10.0.0.7'] } }, ['host h1 also has 10.0.0.7']],
    [{ type: 'host', host: { ...h1, mac: '02:00:00:00:00:09' } }, ['host h1 (10.0.0.1) seen at s1:1']],
    [{ type: 'host-removed', mac: h1.mac }, ['host h1 gone']],
    [{ type: 'host-removed', mac: 'unknown' }, []],
  ])('tells %j as %j', (event, expected) => {
    expect(tell(event)).toEqual(expected);
  });

  it('sums up what one message has too much of', () => {
    const events = fatTree(4).switches.map((info): StreamEvent => ({
      type: 'switch',
      switch: { ...info, dpid: `f${info.dpid.slice(1)}` },
    }));
    const lines = tell(...events, { type: 'host-removed', mac: h1.mac });
    expect(lines).toHaveLength(LINES_PER_MESSAGE + 1);
    expect(lines.at(-1)).toBe('and 1 more change');
  });
});

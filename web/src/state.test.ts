import { describe, expect, it } from 'vitest';
import { eventOf } from '../testing/events.ts';
import { fatTree, linear } from '../testing/topologies.ts';
import { applyMessage } from './state.ts';
import type { Applied, Network } from './state.ts';
import { parseMessage } from './wire.ts';
import type { NetworkMessage, StreamEvent } from './wire.ts';

function apply(known: Network | undefined, message: NetworkMessage): Applied {
  const applied = applyMessage(known, message);
  if (applied.kind === 'gap') throw new Error('a gap where none was expected');
  return applied;
}

function change(network: Network, ...events: StreamEvent[]): Applied {
  return apply(network, { type: 'change', version: network.version + 1, events });
}

const three = apply(undefined, linear(3)).network;
const [firstSwitch] = linear(3).switches;
const [firstLink] = linear(3).links;
const [firstHost] = linear(3).hosts;
if (!firstSwitch || !firstLink || !firstHost) throw new Error('the line of three is empty');

describe('the reducer', () => {
  it('takes a snapshot in whole', () => {
    const { network } = apply(undefined, fatTree(4));
    expect([network.switches.size, network.links.size, network.hosts.size]).toEqual([20, 32, 16]);
    expect(network.version).toBe(1);
  });

  it('applies every kind of event', () => {
    const offline = { ...firstSwitch, connected: false };
    const { network } = change(
      three,
      { type: 'switch', switch: offline },
      { type: 'link-removed', id: firstLink.id },
      { type: 'host-removed', mac: firstHost.mac },
    );
    expect(network.version).toBe(2);
    expect(network.switches.get(firstSwitch.dpid)).toBe(offline);
    expect(network.links.has(firstLink.id)).toBe(false);
    expect(network.hosts.has(firstHost.mac)).toBe(false);
    const back = change(network, { type: 'link', link: firstLink }, { type: 'host', host: firstHost }).network;
    expect([back.links.size, back.hosts.size]).toEqual([2, 3]);
    const gone = change(back, { type: 'switch-removed', dpid: firstSwitch.dpid }).network;
    expect(gone.switches.size).toBe(2);
  });

  it('keeps what did not change the same object, and the state before as it was', () => {
    const { network } = change(three, { type: 'link-removed', id: firstLink.id });
    expect(network.switches).toBe(three.switches);
    expect(network.hosts).toBe(three.hosts);
    expect(three.links.size).toBe(2);
  });

  it.each([0, 1, 3, 40])('calls version %i after version 1 a gap', (version) => {
    expect(applyMessage(three, { type: 'change', version, events: [] })).toEqual({ kind: 'gap' });
  });

  it('takes news of the timeline between two versions, and with one', () => {
    const news = [1, 2].map((id) => ({ type: 'event', event: eventOf(id) }) as const);
    const between = apply(three, { type: 'change', version: 1, events: news });
    expect(between).toEqual({ kind: 'applied', network: three, events: [], happened: [eventOf(1), eventOf(2)] });
    expect(between.network).toBe(three);
    const removal = { type: 'link-removed', id: firstLink.id } as const;
    const together = apply(three, { type: 'change', version: 2, events: [...news, removal] });
    expect([together.network.links.size, together.events, together.happened.length]).toEqual([1, [removal], 2]);
    expect(applyMessage(three, { type: 'change', version: 1, events: [...news, removal] }).kind).toBe('gap');
    expect(apply(three, { ...linear(3), events: [eventOf(9)] }).happened).toEqual([eventOf(9)]);
  });

  it('calls a change before any snapshot a gap', () => {
    expect(applyMessage(undefined, { type: 'change', version: 1, events: [] })).toEqual({ kind: 'gap' });
  });

  it('finds by comparison what a new snapshot changes', () => {
    const later = linear(3);
    const renamed = { ...firstSwitch, name: 'north' };
    const { network, events } = apply(three, {
      ...later,
      version: 9,
      switches: [renamed, ...later.switches.slice(1)],
      hosts: later.hosts.slice(1),
    });
    expect(events).toEqual([
      { type: 'host-removed', mac: firstHost.mac },
      { type: 'switch', switch: renamed },
    ]);
    expect(network.version).toBe(9);
    expect(network.links.get(firstLink.id)).toBe(three.links.get(firstLink.id));
  });
});

describe('parseMessage', () => {
  it('reads what the contract names', () => {
    expect(parseMessage(JSON.stringify(linear(2)))).toEqual(linear(2));
  });

  it('lets an event of a later kind pass, and the reducer leaves it alone', () => {
    const message = parseMessage('{"type":"change","version":2,"events":[{"type":"meter","meter":{}}]}');
    if (message?.type !== 'change') throw new Error('the change was not read');
    expect(apply(three, message).network).toEqual({ ...three, version: 2 });
  });

  it.each([
    '',
    'null',
    '[]',
    '{"type":"change","version":"2","events":[]}',
    '{"type":"change","version":2}',
    '{"type":"change","version":2,"events":[{"type":"link","link":{"id":"x"}}]}',
    '{"type":"snapshot","version":2,"switches":[{"dpid":"1"}],"links":[],"hosts":[]}',
    '{"type":"snapshot","version":2,"switches":[],"links":[],"hosts":[],"events":[{"id":1}]}',
    '{"type":"change","version":2,"events":[{"type":"event","event":{"id":1,"at":"now","message":"x"}}]}',
  ])('refuses %s', (text) => {
    expect(parseMessage(text)).toBeUndefined();
  });
});

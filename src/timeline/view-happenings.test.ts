import { describe, expect, it } from 'vitest';
import { parseIp } from '../core/addresses.ts';
import { linkId } from '../core/ids.ts';
import { createManualClock } from '../core/manual-clock.ts';
import { Network } from '../topology/network.ts';
import type { ViewUpdate } from '../topology/network.ts';
import { hostAt, portOf, switchOf } from '../topology/testing/facts.ts';
import { dpidOf } from '../topology/testing/graphs.ts';
import type { Switch } from '../topology/view.ts';
import { viewHappenings } from './view-happenings.ts';

const [S1, S2] = [dpidOf(0), dpidOf(1)];
const END1 = { dpid: S1, port: 1 };
const END2 = { dpid: S2, port: 1 };
const LINK = { id: linkId(END1, END2), a: END1, b: END2, bidirectional: true };
const M = 0x0200_0000_0001;
const AT = { dpid: S1, port: 9 };
const HOST = hostAt(M, AT, [parseIp('10.0.0.1') ?? 0]);

/** Two switches and a cable between them, all told; what follows is what `told` gives. */
function start() {
  const network = new Network(createManualClock());
  let last: ViewUpdate | undefined;
  network.onUpdate((update) => (last = update));
  for (const dpid of [S1, S2]) network.setSwitch(dpid, switchOf(dpid, [portOf(1, 'fabric'), portOf(9, 'host')]));
  network.setLink(LINK.id, LINK);
  const told = (): string[] => {
    last = undefined;
    network.flush();
    return last
      ? viewHappenings(last).map(({ type, message, cause }) => `${type}: ${message} ${cause ?? ''}`.trim())
      : [];
  };
  const first = told();
  const patch = (dpid: string, part: Partial<Switch>): void => {
    const known = network.switch(dpid);
    if (known) network.setSwitch(dpid, { ...known, ...part });
  };
  return { network, told, first, patch };
}

describe('switches', () => {
  it('connect, and what they bring is told once', () => {
    expect(start().first).toEqual([
      'switch.connected: Switch s1 connected. A session from 127.0.0.1:40000 began.',
      'switch.connected: Switch s2 connected. A session from 127.0.0.1:40000 began.',
      'link.up: Link s1:1-s2:1 is up. Probes arrive both ways.',
    ]);
  });

  it('lose their session, count as away, and come back', () => {
    const { told, patch } = start();
    patch(S2, { connected: false });
    expect(told()).toEqual([
      'switch.disconnected: Switch s2 lost its connection; its tables forward on. Its session from 127.0.0.1:40000 ended.',
    ]);
    patch(S2, { away: true });
    expect(told()).toEqual([
      'switch.away: Switch s2 counts as away: traffic is led around it where there is another way. It has had no session for too long.',
      'link.down: Link s1:1-s2:1 is down. Switch s2 has been without a session for too long.',
    ]);
    patch(S2, { away: false, connected: true, connectedSince: 7 });
    expect(told()).toEqual([
      'switch.connected: Switch s2 connected again. A session from 127.0.0.1:40000 began.',
      'link.up: Link s1:1-s2:1 is up again. Probes arrive both ways.',
    ]);
  });

  it('are told of where a session took over from another between two views', () => {
    const { told, patch } = start();
    patch(S2, { connectedSince: 9 });
    expect(told()).toHaveLength(1);
  });

  it('are forgotten with their links and hosts, each with the cause', () => {
    const { network, told, patch } = start();
    network.setHost(M, { ...HOST, at: { dpid: S2, port: 9 } });
    patch(S2, { connected: false });
    told();
    network.setLink(LINK.id, undefined);
    network.setHost(M, undefined);
    network.setSwitch(S2, undefined);
    expect(told()).toEqual([
      'switch.forgotten: Switch s2 counts as a part of the network no longer. It has had no session for long, and nothing connected leads to it.',
      'link.down: Link s1:1-s2:1 is gone. Switch s2 is gone.',
      'host.forgotten: Host 10.0.0.1 (02:00:00:00:00:01) at s2:9 is known no longer. Switch s2 is gone.',
    ]);
  });

  it('that are remembered over a restart are no news until they connect', () => {
    const network = new Network(createManualClock());
    const updates: ViewUpdate[] = [];
    network.onUpdate((update) => updates.push(update));
    network.setSwitch(S1, switchOf(S1, [1], false));
    network.setSwitch(S2, switchOf(S2, [1]));
    network.setLink(LINK.id, LINK);
    network.flush();
    expect(updates.flatMap(viewHappenings).map(({ type, cause }) => [type, cause])).toEqual([
      ['switch.connected', 'A session from 127.0.0.1:40000 began.'],
      ['link.up', 'It is remembered from before the restart.'],
    ]);
  });
});

describe('ports', () => {
  it('go down and up, and their links with them', () => {
    const { network, told } = start();
    network.setPort(S1, 1, portOf(1, 'fabric', false));
    expect(told()).toEqual([
      'port.down: Port s1:1 went down.',
      'link.down: Link s1:1-s2:1 is down. Port s1:1 is down.',
    ]);
    network.setLink(LINK.id, undefined);
    expect(told()).toEqual([]);
    network.setPort(S1, 1, portOf(1, 'unknown'));
    expect(told()).toEqual(['port.up: Port s1:1 went up.']);
    network.setLink(LINK.id, LINK);
    expect(told()).toEqual(['link.up: Link s1:1-s2:1 is up. Probes arrive both ways.']);
  });

  it('are added and removed; what they are taken for is no news', () => {
    const { network, told } = start();
    network.setPort(S1, 3, portOf(3));
    expect(told()).toEqual(['port.added: Port s1:3 (eth3) was added, up.']);
    network.setPort(S1, 3, portOf(3, 'host'));
    expect(told()).toEqual([]);
    network.setPort(S1, 3, undefined);
    network.setPort(S1, 1, undefined);
    expect(told()).toEqual([
      'port.removed: Port s1:1 (eth1) was removed.',
      'port.removed: Port s1:3 (eth3) was removed.',
      'link.down: Link s1:1-s2:1 is down. Port s1:1 was removed.',
    ]);
  });

  it('that changed while the switch was away are told as found at its return', () => {
    const { told, patch } = start();
    patch(S1, { connectedSince: 5, ports: new Map([1, 9].map((port) => [port, portOf(port, 'host', port === 1)])) });
    expect(told()[1]).toBe('port.down: Port s1:9 went down. Found so when the switch connected.');
  });
});

describe('links', () => {
  it('are found one way, work both, fall back to one, and are lost', () => {
    const { network, told } = start();
    network.setLink(LINK.id, undefined);
    expect(told()).toEqual(['link.down: Link s1:1-s2:1 is gone. Probes arrive no more.']);
    network.setLink(LINK.id, { ...LINK, bidirectional: false });
    expect(told()).toEqual(['link.found: Link s1:1-s2:1 was found. Probes arrive one way so far.']);
    network.setLink(LINK.id, LINK);
    expect(told()).toEqual(['link.up: Link s1:1-s2:1 is up. Probes arrive both ways.']);
    network.setLink(LINK.id, { ...LINK, bidirectional: false });
    expect(told()).toEqual(['link.one-way: Link s1:1-s2:1 carries no traffic. Probes arrive one way only.']);
  });
});

describe('hosts', () => {
  it('are seen, move, are named, and fall silent', () => {
    const { network, told } = start();
    network.setHost(M, HOST);
    expect(told()).toEqual(['host.seen: Host 10.0.0.1 (02:00:00:00:00:01) was seen at s1:9. It sent a frame.']);
    const moved = { ...HOST, at: { dpid: S2, port: 9 } };
    network.setHost(M, moved);
    expect(told()).toEqual(['host.moved: Host 10.0.0.1 moved from s1:9 to s2:9. It sent a frame at s2:9.']);
    network.setHost(M, { ...moved, name: 'printer' });
    expect(told()).toEqual([
      'host.renamed: Host 10.0.0.1 (02:00:00:00:00:01) is called printer now. A request said so.',
    ]);
    network.setHost(M, moved);
    expect(told()).toEqual(['host.renamed: Host printer (02:00:00:00:00:01) has no name any more. A request said so.']);
    network.setHost(M, { ...moved, ips: [] });
    expect(told()).toEqual([]);
    network.setHost(M, undefined);
    expect(told()).toEqual([
      'host.forgotten: Host 02:00:00:00:00:01 at s2:9 is known no longer. It was silent for long.',
    ]);
  });

  it.each([
    ['Port s1:9 went down.', portOf(9, 'unknown', false)],
    ['Port s1:9 leads to a switch.', portOf(9, 'fabric')],
    ['What port s1:9 leads to is found anew.', portOf(9, 'unknown')],
    ['Port s1:9 was removed.', undefined],
  ])('are forgotten because of their port: %s', (cause, port) => {
    const { network, told } = start();
    network.setHost(M, HOST);
    told();
    network.setHost(M, undefined);
    network.setPort(S1, 9, port);
    expect(told().at(-1)).toContain(cause);
  });

  it('that are remembered over a restart are told so', () => {
    const { network, told, patch } = start();
    patch(S1, { connectedSince: 1_000 });
    network.setHost(M, { ...HOST, firstSeen: 999 });
    expect(told().at(-1)).toBe(
      'host.seen: Host 10.0.0.1 (02:00:00:00:00:01) is known from before at s1:9. It is remembered, and its switch lived on.',
    );
  });
});

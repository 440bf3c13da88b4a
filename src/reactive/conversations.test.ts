/** Packets that come up, their answers and their upkeep, on model switches: s1 – s2 – s3 with a host at either end. */
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { ReactiveSwitch } from '../../test/support/reactive-switch.ts';
import { formatDpid, linkId } from '../core/ids.ts';
import type { Dpid } from '../core/ids.ts';
import { createManualClock } from '../core/manual-clock.ts';
import { flowItem } from '../flows/items.ts';
import type { Item } from '../flows/items.ts';
import { apply } from '../flows/pipeline.ts';
import type { Notice } from '../core/notice.ts';
import { OFPP, OFPT } from '../openflow/codec/index.ts';
import { buildEthernet } from '../packet/index.ts';
import { Network } from '../topology/network.ts';
import { AllPairs } from '../topology/paths/all-pairs.ts';
import { hostAt, portOf, switchOf } from '../topology/testing/facts.ts';
import { createConversations, NO_CONVERSATIONS } from './conversations.ts';
import type { ReactiveSession } from './fabric.ts';
import { NOTICE_EVERY_MS } from './notices.ts';
import { REST_MS } from './programmer.ts';
import { RECENT_MS } from './recent.ts';
import { ASK } from './testing/asking.ts';

const [S1, S2, S3] = [1n, 2n, 3n].map(formatDpid) as [Dpid, Dpid, Dpid];
const HOST = 9;
const [A, B, STRANGER] = [0x0200_0000_000a, 0x0200_0000_000b, 0x0200_0000_00ff];

const PROACTIVE = flowItem({ ...ASK, priority: 100, match: { ethDst: A } });

function frame(ethSrc: number, ethDst: number): Uint8Array {
  return buildEthernet({ ethDst, ethSrc, etherType: 0x88b5, payload: Buffer.from('from one to another'.repeat(3)) });
}

class World {
  readonly clock = createManualClock();
  readonly network = new Network(this.clock);
  readonly devices: ReadonlyMap<Dpid, ReactiveSwitch>;
  /** What was queued for whom, as types of messages, oldest first. */
  readonly queued: [dpid: Dpid, type: number][] = [];
  readonly notices: Notice[] = [];
  installed: ReadonlyMap<string, Item> = new Map([[ASK.key, ASK]]);
  readonly conversations = createConversations({
    network: this.network,
    clock: this.clock,
    logger: pino({ level: 'silent' }),
    match: 'mac',
    idleTimeoutS: 10,
    installed: () => this.installed,
    onNotice: (notice) => this.notices.push(notice),
  });

  /** @param links pairs of switches, by number */
  constructor(links = [12, 23], count = 3) {
    const dpids = Array.from({ length: count }, (_, index) => formatDpid(BigInt(index + 1)));
    this.devices = new Map(dpids.map((dpid) => [dpid, new ReactiveSwitch()]));
    for (const dpid of dpids) {
      const fabric = dpids.map((_, index) => portOf(index + 1, 'fabric'));
      this.network.setSwitch(dpid, switchOf(dpid, [...fabric, portOf(HOST, 'host')]));
    }
    for (const pair of links) this.link(pair, true);
    this.network.setHost(A, hostAt(A, { dpid: S1, port: HOST }));
    this.network.setHost(B, hostAt(B, { dpid: S3, port: HOST }));
    this.network.flush();
    for (const dpid of dpids) this.attach(dpid);
  }

  /** Ports have the number of the switch that they lead to. */
  link(pair: number, up: boolean): void {
    const [x, y] = [Math.floor(pair / 10), pair % 10];
    const a = { dpid: formatDpid(BigInt(x)), port: y };
    const b = { dpid: formatDpid(BigInt(y)), port: x };
    const id = linkId(a, b);
    this.network.setLink(id, up ? { id, a, b, bidirectional: true } : undefined);
  }

  attach(dpid: Dpid): void {
    const device = this.devices.get(dpid)!;
    const session = device.connect();
    const noted: ReactiveSession = {
      append: (head, rest) => {
        this.queued.push([dpid, head[1]!]);
        return session.append(head, rest);
      },
      send: (message) => session.send(message),
      nextXid: () => session.nextXid(),
      barrier: () => session.barrier(),
    };
    this.conversations.attach(dpid, noted, { flows: [...device.rules.values()], items: this.installed });
  }

  packet(src = A, dst = B, dpid = S1, inPort = HOST): void {
    this.conversations.packetIn(dpid, inPort, frame(src, dst));
  }

  /** All switches do what they were told, until nobody has anything to say. */
  async settle(): Promise<void> {
    for (let idle = 0; idle < 3; idle++) {
      for (const device of this.devices.values()) while (device.step()) idle = 0;
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }

  ports(src = A, dst = B): (number | undefined)[] {
    return [...this.devices.values()].map((device) => device.lookUp(src, dst));
  }
}

describe('a packet that comes up', () => {
  it('has rules sent along its whole way, and is sent on out of its last hop', async () => {
    const world = new World();
    world.packet();
    expect([...world.devices.values()].map(({ waiting }) => waiting)).toEqual([1, 1, 2]);
    await world.settle();
    expect(world.ports()).toEqual([2, 3, HOST]);
    expect(world.devices.get(S3)!.sent).toMatchObject([
      { inPort: OFPP.CONTROLLER, actions: [{ type: 'output', port: HOST }], data: Buffer.from(frame(A, B)) },
    ]);
    expect([S1, S2].flatMap((dpid) => world.devices.get(dpid)!.sent)).toEqual([]);
    expect(world.conversations.counters).toMatchObject({ packets: 1, programmed: 1, rules: 3 });
  });

  it('is answered before anything else happens: rules from the last hop back to the first, then the packet', () => {
    const world = new World();
    world.packet();
    expect(world.queued).toEqual([
      [S3, OFPT.FLOW_MOD],
      [S2, OFPT.FLOW_MOD],
      [S1, OFPT.FLOW_MOD],
      [S3, OFPT.PACKET_OUT],
    ]);
  });

  it('asks for no distances anew while the view is the same', () => {
    const world = new World();
    world.packet();
    const looks = vi.spyOn(AllPairs.prototype, 'to');
    try {
      for (let src = 1; src <= 20; src++) world.packet(src);
      expect(world.conversations.counters).toMatchObject({ programmed: 21 });
      expect(looks).not.toHaveBeenCalled();
    } finally {
      looks.mockRestore();
    }
  });

  it('causes no rules while those of the one before are on their way, and does when they did not come', async () => {
    const world = new World();
    for (let i = 0; i < 5; i++) world.packet();
    expect(world.conversations.counters).toMatchObject({ packets: 5, programmed: 1, sentOn: 4, rules: 3 });
    await world.settle();
    expect(world.devices.get(S3)!.sent).toHaveLength(5);
    world.clock.advance(RECENT_MS);
    world.packet();
    expect(world.conversations.counters).toMatchObject({ programmed: 2 });
  });

  it('goes by no rules before a view knows where its receiver is', async () => {
    const world = new World();
    world.network.setHost(B, hostAt(B, { dpid: S2, port: HOST }));
    world.packet();
    await world.settle();
    expect(world.ports()).toEqual([undefined, undefined, undefined]);
    expect(world.devices.get(S2)!.sent).toHaveLength(1);
  });

  it('to a stranger goes out of all hosts’ ports, and not back', async () => {
    const world = new World();
    world.packet(A, STRANGER);
    await world.settle();
    expect(world.devices.get(S1)!.sent).toEqual([]);
    for (const dpid of [S2, S3]) {
      expect(world.devices.get(dpid)!.sent).toMatchObject([{ actions: [{ type: 'output', port: HOST }] }]);
    }
  });

  it('to a stranger is dropped where too many were sent to all, which is told once a minute', () => {
    const world = new World();
    const scan = (count: number): void => {
      for (let i = 0; i < count; i++) world.packet(A, STRANGER + i);
    };
    // Each costs a message to each of the two other switches, and one to its own, which has no other port for it.
    scan(20_000);
    const { flooded, floodLimited } = world.conversations.counters!;
    expect(flooded + floodLimited).toBe(20_000);
    expect(flooded).toBeLessThan(10_001);
    expect(world.notices).toMatchObject([{ type: 'flood.limited', severity: 'warning', subject: { dpid: S1 } }]);
    world.clock.advance(NOTICE_EVERY_MS - 1);
    scan(20_000);
    expect(world.notices).toHaveLength(1);
    world.clock.advance(1);
    scan(20_000);
    expect(world.notices).toHaveLength(2);
  });

  it('to somebody at the same port is left alone, and to nowhere is dropped', async () => {
    const world = new World();
    world.network.setHost(B, hostAt(B, { dpid: S1, port: HOST }));
    world.packet();
    world.network.setHost(B, hostAt(B, { dpid: S3, port: HOST }));
    world.link(23, false);
    world.network.flush();
    world.packet();
    await world.settle();
    for (const device of world.devices.values()) expect(device.sent).toEqual([]);
    expect(world.conversations.counters).toMatchObject({ dropped: 1 });
  });

  it('goes by the controller while a switch on its way has no room, which is told once a minute', () => {
    const world = new World();
    for (let i = 0; i < 3; i++) world.conversations.refused(S2, 'FLOW_MOD_FAILED/TABLE_FULL');
    expect(world.notices).toMatchObject([{ type: 'conversation.refused', severity: 'warning', subject: { dpid: S2 } }]);
    expect(world.notices[0]!.cause).toContain('TABLE_FULL');
    world.packet();
    expect(world.conversations.counters).toMatchObject({ programmed: 0, sentOn: 1, refused: 3 });
    world.clock.advance(REST_MS);
    world.packet();
    expect(world.conversations.counters).toMatchObject({ programmed: 1 });
  });
});

describe('rules of conversations', () => {
  it('go with the link that they lead over, and no new ones are sent there before that is confirmed', async () => {
    const world = new World();
    world.packet();
    await world.settle();
    world.link(23, false);
    world.link(13, true);
    world.network.flush();
    // What leaves s1 for s2 leads nowhere, nor what leaves s2.
    world.packet();
    expect(world.conversations.counters).toMatchObject({ programmed: 1, sentOn: 1 });
    await world.settle();
    expect(world.ports()).toEqual([undefined, undefined, HOST]);
    world.packet();
    await world.settle();
    expect(world.ports()).toEqual([3, undefined, HOST]);
    expect(world.conversations.counters).toMatchObject({ programmed: 2 });
  });

  it('are not sent for a destination while one of them leads into a switch that cannot be put right', async () => {
    // By s2 and s4 to s3, until s2 is lost, whose rule leads to s4 for good.
    const world = new World([12, 24, 34, 45, 14], 5);
    world.link(14, false);
    world.network.flush();
    world.packet();
    await world.settle();
    expect(world.ports()).toEqual([2, 4, HOST, 3, undefined]);
    world.conversations.detach(S2);
    world.network.setSwitch(S2, { ...world.network.switch(S2)!, connected: false });
    // Now s2 is next to s3, so is s5, and s4 has its way by s1: rules of its own would lead to s1, s2 and back to it.
    for (const gone of [34, 24, 45]) world.link(gone, false);
    for (const come of [23, 15, 35, 14]) world.link(come, true);
    world.network.flush();
    await world.settle();
    expect(world.ports()).toEqual([2, 4, HOST, undefined, undefined]);
    const s4 = formatDpid(4n);
    world.packet(A, B, s4, 1);
    expect(world.conversations.counters).toMatchObject({ programmed: 1, sentOn: 1 });
    // Away for longer: nothing leads to it any more, and whatever it holds is in nobody's way.
    world.network.setSwitch(S2, { ...world.network.switch(S2)!, away: true });
    world.network.flush();
    await world.settle();
    expect(world.ports()).toEqual([undefined, 4, HOST, undefined, undefined]);
    world.packet(A, B, s4, 1);
    await world.settle();
    expect(world.ports()).toEqual([5, 4, HOST, 1, 3]);
  });

  it('go when their host is elsewhere; those of others stay', async () => {
    const world = new World();
    const other = B + 1;
    world.network.setHost(other, hostAt(other, { dpid: S3, port: HOST }));
    world.network.flush();
    world.packet();
    world.packet(A, other);
    await world.settle();
    world.network.setHost(B, hostAt(B, { dpid: S2, port: HOST }));
    world.network.flush();
    await world.settle();
    expect(world.ports()).toEqual([undefined, undefined, undefined]);
    expect(world.ports(A, other)).toEqual([2, 3, HOST]);
  });

  it('stay over a reconnect where they fit', async () => {
    const world = new World();
    world.packet();
    await world.settle();
    const device = world.devices.get(S2)!;
    world.conversations.detach(S2);
    world.attach(S2);
    await world.settle();
    expect(world.ports()).toEqual([2, 3, HOST]);
    const [[key, rule] = []] = device.rules;
    // Somebody moved the port meanwhile: the rule leads back.
    device.rules.set(key!, { ...rule!, instructions: [apply({ type: 'output', port: 1, maxLen: 0 })] });
    world.attach(S2);
    await world.settle();
    expect(world.ports()).toEqual([2, undefined, HOST]);
  });

  it('are not sent to a switch that holds those of proactive forwarding, until those are gone', () => {
    const world = new World();
    world.installed = new Map([
      [ASK.key, ASK],
      [PROACTIVE.key, PROACTIVE],
    ]);
    world.attach(S2);
    world.packet();
    world.conversations.committed(S2);
    world.packet();
    expect(world.conversations.counters).toMatchObject({ programmed: 0, sentOn: 2 });
    world.installed = new Map([[ASK.key, ASK]]);
    world.conversations.committed(S2);
    world.packet();
    expect(world.conversations.counters).toMatchObject({ programmed: 1 });
  });

  it('go where another mode begins, and nothing is sent where there are none', async () => {
    const world = new World();
    world.packet();
    await world.settle();
    const device = world.devices.get(S2)!;
    const session = device.connect();
    NO_CONVERSATIONS.attach(S2, session, { flows: [...device.rules.values()], items: world.installed });
    expect(device.waiting).toBe(2);
    await world.settle();
    expect(device.rules.size).toBe(0);
    NO_CONVERSATIONS.attach(S2, session, { flows: [], items: world.installed });
    expect(device.waiting).toBe(0);
  });
});

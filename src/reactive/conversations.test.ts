/** Packets that come up, their answers and their upkeep, on model switches: s1 – s2 – s3 with a host at either end. */
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { ReactiveSwitch } from '../../test/support/reactive-switch.ts';
import { formatDpid, linkId } from '../core/ids.ts';
import type { Dpid } from '../core/ids.ts';
import { createManualClock } from '../core/manual-clock.ts';
import { makeCookie, RULE_CLASS } from '../flows/cookie.ts';
import { flowItem } from '../flows/items.ts';
import type { Item } from '../flows/items.ts';
import { apply, TABLES } from '../flows/pipeline.ts';
import { OFPP } from '../openflow/codec/index.ts';
import { buildEthernet } from '../packet/index.ts';
import { Network } from '../topology/network.ts';
import { hostAt, portOf, switchOf } from '../topology/testing/facts.ts';
import { createConversations, NO_CONVERSATIONS } from './conversations.ts';
import { REST_MS } from './programmer.ts';
import { RECENT_MS } from './recent.ts';

const [S1, S2, S3] = [1n, 2n, 3n].map(formatDpid) as [Dpid, Dpid, Dpid];
const HOST = 9;
const [A, B, STRANGER] = [0x0200_0000_000a, 0x0200_0000_000b, 0x0200_0000_00ff];

const ASK = flowItem({
  tableId: TABLES.forward.id,
  priority: 0,
  match: {},
  instructions: [apply({ type: 'output', port: OFPP.CONTROLLER, maxLen: 0xffff })],
  cookie: makeCookie({ app: 8, ruleClass: RULE_CLASS.DESIRED, unit: 1 }),
});
const PROACTIVE = flowItem({ ...ASK, priority: 100, match: { ethDst: A } });

function frame(ethSrc: number, ethDst: number): Uint8Array {
  return buildEthernet({ ethDst, ethSrc, etherType: 0x88b5, payload: Buffer.from('from one to another'.repeat(3)) });
}

class World {
  readonly clock = createManualClock();
  readonly network = new Network(this.clock);
  readonly devices = new Map([S1, S2, S3].map((dpid) => [dpid, new ReactiveSwitch()]));
  installed: ReadonlyMap<string, Item> = new Map([[ASK.key, ASK]]);
  readonly conversations = createConversations({
    network: this.network,
    clock: this.clock,
    logger: pino({ level: 'silent' }),
    match: 'mac',
    idleTimeoutS: 10,
    installed: () => this.installed,
  });

  constructor() {
    for (const [index, dpid] of [S1, S2, S3].entries()) {
      const fabric = [1, 2].map((port) => portOf(port, 'fabric'));
      this.network.setSwitch(dpid, switchOf(dpid, [...fabric, portOf(HOST, 'host')]));
      if (index > 0) this.link([S1, S2, S3][index - 1]!, dpid, true);
    }
    this.network.setHost(A, hostAt(A, { dpid: S1, port: HOST }));
    this.network.setHost(B, hostAt(B, { dpid: S3, port: HOST }));
    this.network.flush();
    for (const dpid of this.devices.keys()) this.attach(dpid);
  }

  link(from: Dpid, to: Dpid, up: boolean): void {
    const [a, b] = [
      { dpid: from, port: 2 },
      { dpid: to, port: 1 },
    ];
    const id = linkId(a, b);
    this.network.setLink(id, up ? { id, a, b, bidirectional: true } : undefined);
  }

  attach(dpid: Dpid): void {
    const device = this.devices.get(dpid)!;
    this.conversations.attach(dpid, device.connect(), { flows: [...device.rules.values()], items: this.installed });
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
    expect(world.ports()).toEqual([2, 2, HOST]);
    expect(world.devices.get(S3)!.sent).toMatchObject([
      { inPort: OFPP.CONTROLLER, actions: [{ type: 'output', port: HOST }], data: Buffer.from(frame(A, B)) },
    ]);
    expect([S1, S2].flatMap((dpid) => world.devices.get(dpid)!.sent)).toEqual([]);
    expect(world.conversations.counters).toMatchObject({ packets: 1, programmed: 1, rules: 3 });
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

  it('to somebody at the same port is left alone, and to nowhere is dropped', async () => {
    const world = new World();
    world.network.setHost(B, hostAt(B, { dpid: S1, port: HOST }));
    world.packet();
    world.network.setHost(B, hostAt(B, { dpid: S3, port: HOST }));
    world.link(S2, S3, false);
    world.network.flush();
    world.packet();
    await world.settle();
    for (const device of world.devices.values()) expect(device.sent).toEqual([]);
    expect(world.conversations.counters).toMatchObject({ dropped: 1 });
  });

  it('goes by the controller while a switch on its way has no room', () => {
    const world = new World();
    world.conversations.refused(S2, 'TABLE_FULL');
    world.packet();
    expect(world.conversations.counters).toMatchObject({ programmed: 0, sentOn: 1, refused: 1 });
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
    world.link(S2, S3, false);
    world.link(S1, S3, true);
    world.network.flush();
    world.packet(B, A, S3);
    expect(world.conversations.counters).toMatchObject({ programmed: 1, sentOn: 1 });
    await world.settle();
    world.packet();
    await world.settle();
    expect(world.ports().slice(1)).toEqual([undefined, HOST]);
    expect(world.conversations.counters).toMatchObject({ programmed: 2 });
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
    expect(world.ports(A, other)).toEqual([2, 2, HOST]);
  });

  it('stay over a reconnect where they fit', async () => {
    const world = new World();
    world.packet();
    await world.settle();
    const device = world.devices.get(S2)!;
    world.conversations.detach(S2);
    world.attach(S2);
    await world.settle();
    expect(world.ports()).toEqual([2, 2, HOST]);
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

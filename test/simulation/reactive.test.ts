/**
 * Reactive forwarding on model switches, under random links, hosts, delays, lost sessions and restarts of either side: no
 * conversation's rules ever make a circle, at any moment, and in the end every pair has its way.
 */
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { linkId } from '../../src/core/ids.ts';
import type { Dpid, PortRef } from '../../src/core/ids.ts';
import { createManualClock } from '../../src/core/manual-clock.ts';
import { buildEthernet } from '../../src/packet/index.ts';
import { createConversations } from '../../src/reactive/conversations.ts';
import type { Conversations } from '../../src/reactive/conversations.ts';
import { Network } from '../../src/topology/network.ts';
import { hostAt, portOf, switchOf } from '../../src/topology/testing/facts.ts';
import { seededRandom } from '../support/random.ts';
import type { Random } from '../support/random.ts';
import { ReactiveSwitch } from '../support/reactive-switch.ts';
import { ASKING } from '../../src/reactive/testing/asking.ts';

/** More with SEEDS=2000 in the environment. */
const SEEDS = Number(process.env['SEEDS'] ?? 50);
const SWITCHES = 5;
const HOSTS = 4;
const EVENTS = 200;
const HOST_PORT = 100;
const IDLE_S = 10;
/** Of a frame that came over a link: any port but the hosts'. */
const LINK_PORT = 1;

interface Cable {
  readonly a: PortRef;
  readonly b: PortRef;
}

function dpidOf(index: number): Dpid {
  return (index + 1).toString(16).padStart(16, '0');
}

function macOf(index: number): number {
  return 0x0200_0000_0000 + index + 1;
}

class World {
  readonly random: Random;
  readonly clock = createManualClock();
  readonly devices = new Map<Dpid, ReactiveSwitch>();
  readonly cables: Cable[] = [];
  readonly circles: string[] = [];
  readonly attached = new Set<Dpid>();
  network: Network;
  conversations: Conversations;
  /** Paths programmed by controllers that are gone. */
  programmedBefore = 0;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    for (let i = 0; i < SWITCHES; i++) {
      this.devices.set(dpidOf(i), new ReactiveSwitch());
      for (let j = i + 1; j < SWITCHES; j++) {
        const isRing = j === i + 1 || (i === 0 && j === SWITCHES - 1);
        if (!isRing && !this.random.oneIn(2)) continue;
        this.cables.push({ a: { dpid: dpidOf(i), port: j + 1 }, b: { dpid: dpidOf(j), port: i + 1 } });
      }
    }
    [this.network, this.conversations] = this.#start();
    for (let i = 0; i < SWITCHES; i++) this.network.setSwitch(dpidOf(i), this.#describe(dpidOf(i), true));
    for (const cable of this.cables) this.#setLink(cable, true);
    for (let i = 0; i < HOSTS; i++) this.#placeHost(i);
    this.network.flush();
    for (const dpid of this.devices.keys()) this.connect(dpid);
  }

  #start(): [Network, Conversations] {
    const network = new Network(this.clock);
    const conversations = createConversations({
      network,
      clock: this.clock,
      logger: pino({ level: 'silent' }),
      match: 'mac',
      idleTimeoutS: IDLE_S,
      installed: () => ASKING,
    });
    return [network, conversations];
  }

  #describe(dpid: Dpid, connected: boolean): ReturnType<typeof switchOf> {
    const fabric = this.cables
      .flatMap(({ a, b }) => [a, b])
      .filter((end) => end.dpid === dpid)
      .map(({ port }) => portOf(port, 'fabric'));
    return switchOf(dpid, [...fabric, portOf(HOST_PORT, 'host')], connected);
  }

  /** Only what the controller believes changes: cables carry all the time, which is worse than any cut. */
  #setLink({ a, b }: Cable, up: boolean): void {
    const id = linkId(a, b);
    this.network.setLink(id, up ? { id, a, b, bidirectional: true } : undefined);
  }

  #placeHost(index: number): void {
    const dpid = dpidOf(this.random.int(SWITCHES));
    this.network.setHost(macOf(index), hostAt(macOf(index), { dpid, port: HOST_PORT }));
  }

  connect(dpid: Dpid): void {
    const device = this.devices.get(dpid)!;
    this.network.setSwitch(dpid, this.#describe(dpid, true));
    this.network.flush();
    this.attached.add(dpid);
    this.conversations.attach(dpid, device.connect(), { flows: [...device.rules.values()], items: ASKING });
  }

  disconnect(dpid: Dpid): void {
    this.devices.get(dpid)!.disconnect();
    this.attached.delete(dpid);
    this.conversations.detach(dpid);
    const known = this.network.switch(dpid);
    if (known) this.network.setSwitch(dpid, { ...known, connected: false });
  }

  /** A frame that this switch has no rule for comes up. */
  packet(src: number, dst: number, dpid: Dpid, inPort = HOST_PORT): void {
    if (!this.attached.has(dpid) || this.devices.get(dpid)!.lookUp(src, dst) !== undefined) return;
    const frame = buildEthernet({ ethDst: dst, ethSrc: src, etherType: 0x88b5, payload: Buffer.alloc(46) });
    this.conversations.packetIn(dpid, inPort, frame);
  }

  /** A frame enters, and comes up where the rules end. */
  #talk(src: number, dst: number, from: Dpid): void {
    const { seen, end } = this.follow(src, dst, from);
    if (!end) this.packet(src, dst, seen.at(-1)!, seen.length === 1 ? HOST_PORT : LINK_PORT);
  }

  step(): void {
    const busy = [...this.devices.values()].filter(({ waiting }) => waiting > 0);
    if (busy.length === 0) return;
    this.random.pick(busy).step();
    this.check();
  }

  check(): void {
    for (let src = 0; src < HOSTS; src++) {
      for (let dst = 0; dst < HOSTS; dst++) {
        for (const dpid of this.devices.keys()) {
          const way = this.follow(macOf(src), macOf(dst), dpid);
          if (way.circles) this.circles.push(`from ${src} to ${dst}: ${way.seen.join(' > ')}`);
        }
      }
    }
  }

  /** Where rules lead a frame from a switch. */
  follow(src: number, dst: number, from: Dpid): { seen: Dpid[]; circles: boolean; end: PortRef | undefined } {
    const seen: Dpid[] = [];
    let at = from;
    for (;;) {
      const circles = seen.includes(at);
      seen.push(at);
      if (circles) return { seen, circles, end: undefined };
      const port = this.devices.get(at)!.lookUp(src, dst);
      if (port === undefined) return { seen, circles, end: undefined };
      const next = this.#peer(at, port);
      if (!next) return { seen, circles, end: { dpid: at, port } };
      at = next;
    }
  }

  #peer(dpid: Dpid, port: number): Dpid | undefined {
    for (const { a, b } of this.cables) {
      if (a.dpid === dpid && a.port === port) return b.dpid;
      if (b.dpid === dpid && b.port === port) return a.dpid;
    }
    return undefined;
  }

  event(): void {
    const dpid = dpidOf(this.random.int(SWITCHES));
    const roll = this.random.int(40);
    if (roll < 16) this.#talk(macOf(this.random.int(HOSTS)), macOf(this.random.int(HOSTS)), dpid);
    else if (roll < 28) this.step();
    else if (roll < 32) this.#setLink(this.random.pick(this.cables), this.random.oneIn(2));
    else if (roll < 34) this.#moveHost(this.random.int(HOSTS));
    else if (roll === 34) this.devices.get(dpid)!.expire(() => this.random.oneIn(2));
    else if (roll === 35) this.#comeOrGo(dpid);
    else if (roll === 36 && this.random.oneIn(4)) this.#restartController();
    else if (roll === 37) this.#startAnew(dpid);
    else if (roll === 38) this.#stayAway(dpid);
    else this.clock.advance(this.random.pick([1, 5, 300]));
  }

  #moveHost(index: number): void {
    if (this.random.oneIn(4)) this.network.setHost(macOf(index), undefined);
    else this.#placeHost(index);
  }

  #comeOrGo(dpid: Dpid): void {
    if (this.attached.has(dpid)) this.disconnect(dpid);
    else this.connect(dpid);
  }

  #startAnew(dpid: Dpid): void {
    if (this.attached.has(dpid)) this.disconnect(dpid);
    this.devices.get(dpid)!.rules.clear();
    this.connect(dpid);
  }

  #stayAway(dpid: Dpid): void {
    const known = this.network.switch(dpid);
    if (!this.attached.has(dpid) && known) this.network.setSwitch(dpid, { ...known, away: true });
  }

  /** Another begins with what was last known, and all sessions are new. */
  #restartController(): void {
    const { view } = this.network;
    for (const dpid of this.devices.keys()) this.disconnect(dpid);
    this.programmedBefore += this.conversations.counters!.programmed;
    [this.network, this.conversations] = this.#start();
    for (const [dpid, owner] of view.switches)
      this.network.setSwitch(dpid, { ...owner, connected: false, away: false });
    for (const [id, link] of view.links) this.network.setLink(id, link);
    for (const [mac, host] of view.hosts) this.network.setHost(mac, host);
    this.network.flush();
  }

  /** All is there and calm; every switch has done what it was told. */
  async settle(): Promise<void> {
    for (const dpid of this.devices.keys()) if (!this.attached.has(dpid)) this.connect(dpid);
    for (const cable of this.cables) this.#setLink(cable, true);
    for (let i = 0; i < HOSTS; i++) if (!this.network.host(macOf(i))) this.#placeHost(i);
    this.network.flush();
    await this.drain();
    this.clock.advance(2_000);
    await this.drain();
  }

  async drain(): Promise<void> {
    for (let idle = 0; idle < 5;) {
      const isBusy = [...this.devices.values()].some(({ waiting }) => waiting > 0);
      if (isBusy) this.step();
      await nextTurn();
      idle = isBusy ? 0 : idle + 1;
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

async function play(seed: number): Promise<World> {
  const world = new World(seed);
  for (let event = 0; event < EVENTS; event++) {
    world.event();
    world.check();
    await nextTurn();
  }
  await world.settle();
  return world;
}

/** The pairs whose frames do not come out where the other is, though packets of theirs came up. */
async function unjoined(world: World): Promise<string[]> {
  const found: string[] = [];
  for (let src = 0; src < HOSTS; src++) {
    for (let dst = 0; dst < HOSTS; dst++) {
      const [from, to] = [world.network.host(macOf(src))!.at, world.network.host(macOf(dst))!.at];
      // Two at one port, or one with itself, have no need of rules.
      if (from.dpid === to.dpid) continue;
      let { seen, end } = world.follow(macOf(src), macOf(dst), from.dpid);
      // Where idle rules went in the middle, it comes up there.
      for (let packets = 0; end === undefined && packets < SWITCHES; packets++) {
        world.packet(macOf(src), macOf(dst), seen.at(-1)!, packets === 0 && seen.length === 1 ? HOST_PORT : LINK_PORT);
        await world.drain();
        ({ seen, end } = world.follow(macOf(src), macOf(dst), from.dpid));
      }
      if (end?.dpid !== to.dpid || end.port !== to.port) found.push(`${src} to ${dst}`);
    }
  }
  return found;
}

describe('conversations while everything changes', () => {
  it(`never circle, and all have their way in the end (${SEEDS} histories)`, async () => {
    let programmed = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const world = await play(seed);
      expect(world.circles, `seed ${seed}`).toEqual([]);
      expect(await unjoined(world), `seed ${seed}`).toEqual([]);
      programmed += world.programmedBefore + world.conversations.counters!.programmed;
    }
    // Much of the time something is in the way of rules; still there must be enough of them to circle, were they wrong.
    expect(programmed).toBeGreaterThan(SEEDS * 10);
  });
});

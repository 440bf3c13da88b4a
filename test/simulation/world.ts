/** Real desired state and reconciling on model switches that are slow, lose answers, stray and restart, by a seed. */
import { pino } from 'pino';
import { appsFor } from '../../src/apps/index.ts';
import { linkId } from '../../src/core/ids.ts';
import type { PortRef } from '../../src/core/ids.ts';
import { createManualClock } from '../../src/core/manual-clock.ts';
import { DesiredTables } from '../../src/flows/desired/tables.ts';
import { Reconciler } from '../../src/flows/reconcile/reconciler.ts';
import { Network } from '../../src/topology/network.ts';
import type { Port, Switch } from '../../src/topology/view.ts';
import { ModelNetwork } from '../support/model-network.ts';
import { createModelTransport } from '../support/model-switch.ts';
import { seededRandom } from '../support/random.ts';
import type { Random } from '../support/random.ts';

export const SWITCHES = 5;
/** Not the number of switches: some have several, some none. */
export const HOSTS = 6;
export const HOST_PORT = 100;
/** Enough to have every bucket chosen. */
export const HASHES = 8;
export const BROADCAST = 0xffffffffffff;
/** Not one of the hosts: unknown senders pass as known ones do. */
export const SENDER = 0x0200_0000_1000;

interface Cable {
  readonly a: PortRef;
  readonly b: PortRef;
  up: boolean;
}

export function dpidOf(index: number): string {
  return (index + 1).toString(16).padStart(16, '0');
}

export function macOf(index: number): number {
  return 0x0200_0000_0000 + index + 1;
}

function makeSwitch(dpid: string, numbers: readonly number[]): Switch {
  const ports = new Map<number, Port>();
  for (const number of numbers) {
    const kind = number === HOST_PORT ? 'host' : 'fabric';
    ports.set(number, { number, name: `${dpid}-${number}`, mac: number, up: true, kind, speedBps: 0 });
  }
  const texts = { manufacturer: '', hardware: '', software: '', serial: '', description: '', remoteAddress: '' };
  return { dpid, name: dpid, connected: true, away: false, connectedSince: 0, tables: 254, ports, ...texts };
}

export class World {
  readonly random: Random;
  readonly clock = createManualClock();
  readonly network = new Network(this.clock);
  readonly desired = new DesiredTables(appsFor('proactive'));
  readonly model = new ModelNetwork();
  readonly cables: Cable[] = [];
  readonly reconciler = new Reconciler({
    desired: (dpid) => this.desired.of(dpid),
    clock: this.clock,
    logger: pino({ level: 'silent' }),
    onReady: () => {},
    keepLeftovers: () => false,
  });
  readonly circles: string[] = [];
  /** Switches that started anew and whose links are not found again. */
  readonly lost = new Set<string>();
  /** Number of the session that each switch is in. */
  readonly sessions = new Map<string, number>();
  calm = false;
  /** Told after each change of what a switch holds. */
  onApplied = (): void => this.check();

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.network.onUpdate((update) => this.reconciler.changed(update.view, this.desired.update(update)));
    this.#cable();
    for (let index = 0; index < SWITCHES; index++) {
      const dpid = dpidOf(index);
      this.model.add(dpid);
      const numbers = this.cables
        .flatMap(({ a, b }) => [a, b])
        .filter((end) => end.dpid === dpid)
        .map(({ port }) => port);
      this.network.setSwitch(dpid, makeSwitch(dpid, [...numbers, HOST_PORT]));
      this.attach(dpid);
    }
    for (const cable of this.cables) this.#setLink(cable, true);
    this.network.flush();
  }

  /** Any two switches, each pair with a chance; a ring keeps them together. */
  #cable(): void {
    for (let i = 0; i < SWITCHES; i++) {
      for (let j = i + 1; j < SWITCHES; j++) {
        const neighbours = j === i + 1 || (i === 0 && j === SWITCHES - 1);
        if (!neighbours && !this.random.oneIn(2)) continue;
        this.cables.push({ a: { dpid: dpidOf(i), port: j + 1 }, b: { dpid: dpidOf(j), port: i + 1 }, up: true });
      }
    }
  }

  attach(dpid: string): void {
    const device = this.model.switches.get(dpid)!;
    const session = (this.sessions.get(dpid) ?? 0) + 1;
    this.sessions.set(dpid, session);
    const transport = createModelTransport({
      device,
      delay: async () => {
        const turns = this.random.int(this.calm ? 2 : 12);
        for (let turn = 0; turn < turns; turn++) await nextTurn();
      },
      fate: () => {
        if (this.calm || !this.random.oneIn(10)) return 'confirmed';
        return this.random.oneIn(2) ? 'lost before' : 'lost after';
      },
      onApplied: () => this.onApplied(),
      alive: () => this.sessions.get(dpid) === session,
    });
    this.reconciler.attach(dpid, transport, device.readBack());
  }

  #setLink({ a, b }: Cable, up: boolean): void {
    const id = linkId(a, b);
    const found = up && !this.lost.has(a.dpid) && !this.lost.has(b.dpid);
    this.network.setLink(id, found ? { id, a, b, bidirectional: true } : undefined);
    if (up) this.model.connect(a, b);
    else this.model.cut(a, b);
  }

  /** Every sender to everywhere, and to all: nothing may circle. */
  check(): void {
    const targets = [BROADCAST, 0x02ff_0000_0000, ...Array.from({ length: HOSTS }, (_, index) => macOf(index))];
    for (let index = 0; index < SWITCHES; index++) {
      for (const ethDst of targets) {
        const walk = this.model.send(
          { dpid: dpidOf(index), port: HOST_PORT },
          { ethDst, ethSrc: SENDER, ethType: 0x88b5 },
        );
        if (walk.circle) this.circles.push(`to ${ethDst.toString(16)}: ${walk.circle.join(' > ')}`);
      }
    }
  }

  event(): void {
    for (const dpid of this.lost) if (this.random.oneIn(3)) this.#rediscover(dpid);
    const roll = this.random.int(10);
    if (roll < 6) {
      const cable = this.random.pick(this.cables);
      cable.up = !cable.up;
      this.#setLink(cable, cable.up);
    } else if (roll < 8) this.#moveHost(this.random.int(HOSTS));
    else if (roll === 8) this.#stray(dpidOf(this.random.int(SWITCHES)));
    else this.#restart(dpidOf(this.random.int(SWITCHES)));
    this.check();
    this.network.flush();
  }

  /** A host speaks at some switch, or is forgotten. */
  #moveHost(index: number): void {
    if (this.random.oneIn(4)) this.forgetHost(index);
    else this.placeHost(index, dpidOf(this.random.int(SWITCHES)));
  }

  forgetHost(index: number): void {
    this.network.setHost(macOf(index), undefined);
  }

  placeHost(index: number, dpid: string): void {
    const at = { dpid, port: HOST_PORT };
    const mac = macOf(index);
    this.network.setHost(mac, { mac, vlan: undefined, ips: [], name: undefined, at, firstSeen: 0 });
  }

  /** A session breaks: the switch goes on with what it holds, and is back at once, or after a while. */
  #stray(dpid: string): void {
    const owner = this.network.switch(dpid)!;
    if (owner.away) {
      this.network.setSwitch(dpid, { ...owner, away: false });
      this.network.flush();
      this.attach(dpid);
      return;
    }
    this.reconciler.detach(dpid);
    this.sessions.set(dpid, (this.sessions.get(dpid) ?? 0) + 1);
    if (this.random.oneIn(2)) this.attach(dpid);
    else this.network.setSwitch(dpid, { ...owner, away: true });
  }

  /** The switch comes back empty, its ports unknown and its links not found again yet, though their cables carry. */
  #restart(dpid: string): void {
    const owner = this.network.switch(dpid)!;
    if (owner.away || this.lost.has(dpid)) return;
    this.reconciler.detach(dpid);
    this.model.switches.get(dpid)!.load(new Map());
    this.lost.add(dpid);
    for (const port of owner.ports.keys()) this.network.setPortKind({ dpid, port }, 'unknown');
    for (const { a, b } of this.#cablesOf(dpid)) this.network.setLink(linkId(a, b), undefined);
    this.reconciler.startedAnew(dpid);
    this.network.flush();
    this.attach(dpid);
  }

  /** Probes have told what its ports lead to. */
  #rediscover(dpid: string): void {
    this.lost.delete(dpid);
    for (const port of this.network.switch(dpid)!.ports.keys()) {
      this.network.setPortKind({ dpid, port }, port === HOST_PORT ? 'host' : 'fabric');
    }
    for (const cable of this.#cablesOf(dpid)) this.#setLink(cable, cable.up);
  }

  #cablesOf(dpid: string): readonly Cable[] {
    return this.cables.filter(({ a, b }) => a.dpid === dpid || b.dpid === dpid);
  }

  async rest(turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn++) {
      this.clock.advance(50);
      await nextTurn();
    }
  }

  /** All up, all hosts known: then wait until every switch holds what it shall. */
  async settle(): Promise<void> {
    this.calm = true;
    for (const dpid of this.lost) this.#rediscover(dpid);
    for (const dpid of this.model.switches.keys()) if (this.network.switch(dpid)?.away) this.#stray(dpid);
    for (const cable of this.cables) this.#setLink(cable, (cable.up = true));
    for (let index = 0; index < HOSTS; index++) {
      if (!this.network.host(macOf(index))) this.placeHost(index, dpidOf(index % SWITCHES));
    }
    this.network.flush();
    for (let round = 0; round < 200 && this.differences().length > 0; round++) await this.rest(10);
  }

  differences(): string[] {
    const found: string[] = [];
    for (const [dpid, device] of this.model.switches) {
      const desired = this.desired.of(dpid);
      for (const [key, item] of desired)
        if (device.items.get(key)?.content !== item.content) found.push(`${dpid} lacks ${key}`);
      for (const key of device.items.keys()) if (!desired.has(key)) found.push(`${dpid} keeps ${key}`);
    }
    return found;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

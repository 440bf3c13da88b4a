/**
 * Model switches that others change while what is desired changes too, with delays, lost answers and lost sessions: what is
 * believed to be installed is true whenever nothing is under way, and in the end every switch holds what it shall.
 */
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../src/core/manual-clock.ts';
import type { Item } from '../../src/flows/items.ts';
import { sameItem } from '../../src/flows/items.ts';
import { Reconciler } from '../../src/flows/reconcile/reconciler.ts';
import { group, rule, ruleBy } from '../../src/flows/reconcile/testing/rules.ts';
import { Network } from '../../src/topology/network.ts';
import { createModelTransport, ModelSwitch } from '../support/model-switch.ts';
import { seededRandom } from '../support/random.ts';
import type { Random } from '../support/random.ts';

/** More with SEEDS=2000 in the environment. */
const SEEDS = Number(process.env['SEEDS'] ?? 100);
const ROUNDS = 12;
const EVENTS = 10;
/** Few, so that what others do and what is desired meet in the same place. */
const PLACES = 4;
const GROUPS = 2;
const DPID = '0000000000000001';

class World {
  readonly random: Random;
  readonly clock = createManualClock();
  readonly view = new Network(this.clock).view;
  readonly device = new ModelSwitch();
  readonly desired = new Map<string, Item>();
  readonly monitored: boolean;
  readonly reconciler = new Reconciler({
    desired: () => this.desired,
    clock: this.clock,
    logger: pino({ level: 'silent' }),
    onReady: () => {},
    keepLeftovers: () => false,
  });
  session = 0;
  /** Commits and reads that the switch has not finished. */
  underWay = 0;
  calm = false;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.monitored = !this.random.oneIn(4);
    this.attach();
  }

  attach(): void {
    const session = ++this.session;
    this.device.watchers.clear();
    const transport = createModelTransport({
      device: this.device,
      delay: async () => {
        const turns = this.random.int(this.calm ? 2 : 8);
        for (let turn = 0; turn < turns; turn++) await nextTurn();
      },
      fate: () => {
        if (this.calm || !this.random.oneIn(10)) return 'confirmed';
        return this.random.oneIn(2) ? 'lost before' : 'lost after';
      },
      onApplied: () => {},
      alive: () => this.session === session,
      monitored: this.monitored,
    });
    this.reconciler.attach(DPID, transport, this.device.readBack());
  }

  event(): void {
    const roll = this.random.int(50);
    if (roll < 25) this.tamper();
    else if (roll < 48) this.wish(this.anItem());
    else if (roll === 48) void this.reconciler.audit(DPID);
    else {
      this.reconciler.detach(DPID);
      this.attach();
    }
  }

  /** Someone else puts in, changes or deletes a rule or a group. */
  tamper(): void {
    const item = this.anItem();
    const held = this.device.items.get(item.key);
    this.device.tamper(item.key, this.random.oneIn(2) || (held && sameItem(held, item)) ? undefined : item);
  }

  wish(item: Item): void {
    if (this.random.oneIn(3)) this.desired.delete(item.key);
    else this.desired.set(item.key, item);
    this.reconciler.changed(this.view, new Map([[DPID, new Set([item.key])]]));
  }

  /** A group that a rule uses cannot go before it. */
  wishForWhatIsUsed(): void {
    for (let index = 0; index < GROUPS; index++) {
      const item = group(index);
      if (!this.desired.has(item.key)) this.desired.set(item.key, item);
      this.reconciler.changed(this.view, new Map([[DPID, new Set([item.key])]]));
    }
  }

  anItem(): Item {
    const index = this.random.int(PLACES);
    const port = 1 + this.random.int(3);
    if (this.random.oneIn(4)) return group(this.random.int(GROUPS), port);
    return this.random.oneIn(4) ? ruleBy(group(this.random.int(GROUPS)), index) : rule(index, port);
  }

  async rest(turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn++) {
      this.clock.advance(50);
      await nextTurn();
    }
  }

  /** Where belief and truth differ. */
  errors(): string[] {
    return differences(this.reconciler.installed(DPID)!, this.device.items);
  }
}

function differences(x: ReadonlyMap<string, Item>, y: ReadonlyMap<string, Item>): string[] {
  return [...new Set([...x.keys(), ...y.keys()])].filter((key) => !sameItem(x.get(key), y.get(key)));
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe('a model switch that others change', () => {
  it.each(Array.from({ length: SEEDS }, (_, index) => index + 1))('ends as desired (seed %i)', async (seed) => {
    const world = new World(seed);
    for (let round = 0; round < ROUNDS; round++) {
      world.calm = false;
      for (let event = 0; event < EVENTS; event++) {
        world.event();
        await world.rest(world.random.int(4));
      }
      world.calm = true;
      await world.rest(60);
      // Of what others did to groups no switch tells, and of rules only one that is monitored.
      if (world.monitored) expect(world.errors().filter((key) => key.startsWith('f'))).toEqual([]);
    }
    world.wishForWhatIsUsed();
    const audit = world.reconciler.audit(DPID);
    await world.rest(100);
    await audit;
    expect(world.errors()).toEqual([]);
    const wars = new Set(world.reconciler.report(DPID).wars.map(({ key }) => key));
    expect(differences(world.device.items, world.desired).filter((key) => !wars.has(key))).toEqual([]);
    expect(world.reconciler.stats()).toMatchObject({ dirty: 0, inFlight: 0 });
  });
});

import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { appsFor } from '../apps/index.ts';
import { formatDpid, linkId } from '../core/ids.ts';
import type { Dpid, PortRef } from '../core/ids.ts';
import { createManualClock } from '../core/manual-clock.ts';
import { DesiredTables } from '../flows/desired/tables.ts';
import { TABLES } from '../flows/pipeline.ts';
import { Reconciler } from '../flows/reconcile/reconciler.ts';
import { OFPET, OFPP, OFPPR, packetOut } from '../openflow/codec/index.ts';
import type { PortDesc } from '../openflow/codec/index.ts';
import type { DatapathHandlers } from '../openflow/session/datapath.ts';
import { ARP_OP, buildArp } from '../packet/index.ts';
import { NO_CONVERSATIONS } from '../reactive/conversations.ts';
import type { Conversations } from '../reactive/conversations.ts';
import { Discovery } from '../topology/discovery/discovery.ts';
import { HostTracker } from '../topology/hosts/tracker.ts';
import { loadTopology, saveTopology } from '../topology/memory.ts';
import type { Remembered } from '../topology/memory.ts';
import { Network } from '../topology/network.ts';
import { createDatapathControl } from './datapaths.ts';
import { watchPresence } from './presence.ts';
import { FakeSwitch, portDesc } from './testing/fake-switch.ts';
import type { FakeSession } from './testing/fake-switch.ts';

const S1 = formatDpid(1n);
const S2 = formatDpid(2n);
/** The cable between the two switches. */
const A: PortRef = { dpid: S1, port: 1 };
const B: PortRef = { dpid: S2, port: 1 };
const HOST: PortRef = { dpid: S1, port: 9 };
const M = 0x0200_0000_0001;
const IP = 0x0a00_0001;

interface Connection {
  readonly session: FakeSession;
  readonly handlers: DatapathHandlers;
  /** The session ends. */
  end(): void;
}

/** A controller without sockets: everything between sessions and facts is real. */
class World {
  readonly clock = createManualClock();
  readonly network: Network;
  readonly s1: FakeSwitch;
  readonly s2: FakeSwitch;
  readonly discovery: Discovery;
  readonly hosts: HostTracker;
  readonly #connect: ReturnType<typeof createDatapathControl>;
  readonly #sessions = new Map<Dpid, Connection>();

  constructor(
    memory: Remembered = loadTopology(undefined),
    switches?: readonly [FakeSwitch, FakeSwitch],
    conversations: Conversations = NO_CONVERSATIONS,
  ) {
    [this.s1, this.s2] = switches ?? [new FakeSwitch(S1, [1, 9]), new FakeSwitch(S2, [1])];
    const { clock } = this;
    const logger = pino({ level: 'silent' });
    const network = (this.network = new Network(clock, memory.version));
    const desired = new DesiredTables(appsFor('proactive'));
    this.discovery = new Discovery({
      network,
      clock,
      intervalMs: 500,
      send: (out, data) => this.#send(out, data.slice()),
      roundTrip: (dpid, done) => void clock.after(1, () => done(this.#sessions.has(dpid) ? 1 : undefined)),
    });
    this.hosts = new HostTracker({ network, clock, timeoutMs: 900_000, nameOf: () => undefined });
    const reconciler = new Reconciler({
      desired: (dpid) => desired.of(dpid),
      clock,
      logger,
      onReady: (dpid) => this.discovery.switchReady(dpid),
      keepLeftovers: () => false,
    });
    network.onUpdate((update) => reconciler.changed(update.view, desired.update(update)));
    const { discovery, hosts } = this;
    watchPresence({ network, hosts, reconciler, memory, startedAt: clock.wall(), clock, logger });
    const rooms = { network, discovery, hosts, reconciler, conversations, memory, clock, logger };
    this.#connect = createDatapathControl(rooms);
  }

  open(device: FakeSwitch): Connection {
    const session = device.session();
    const handlers = this.#connect(session.asSession());
    const connection: Connection = {
      session,
      handlers,
      end: () => {
        session.close('gone');
        handlers.closed('gone');
        if (this.#sessions.get(device.dpid) === connection) this.#sessions.delete(device.dpid);
      },
    };
    this.#sessions.set(device.dpid, connection);
    return connection;
  }

  /** Probes come out where the cable ends, if its switch has a session. */
  #send({ dpid, port }: PortRef, data: Uint8Array): boolean {
    const session = this.#sessions.get(dpid)?.session;
    const actions = [{ type: 'output', port, maxLen: 0 }] as const;
    if (!session?.send(packetOut({ inPort: OFPP.CONTROLLER, actions, data }))) return false;
    const far = [
      [A, B],
      [B, A],
    ].find(([end]) => end!.dpid === dpid && end!.port === port)?.[1];
    if (far) this.clock.after(1, () => this.frame(far, data, TABLES.intake.id));
    return true;
  }

  frame(at: PortRef, data: Uint8Array, tableId: number = TABLES.learn.id): void {
    this.#sessions.get(at.dpid)?.handlers.packetIn({
      type: 'packetIn',
      xid: 0,
      bufferId: 0xffffffff,
      totalLen: data.length,
      reason: 1,
      tableId,
      cookie: 0n,
      match: { inPort: at.port },
      data,
    });
  }

  portStatus(dpid: Dpid, reason: number, desc: PortDesc): void {
    this.#sessions.get(dpid)?.handlers.portStatus({ type: 'portStatus', xid: 0, reason, desc });
  }

  /** Time passes, and everything under way comes to its end. */
  async pass(ms: number): Promise<void> {
    for (let past = 0; past <= ms; past += 10) {
      this.clock.advance(past === 0 ? 0 : 10);
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    this.network.flush();
  }

  kind(ref: PortRef): string | undefined {
    return this.network.port(ref)?.kind;
  }
  links(): string[] {
    return [...this.network.links()].map(([id]) => id);
  }
}

function arp(sha = M): Uint8Array {
  return buildArp({ op: ARP_OP.REQUEST, sha, spa: IP, tha: 0, tpa: IP + 1 });
}

/** Both switches connected, the link found, a host known. */
async function whole(): Promise<{ world: World; one: Connection; two: Connection }> {
  const world = new World();
  const [one, two] = [world.open(world.s1), world.open(world.s2)];
  await world.pass(600);
  world.frame(HOST, arp());
  await world.pass(50);
  return { world, one, two };
}

describe('a switch that connects', () => {
  it('is in the network as it describes itself, with ports that nobody has looked at', async () => {
    const world = new World();
    world.open(world.s1);
    await world.pass(20);
    expect(world.network.view.switches.get(S1)).toMatchObject({
      name: 'br1',
      connected: true,
      manufacturer: 'Nicira, Inc.',
      software: '3.1.0',
      tables: 254,
    });
    const ports = [...world.network.switch(S1)!.ports.values()];
    expect(ports.map(({ number, kind, up, speedBps }) => [number, kind, up, speedBps])).toEqual([
      [1, 'unknown', true, 10_000_000_000],
      [9, 'unknown', true, 10_000_000_000],
    ]);
  });

  it('is probed once its way up for LLDP is there, then forwards', async () => {
    const { world } = await whole();
    expect(world.s1.flowCount).toBeGreaterThan(10);
    expect(world.s1.packetsOut.length).toBeGreaterThanOrEqual(8);
    expect(world.links()).toEqual([linkId(A, B)]);
    expect([world.kind(A), world.kind(B), world.kind(HOST)]).toEqual(['fabric', 'fabric', 'host']);
    expect(world.network.host(M)).toMatchObject({ at: HOST, ips: [IP] });
  });

  it('is let go where its tables cannot be read', async () => {
    const world = new World();
    world.s1.reading = Promise.reject(new Error('too slow'));
    const { session } = world.open(world.s1);
    await world.pass(20);
    expect(session.closedBecause).toBe('its tables could not be read: too slow');
    expect(world.network.switch(S1)).toBeUndefined();
  });

  it('is not in the network when it went while it was read', async () => {
    const world = new World();
    let release = (): void => {};
    world.s1.reading = new Promise((resolve) => (release = resolve));
    const connection = world.open(world.s1);
    connection.end();
    release();
    await world.pass(20);
    expect(world.network.switch(S1)).toBeUndefined();
  });

  it('has its ports as they changed while it was read, and is let go when that never ends', async () => {
    const world = new World();
    let release = (): void => {};
    world.s1.reading = new Promise((resolve) => (release = resolve));
    const { session } = world.open(world.s1);
    world.portStatus(S1, OFPPR.DELETE, portDesc(1));
    world.portStatus(S1, OFPPR.ADD, portDesc(4));
    world.frame(HOST, arp());
    release();
    await world.pass(20);
    expect([...world.network.switch(S1)!.ports.keys()].sort((x, y) => x - y)).toEqual([4, 9]);
    world.s2.reading = new Promise(() => {});
    const other = world.open(world.s2);
    for (let i = 0; i < 5_000; i++) world.portStatus(S2, OFPPR.MODIFY, portDesc(1));
    expect(other.session.closedBecause).toContain('its ports change faster');
    expect(session.closed).toBe(false);
  });
});

describe('ports', () => {
  it('that go down lose their link and their hosts at once, and are looked at anew when up', async () => {
    const { world } = await whole();
    world.portStatus(S1, OFPPR.MODIFY, portDesc(1, 'eth1', false));
    world.portStatus(S1, OFPPR.MODIFY, portDesc(9, 'eth9', false));
    expect(world.links()).toEqual([]);
    expect(world.network.host(M)).toBeUndefined();
    expect([world.kind(A), world.kind(HOST)]).toEqual(['unknown', 'unknown']);
    world.portStatus(S1, OFPPR.MODIFY, portDesc(1));
    world.portStatus(S1, OFPPR.MODIFY, portDesc(9));
    expect([world.kind(A), world.kind(HOST)]).toEqual(['unknown', 'unknown']);
    await world.pass(600);
    expect(world.links()).toEqual([linkId(A, B)]);
    expect(world.kind(HOST)).toBe('host');
  });

  it('that are gone are gone, and another of the same number is another', async () => {
    const { world } = await whole();
    world.portStatus(S1, OFPPR.DELETE, portDesc(1));
    expect(world.network.port(A)).toBeUndefined();
    expect(world.links()).toEqual([]);
    world.portStatus(S1, OFPPR.ADD, portDesc(9, 'other'));
    expect(world.kind(HOST)).toBe('unknown');
    expect(world.network.host(M)).toBeUndefined();
    await world.pass(600);
    expect(world.kind(HOST)).toBe('host');
  });

  it('that change otherwise keep what is known of them', async () => {
    const { world } = await whole();
    world.portStatus(S1, OFPPR.MODIFY, { ...portDesc(9), currSpeed: 1_000 });
    expect(world.network.port(HOST)).toMatchObject({ kind: 'host', speedBps: 1_000_000 });
    expect(world.network.host(M)).toBeDefined();
    world.portStatus(S1, OFPPR.MODIFY, portDesc(OFPP.LOCAL, 'br1', false));
    expect(world.network.switch(S1)?.ports.has(OFPP.LOCAL)).toBe(false);
  });

  it('that turn out to be the fabric’s have no hosts any more', async () => {
    const world = new World();
    world.open(world.s1);
    await world.pass(600);
    expect(world.kind(A)).toBe('host');
    world.frame(A, arp());
    expect(world.network.host(M)?.at).toEqual(A);
    world.open(world.s2);
    await world.pass(100);
    expect(world.kind(A)).toBe('fabric');
    expect(world.network.host(M)).toBeUndefined();
  });
});

describe('conversations', () => {
  async function told(takesAnything: boolean): Promise<{ calls: unknown[]; world: World; one: Connection }> {
    const calls: unknown[] = [];
    const world = new World(undefined, undefined, {
      ...NO_CONVERSATIONS,
      takesAnything,
      attach: (dpid, _session, { items }) => calls.push(['attach', dpid, items.size]),
      detach: (dpid) => calls.push(['detach', dpid]),
      packetIn: (dpid, inPort, frame) => calls.push(['packetIn', dpid, inPort, frame.length]),
      refused: (dpid, reason) => calls.push(['refused', dpid, reason]),
    });
    const one = world.open(world.s1);
    await world.pass(600);
    return { calls, world, one };
  }

  it('are told of switches that come and go, and of frames that forward does not know', async () => {
    const { calls, world, one } = await told(true);
    world.frame(HOST, arp(), TABLES.forward.id);
    expect(world.network.host(M)).toBeUndefined();
    one.end();
    expect(calls).toEqual([
      ['attach', S1, 0],
      ['packetIn', S1, HOST.port, 60],
      ['detach', S1],
    ]);
  });

  it('are told which rules were refused: an ERROR that nobody waits for', async () => {
    const { calls, one } = await told(true);
    const refusal = {
      type: 'error',
      xid: 0,
      errorType: OFPET.FLOW_MOD_FAILED,
      code: 1,
      data: Buffer.alloc(0),
    } as const;
    one.handlers.error(refusal);
    one.handlers.error({ ...refusal, xid: 77 });
    one.handlers.error({ ...refusal, errorType: OFPET.BAD_ACTION });
    expect(calls.slice(1)).toEqual([['refused', S1, expect.stringContaining('TABLE_FULL')]]);
  });

  it('take what switches without our tables send up, in reactive forwarding only', async () => {
    for (const takesAnything of [true, false]) {
      const { calls, world } = await told(takesAnything);
      world.frame(HOST, arp(), TABLES.intake.id);
      expect(calls.slice(1)).toEqual(takesAnything ? [['packetIn', S1, HOST.port, 60]] : []);
      expect(world.network.host(M)?.at).toEqual(takesAnything ? HOST : undefined);
    }
  });
});

describe('a session that ends', () => {
  it('leaves the facts, since the switch forwards on; the same again changes no rule', async () => {
    const { world, one } = await whole();
    one.end();
    await world.pass(1_000);
    expect(world.network.switch(S1)?.connected).toBe(false);
    expect(world.links()).toEqual([linkId(A, B)]);
    expect(world.network.host(M)).toBeDefined();
    world.s1.changes.length = 0;
    world.open(world.s1);
    await world.pass(1_000);
    expect(world.network.switch(S1)?.connected).toBe(true);
    expect([world.kind(A), world.kind(HOST)]).toEqual(['fabric', 'host']);
    expect(world.s1.changes).toEqual([]);
  });

  it('makes ports unknown and forgets hosts when the switch comes back empty: it may stand in another network', async () => {
    const { world, one } = await whole();
    one.end();
    world.s1.restart();
    world.open(world.s1);
    await world.pass(0);
    expect([world.kind(A), world.kind(HOST), world.links()]).toEqual(['unknown', 'unknown', []]);
    expect(world.network.host(M)).toBeUndefined();
    await world.pass(1_000);
    expect([world.kind(A), world.kind(HOST), world.links()]).toEqual(['fabric', 'host', [linkId(A, B)]]);
  });

  it('lets ports that are others, down or gone since then be looked at anew', async () => {
    const { world, one } = await whole();
    one.end();
    world.s1.ports = [portDesc(OFPP.LOCAL, 'br1'), portDesc(1, 'renamed'), portDesc(9, 'eth9', false)];
    world.open(world.s1);
    await world.pass(0);
    expect([world.kind(A), world.kind(HOST), world.links()]).toEqual(['unknown', 'unknown', []]);
    expect(world.network.host(M)).toBeUndefined();
    await world.pass(1_000);
    expect(world.links()).toEqual([linkId(A, B)]);
  });

  it('with all others of its network is forgotten with its links, though another has its datapath id now', async () => {
    const { world, one, two } = await whole();
    one.end();
    two.end();
    world.s1.restart();
    world.s1.ports = [portDesc(OFPP.LOCAL, 'br1'), portDesc(1), portDesc(2)];
    world.open(world.s1);
    await world.pass(13_000);
    expect([...world.network.view.switches.keys()]).toEqual([S1]);
    expect([world.links(), [...world.network.view.hosts]]).toEqual([[], []]);
    expect([world.kind(A), world.kind({ dpid: S1, port: 2 })]).toEqual(['host', 'host']);
  });

  it('late, after another took its place, takes nothing with it', async () => {
    const { world, one } = await whole();
    const second = world.open(world.s1);
    await world.pass(100);
    one.handlers.closed('a new connection took its place');
    one.handlers.portStatus({ type: 'portStatus', xid: 0, reason: OFPPR.DELETE, desc: portDesc(9) });
    expect(world.network.switch(S1)?.connected).toBe(true);
    expect(world.network.port(HOST)).toBeDefined();
    await world.pass(2_000);
    expect(world.links()).toEqual([linkId(A, B)]);
    second.end();
    expect(world.network.switch(S1)?.connected).toBe(false);
  });
});

describe('a controller that starts again', () => {
  async function restarted(empty: readonly Dpid[] = []): Promise<World> {
    const { world } = await whole();
    const sureOf = (mac: number) => world.hosts.sureAddresses(mac);
    const memory = loadTopology(saveTopology(world.network.view, loadTopology(undefined), sureOf));
    for (const device of [world.s1, world.s2]) {
      device.changes.length = 0;
      if (empty.includes(device.dpid)) device.restart();
    }
    return new World(memory, [world.s1, world.s2]);
  }

  it('knows its network from the first switch on, and changes no rule', async () => {
    const world = await restarted();
    world.open(world.s2);
    await world.pass(20);
    expect(world.network.switch(S1)?.connected).toBe(false);
    expect(world.links()).toEqual([linkId(A, B)]);
    expect(world.network.host(M)).toMatchObject({ at: HOST, ips: [IP] });
    expect(world.hosts.sureAddresses(M)).toEqual([IP]);
    await world.pass(5_000);
    world.open(world.s1);
    await world.pass(2_000);
    expect([...world.s1.changes, ...world.s2.changes]).toEqual([]);
    expect(world.links()).toEqual([linkId(A, B)]);
  });

  it('does not count on what it knew of a switch that started anew', async () => {
    const world = await restarted([S1]);
    world.open(world.s1);
    await world.pass(0);
    expect([world.links(), world.network.host(M)]).toEqual([[], undefined]);
    expect(world.kind(A)).toBe('unknown');
    world.open(world.s2);
    await world.pass(1_000);
    expect(world.links()).toEqual([linkId(A, B)]);
  });

  it('takes back what it recalled of a switch that comes later and started anew', async () => {
    const world = await restarted([S1]);
    world.open(world.s2);
    await world.pass(20);
    expect(world.links()).toEqual([linkId(A, B)]);
    world.open(world.s1);
    await world.pass(0);
    expect([world.kind(A), world.kind(HOST), world.links()]).toEqual(['unknown', 'unknown', []]);
    await world.pass(1_000);
    expect(world.links()).toEqual([linkId(A, B)]);
    expect(world.kind(HOST)).toBe('host');
  });
});

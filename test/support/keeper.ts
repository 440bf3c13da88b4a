/**
 * The part of the controller that keeps switches in line, in this process: a real OpenFlow port, sessions, control and
 * reconciler; what is desired is said by the test.
 */
import { pino } from 'pino';
import { createDatapathControl } from '../../src/control/datapaths.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Dpid } from '../../src/core/ids.ts';
import type { Item } from '../../src/flows/items.ts';
import { sameItem } from '../../src/flows/items.ts';
import type { CommitRecord, ReconcileEvent } from '../../src/flows/reconcile/report.ts';
import { Reconciler } from '../../src/flows/reconcile/reconciler.ts';
import { listenOpenFlow } from '../../src/openflow/session/server.ts';
import type { OpenFlowServer } from '../../src/openflow/session/server.ts';
import type { SessionLimits } from '../../src/openflow/session/limits.ts';
import { Discovery } from '../../src/topology/discovery/discovery.ts';
import { HostTracker } from '../../src/topology/hosts/tracker.ts';
import { loadTopology } from '../../src/topology/memory.ts';
import { Network } from '../../src/topology/network.ts';
import { createInbox } from './inbox.ts';
import type { Inbox } from './inbox.ts';

export interface Keeper {
  readonly server: OpenFlowServer;
  readonly reconciler: Reconciler;
  readonly events: Inbox<ReconcileEvent>;
  readonly commits: Inbox<CommitRecord>;
  /** Switches that were given what can be given at first, each time that they connected. */
  readonly ready: Inbox<Dpid>;
  /** From now on this is the whole of what a switch shall hold. */
  desire(dpid: Dpid, items: readonly Item[]): void;
  stop(): Promise<void>;
}

export interface KeeperOptions {
  readonly clock?: Clock;
  readonly limits?: Partial<SessionLimits>;
  /** Of the OpenFlow listener; a free one by default. */
  readonly port?: number;
}

export async function startKeeper({ clock = systemClock, limits, port = 0 }: KeeperOptions = {}): Promise<Keeper> {
  const logger = pino({ level: 'silent' });
  const tables = new Map<Dpid, ReadonlyMap<string, Item>>();
  const events = createInbox<ReconcileEvent>('events', ({ type, item }) => `${type} ${item.key}`);
  const commits = createInbox<CommitRecord>('commits', (commit) => JSON.stringify(commit));
  const ready = createInbox<Dpid>('ready', (dpid) => dpid);
  const network = new Network(clock);
  const discovery = new Discovery({
    network,
    clock,
    intervalMs: 60_000,
    send: () => true,
    roundTrip: (_, done) => done(undefined),
  });
  const hosts = new HostTracker({ network, clock, timeoutMs: 60_000, nameOf: () => undefined });
  const reconciler = new Reconciler({
    desired: (dpid) => tables.get(dpid) ?? new Map<string, Item>(),
    clock,
    logger,
    onReady: (dpid) => ready.push(dpid),
    keepLeftovers: () => false,
    onEvent: (event) => events.push(event),
    onCommit: (commit) => commits.push(commit),
  });
  const memory = loadTopology(undefined);
  const onSession = createDatapathControl({ network, discovery, hosts, reconciler, memory, clock, logger });
  const server = await listenOpenFlow({
    host: '127.0.0.1',
    port,
    clock,
    logger,
    onSession,
    ...(limits && { limits }),
  });
  return {
    server,
    reconciler,
    events,
    commits,
    ready,
    desire: (dpid, items) => {
      const before = tables.get(dpid) ?? new Map<string, Item>();
      const now = new Map(items.map((item) => [item.key, item]));
      tables.set(dpid, now);
      const keys = [...new Set([...before.keys(), ...now.keys()])];
      const changed = new Set(keys.filter((key) => !sameItem(before.get(key), now.get(key))));
      reconciler.changed(network.view, new Map([[dpid, changed]]));
    },
    stop: async () => {
      discovery.stop();
      await server.close();
    },
  };
}

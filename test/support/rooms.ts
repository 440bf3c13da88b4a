/**
 * The controller's rooms tied together in this process as src/controller.ts does it, without store, northbound and
 * housekeeping: for tests and benches that set facts themselves, or watch what goes over the wire and when it is confirmed.
 */
import { pino } from 'pino';
import { appsFor } from '../../src/apps/index.ts';
import type { App } from '../../src/apps/sdk.ts';
import { createDatapathControl } from '../../src/control/datapaths.ts';
import { isReturning } from '../../src/control/presence.ts';
import { createWire } from '../../src/control/wire.ts';
import type { Clock } from '../../src/core/clock.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Dpid } from '../../src/core/ids.ts';
import { DesiredTables } from '../../src/flows/desired/tables.ts';
import { Reconciler } from '../../src/flows/reconcile/reconciler.ts';
import type { Message } from '../../src/openflow/codec/index.ts';
import type { DatapathSession } from '../../src/openflow/session/datapath.ts';
import { listenOpenFlow } from '../../src/openflow/session/server.ts';
import type { OpenFlowServer } from '../../src/openflow/session/server.ts';
import { Discovery } from '../../src/topology/discovery/discovery.ts';
import { HostTracker } from '../../src/topology/hosts/tracker.ts';
import { loadTopology, saveTopology } from '../../src/topology/memory.ts';
import { Network } from '../../src/topology/network.ts';
import { processorMs } from './processor-time.ts';
import { createSettling } from './settling.ts';
import type { Settling } from './settling.ts';

/** As by default in a controller. */
const PROBE_INTERVAL_MS = 500;
/** No host is forgotten while a test runs. */
const HOST_TIMEOUT_MS = 3_600_000;

export interface RoomsOptions {
  /** By default those of proactive forwarding. */
  readonly apps?: readonly App[];
  /** By default 0, a free one. */
  readonly port?: number;
  /** What an earlier run told by `remember`. */
  readonly remembered?: string;
  /** So many times as long everything takes to the reconciler, for switches that are slow to hand on frames; default 1. */
  readonly slowness?: number;
  /** Of every message to a switch. */
  readonly onSent?: (dpid: Dpid, message: Message) => void;
}

export interface Rooms extends Settling {
  readonly network: Network;
  readonly hosts: HostTracker;
  readonly desired: DesiredTables;
  readonly reconciler: Reconciler;
  session(dpid: Dpid): DatapathSession | undefined;
  /** As Open vSwitch's `set-controller` takes it. */
  readonly target: string;
  readonly openflowPort: number;
  /** No link is found or missed any more, but by probes that are on their way: for tests that set links themselves. */
  stopProbing(): void;
  /** The topology as text, as a controller would save it. */
  remember(): string;
  /** Milliseconds of processor time that the desired tables took since the start. */
  readonly updateMs: number;
  stop(): Promise<void>;
}

export async function startRooms(options: RoomsOptions = {}): Promise<Rooms> {
  const { apps, port = 0, remembered, slowness = 1, onSent = () => {} } = options;
  const clock = systemClock;
  const startedAt = clock.wall();
  const logger = pino({ level: 'error', base: null });
  const memory = loadTopology(remembered);
  const network = new Network(clock, memory.version);
  const desired = new DesiredTables(apps ?? appsFor('proactive'), ({ owner, error }) => logger.error({ owner, error }));
  let server: OpenFlowServer | undefined;
  const discovery: Discovery = new Discovery({
    network,
    clock,
    intervalMs: PROBE_INTERVAL_MS,
    ...createWire((dpid) => server?.session(dpid), clock),
  });
  const hosts = new HostTracker({ network, clock, timeoutMs: HOST_TIMEOUT_MS, nameOf: () => undefined });
  const reconciler = new Reconciler({
    desired: (dpid) => desired.of(dpid),
    clock: slowness === 1 ? clock : slowed(clock, slowness),
    logger,
    onReady: (dpid) => discovery.switchReady(dpid),
    keepLeftovers: () => isReturning(network, clock, startedAt),
  });
  const settling = createSettling({ network, desired, reconciler });
  let updateMs = 0;
  network.onUpdate((update) => {
    const start = processorMs();
    const change = desired.update(update);
    updateMs += processorMs() - start;
    reconciler.changed(update.view, change);
    settling.changed(change);
  });
  const control = createDatapathControl({ network, discovery, hosts, reconciler, memory, clock, logger });
  const onSession = (session: DatapathSession): ReturnType<typeof control> => {
    watch(session, { onSent, onAnswer: settling.answered });
    return control(session);
  };
  server = await listenOpenFlow({ host: '127.0.0.1', port, clock, logger, onSession });
  const { port: openflowPort } = server;
  return {
    ...settling,
    network,
    hosts,
    desired,
    reconciler,
    session: (dpid) => server?.session(dpid),
    target: `tcp:127.0.0.1:${openflowPort}`,
    openflowPort,
    stopProbing: () => discovery.stop(),
    remember: () => saveTopology(network.view, memory),
    get updateMs() {
      return updateMs;
    },
    stop: async () => {
      discovery.stop();
      await server?.close();
    },
  };
}

/** A clock by which the world is quick: what waits by it waits longer. */
function slowed(clock: Clock, times: number): Clock {
  return {
    now: () => clock.now() / times,
    wall: () => clock.wall(),
    after: (ms, callback) => clock.after(ms * times, callback),
  };
}

interface Watcher {
  readonly onSent: (dpid: Dpid, message: Message) => void;
  /** A request was answered or refused, and who waited for that has heard it. */
  readonly onAnswer: (dpid: Dpid) => void;
}

/** Puts ears on a session's ways out. */
function watch(session: DatapathSession, { onSent, onAnswer }: Watcher): void {
  const { dpid } = session;
  const send = session.send.bind(session);
  const request = session.request.bind(session);
  const multipart = session.multipart.bind(session);
  session.send = (message) => {
    onSent(dpid, message);
    return send(message);
  };
  session.request = (message, options) => {
    onSent(dpid, message);
    return request(message, options).finally(() => setImmediate(onAnswer, dpid));
  };
  session.multipart = (kind, body, options) =>
    multipart(kind, body, options).finally(() => setImmediate(onAnswer, dpid));
}

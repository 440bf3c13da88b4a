/** The composition root: builds every room, ties them together, starts and stops them. */
import type { Logger } from 'pino';
import { appsFor } from './apps/index.ts';
import type { Config, Endpoint } from './config.ts';
import { createDatapathControl } from './control/datapaths.ts';
import { HostFinder } from './control/host-finder.ts';
import { startHousekeeping } from './control/housekeeping.ts';
import { logNotices } from './control/notices.ts';
import { createPolicyService } from './control/policy-service.ts';
import { isReturning, watchPresence } from './control/presence.ts';
import { createReconciling } from './control/reconciling.ts';
import { createServices } from './control/services.ts';
import { pollTraffic } from './control/traffic.ts';
import { createCounters, createWire } from './control/wire.ts';
import { systemClock } from './core/clock.ts';
import type { Dpid } from './core/ids.ts';
import type { Notice } from './core/notice.ts';
import { createSignal } from './core/signal.ts';
import { DesiredTables } from './flows/desired/tables.ts';
import { Reconciler } from './flows/reconcile/reconciler.ts';
import { createNorthbound } from './northbound/northbound.ts';
import type { ReconcileNews } from './northbound/services.ts';
import type { DatapathSession } from './openflow/session/datapath.ts';
import { listenOpenFlow } from './openflow/session/server.ts';
import type { OpenFlowServer } from './openflow/session/server.ts';
import { Policies } from './policies/policies.ts';
import { createConversations, NO_CONVERSATIONS } from './reactive/conversations.ts';
import type { Conversations } from './reactive/conversations.ts';
import { openStore } from './store/store.ts';
import { createRecorder } from './timeline/recorder.ts';
import { Timeline } from './timeline/timeline.ts';
import { Discovery } from './topology/discovery/discovery.ts';
import { LastKnown } from './topology/hosts/last-known.ts';
import { HostProber } from './topology/hosts/prober.ts';
import { HostTracker } from './topology/hosts/tracker.ts';
import { loadTopology, saveTopology } from './topology/memory.ts';
import { Network } from './topology/network.ts';
import { Traffic } from './topology/traffic/traffic.ts';
import { readVersion } from './version.ts';

const MS_PER_SECOND = 1_000;
const TOPOLOGY_DOCUMENT = 'topology';

export interface Controller {
  readonly openflow: Endpoint;
  readonly http: Endpoint;
  stop(): Promise<void>;
}

export interface ControllerOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** The built web view's folder; undefined serves none. */
  readonly webRoot: string | undefined;
}

/** Rejects where a port or the data directory cannot be had. */
export async function startController({ config, logger, webRoot }: ControllerOptions): Promise<Controller> {
  const clock = systemClock;
  const startedAt = clock.wall();
  const store = openStore(config.data);
  const names = store.hostNames();
  const timeline = new Timeline({ clock });
  const recorder = createRecorder(timeline, () => network.view);
  const news = createSignal<ReconcileNews>();
  const apps = appsFor(config.forwarding);
  const desired = new DesiredTables(apps, (failure) => {
    const { owner, error } = failure;
    logger.error({ owner, error }, 'App failed: none of the rules of this unit are wanted now');
    recorder.failed(failure);
  });
  const memory = loadTopology(store.loadDocument(TOPOLOGY_DOCUMENT), (reason) =>
    logger.warn({ reason }, 'The saved topology cannot be used: the network is found anew'),
  );
  const network: Network = new Network(clock, memory.version);

  let server: OpenFlowServer | undefined;
  const sessionOf = (dpid: Dpid): DatapathSession | undefined => server?.session(dpid);
  const wire = createWire(sessionOf, clock);
  const log = logNotices(logger);
  const onNotice = (notice: Notice): void => {
    log(notice);
    recorder.noticed(notice);
  };
  const discovery: Discovery = new Discovery({
    network,
    clock,
    intervalMs: config.probeInterval,
    onNotice,
    ...wire,
  });
  const hosts = new HostTracker({
    network,
    clock,
    timeoutMs: config.hostTimeout * MS_PER_SECOND,
    nameOf: (mac) => names.get(mac),
    counters: createCounters(sessionOf),
    onNotice,
    ...wire,
  });
  const lastKnown = new LastKnown({
    network,
    clock,
    isNamed: (mac) => names.has(mac),
    saved: store.lastKnown(),
    save: (entries) => store.saveLastKnown(entries),
  });
  const finder = new HostFinder({ network, hosts, names, lastKnown });
  const prober = new HostProber({ network, hosts, clock, send: wire.send, wanted: () => finder.wanted() });
  finder.askWith(prober);
  const reconciler = new Reconciler({
    desired: (dpid) => desired.of(dpid),
    clock,
    logger,
    onReady: (dpid) => discovery.switchReady(dpid),
    keepLeftovers: () => isReturning(network, clock, startedAt),
    onEvent: (event) => {
      recorder.reconciled(event);
      news.emit(event);
    },
    onCommit: (commit) => {
      news.emit({ type: 'commit', ...commit });
      conversations.committed(commit.dpid);
    },
  });
  const conversations: Conversations =
    config.forwarding === 'reactive'
      ? createConversations({
          network,
          clock,
          logger,
          match: config.reactiveMatch,
          idleTimeoutS: config.idleTimeout,
          installed: (dpid) => reconciler.installed(dpid),
          onNotice,
        })
      : NO_CONVERSATIONS;
  network.onUpdate((update) => {
    reconciler.changed(update.view, desired.update(update));
    recorder.updated(update, desired);
  });
  // Before the first switch connects: what is declared holds from the first view on.
  const policies = new Policies({
    store: store.policies,
    clock,
    publish: (name, policy) => network.setPolicy(name, policy),
  });
  for (const { name, fault } of policies.load())
    logger.error({ policy: name, fault }, 'A stored policy cannot be used');
  network.flush();

  const housekeeping = startHousekeeping({
    network,
    hosts,
    reconciler,
    clock,
    logger,
    save: (view) => {
      const topology = saveTopology(view, memory, (mac) => hosts.sureAddresses(mac));
      store.saveDocument(TOPOLOGY_DOCUMENT, topology);
    },
  });
  const presence = watchPresence({ network, hosts, reconciler, memory, startedAt, clock, logger });
  const traffic = new Traffic(clock);
  const intervalMs = config.statsInterval;
  const stopPolling = pollTraffic({ network, traffic, sessionOf, clock, logger, intervalMs });
  let stopping = false;
  const onSession = createDatapathControl({
    network,
    discovery,
    hosts,
    reconciler,
    conversations,
    memory,
    clock,
    logger,
    isStopping: () => stopping,
    onNotice,
  });
  server = await listenOpenFlow({ ...config.openflow, clock, logger, onSession });
  logger.info({ host: server.host, port: server.port }, 'OpenFlow listening');

  const services = {
    ...createServices({
      network,
      hosts,
      finder,
      desired,
      server,
      store,
      names,
      reconciling: createReconciling({ reconciler, desired, news, clock }),
      timeline,
      traffic,
      conversations: conversations.counters,
      clock,
      version: readVersion(),
    }),
    policies: createPolicyService({
      policies,
      network,
      desired,
      outcomes: {
        installed: (dpid) => reconciler.installed(dpid),
        refused: (dpid) => reconciler.refusals(dpid),
        onCommit: (listener) => news.on(({ type }) => type === 'commit' && listener()),
      },
      clock,
    }),
  };
  const northbound = createNorthbound({
    services,
    logger,
    http: config.http,
    ...(webRoot === undefined ? {} : { webRoot }),
  });
  const http = await northbound.listen();
  logger.info({ host: http.host, port: http.port }, 'HTTP listening');
  logger.info('ready');

  const openflow = { host: server.host, port: server.port };
  return {
    openflow,
    http,
    stop: async () => {
      stopping = true;
      discovery.stop();
      prober.stop();
      presence.stop();
      stopPolling();
      await northbound.close();
      housekeeping.stop();
      lastKnown.stop();
      await server.close();
      store.close();
    },
  };
}

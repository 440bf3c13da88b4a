/** What the northbound may ask, answered from the rooms below. */
import { parseMac } from '../core/addresses.ts';
import type { Clock } from '../core/clock.ts';
import { UnavailableError } from '../core/errors.ts';
import type { Dpid } from '../core/ids.ts';
import type { DesiredTables } from '../flows/desired/tables.ts';
import type { Reconciling, Services } from '../northbound/services.ts';
import { OFPP } from '../openflow/codec/index.ts';
import type { DatapathSession } from '../openflow/session/datapath.ts';
import type { OpenFlowServer } from '../openflow/session/server.ts';
import type { Store } from '../store/store.ts';
import type { TimelineSource } from '../timeline/timeline.ts';
import type { HostTracker } from '../topology/hosts/tracker.ts';
import type { Network } from '../topology/network.ts';
import type { Traffic } from '../topology/traffic/traffic.ts';
import type { HostFinder } from './host-finder.ts';
import { createPathService } from './path-service.ts';
import * as seen from './tables-seen.ts';
import { toCounters } from './traffic.ts';
import { viewMetrics } from './view-metrics.ts';

export interface ServicesOptions {
  readonly network: Network;
  readonly hosts: HostTracker;
  readonly finder: Pick<HostFinder, 'lookFor'>;
  readonly desired: DesiredTables;
  readonly server: OpenFlowServer;
  readonly store: Pick<Store, 'setHostName'>;
  /** Kept in step with the store. */
  readonly names: Map<number, string>;
  readonly reconciling: Reconciling;
  readonly timeline: TimelineSource;
  readonly traffic: Traffic;
  readonly conversations: Services['conversations'];
  readonly clock: Clock;
  readonly version: string;
}

/** Everything but policies, which are a service of their own. */
export function createServices(options: ServicesOptions): Omit<Services, 'policies'> {
  const { network, hosts, finder, desired, server, store, names, reconciling, timeline, traffic, conversations } =
    options;
  const { clock, version } = options;
  return {
    version,
    startedAt: clock.wall(),
    ready: () => true,
    view: () => network.view,
    onView: (listener) => network.onUpdate(({ view, change }) => listener(view, change)),
    hostLastSeen: (mac) => hosts.lastSeen(mac),
    installedFlows: async (dpid) => seen.installedFlows(sessionOf(dpid), desired.of(dpid)),
    desiredFlows: (dpid) => seen.desiredFlows(desired.of(dpid)),
    installedGroups: async (dpid) => seen.installedGroups(sessionOf(dpid), desired.of(dpid)),
    desiredGroups: (dpid) => seen.desiredGroups(desired.of(dpid)),
    installedMeters: async (dpid) => seen.installedMeters(sessionOf(dpid), desired.of(dpid)),
    desiredMeters: (dpid) => seen.desiredMeters(desired.of(dpid)),
    reconciling,
    timeline,
    portCounters: async (dpid) => {
      const stats = await sessionOf(dpid).multipart('portStats', { portNo: OFPP.ANY });
      return stats.map(toCounters);
    },
    traffic,
    conversations,
    paths: createPathService({
      network,
      metrics: viewMetrics(() => network.view, {
        latencyMs: ({ id }) => network.view.links.get(id)?.latencyMs,
        rateBps: (link, out) => traffic.rateOut(link, out),
      }),
    }).find,
    lookForHost: async (reference) => {
      await finder.lookFor(reference);
      // What answered is in the view that the caller reads next.
      network.flush();
    },
    nameHost: (mac, name) => {
      if (!network.host(mac)) return false;
      store.setHostName(mac, name);
      if (name === undefined) names.delete(mac);
      else names.set(mac, name);
      return hosts.rename(mac);
    },
    takeName: (reference) => {
      const called = [...names].find(([mac, name]) => name === reference || mac === parseMac(reference));
      if (!called) return false;
      const [mac] = called;
      store.setHostName(mac, undefined);
      names.delete(mac);
      hosts.rename(mac);
      return true;
    },
  };

  function sessionOf(dpid: Dpid): DatapathSession {
    const session = server.session(dpid);
    if (!session) throw new UnavailableError(`switch ${dpid} is not connected; try again when it is`);
    return session;
  }
}

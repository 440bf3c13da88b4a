/** What the northbound may ask, answered from the rooms below. */
import type { Clock } from '../core/clock.ts';
import { UnavailableError } from '../core/errors.ts';
import type { Dpid } from '../core/ids.ts';
import { isOurs } from '../flows/cookie.ts';
import type { DesiredTables } from '../flows/desired/tables.ts';
import { flowKey } from '../flows/items.ts';
import { tableName } from '../flows/pipeline.ts';
import type { FlowRecord, RuleOwner, Services } from '../northbound/services.ts';
import { OFPG, OFPP, OFPTT } from '../openflow/codec/index.ts';
import type { DatapathSession } from '../openflow/session/datapath.ts';
import type { OpenFlowServer } from '../openflow/session/server.ts';
import type { Store } from '../store/store.ts';
import type { HostTracker } from '../topology/hosts/tracker.ts';
import type { Network } from '../topology/network.ts';
import { createPathService } from './path-service.ts';

export interface ServicesOptions {
  readonly network: Network;
  readonly hosts: HostTracker;
  readonly desired: DesiredTables;
  readonly server: OpenFlowServer;
  readonly store: Pick<Store, 'setHostName'>;
  /** Kept in step with the store. */
  readonly names: Map<number, string>;
  readonly clock: Clock;
  readonly version: string;
}

/** Everything but policies, which are a service of their own. */
export function createServices(options: ServicesOptions): Omit<Services, 'policies'> {
  const { network, hosts, desired, server, store, names, clock, version } = options;
  return {
    version,
    startedAt: clock.wall(),
    ready: () => true,
    view: () => network.view,
    onView: (listener) => network.onUpdate(({ view, change }) => listener(view, change)),
    hostLastSeen: (mac) => hosts.lastSeen(mac),
    installedFlows: async (dpid) => installedFlows(sessionOf(dpid), desired),
    desiredFlows: (dpid) => desiredFlows(desired, dpid),
    portCounters: async (dpid) => {
      const stats = await sessionOf(dpid).multipart('portStats', { portNo: OFPP.ANY });
      return stats.map(({ portNo, ...counters }) => ({ port: portNo, ...counters }));
    },
    paths: createPathService({ network }).find,
    nameHost: (mac, name) => {
      if (!network.host(mac)) return false;
      store.setHostName(mac, name);
      if (name === undefined) names.delete(mac);
      else names.set(mac, name);
      return hosts.rename(mac);
    },
  };

  function sessionOf(dpid: Dpid): DatapathSession {
    const session = server.session(dpid);
    if (!session) throw new UnavailableError(`switch ${dpid} is not connected; try again when it is`);
    return session;
  }
}

async function installedFlows(session: DatapathSession, desired: DesiredTables): Promise<FlowRecord[]> {
  const wanted = desired.of(session.dpid);
  const everything = {
    tableId: OFPTT.ALL,
    outPort: OFPP.ANY,
    outGroup: OFPG.ANY,
    cookie: 0n,
    cookieMask: 0n,
    match: {},
  };
  const flows = await session.multipart('flow', everything);
  return flows.map((flow) => {
    const { tableId, priority, match, instructions, cookie } = flow;
    const item = wanted.get(flowKey(tableId, priority, match));
    const owner: RuleOwner | null = item?.kind === 'flow' && item.cookie === cookie ? (item.owner ?? null) : null;
    return {
      tableId,
      tableName: tableName(tableId),
      priority,
      match,
      instructions,
      cookie,
      packets: flow.packetCount,
      bytes: flow.byteCount,
      durationSeconds: flow.durationSec,
      owner: owner ?? (isOurs(cookie) ? { kind: 'signalbox', name: 'leaving' } : null),
    };
  });
}

function desiredFlows(desired: DesiredTables, dpid: Dpid): FlowRecord[] {
  const records: FlowRecord[] = [];
  for (const item of desired.of(dpid).values()) {
    if (item.kind !== 'flow') continue;
    const { tableId, priority, match, instructions, cookie, owner } = item;
    const counters = { packets: 0n, bytes: 0n, durationSeconds: 0 };
    records.push({
      tableId,
      tableName: tableName(tableId),
      priority,
      match,
      instructions,
      cookie,
      ...counters,
      owner: owner ?? null,
    });
  }
  return records.sort((x, y) => x.tableId - y.tableId || y.priority - x.priority);
}

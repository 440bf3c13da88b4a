/**
 * Turns sessions into facts: a switch is read when it connects, its tables tell whether its network lived on, and then its
 * messages move ports, links and hosts. The only place that knows both a session and the network.
 */
import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import type { Dpid, PortRef } from '../core/ids.ts';
import type { NoticeHandler } from '../core/notice.ts';
import { createOpenFlowTransport } from '../flows/reconcile/openflow-transport.ts';
import type { Reconciler } from '../flows/reconcile/reconciler.ts';
import type { ReadBack } from '../flows/reconcile/transport.ts';
import { TABLES } from '../flows/pipeline.ts';
import { errorName, OFPET, OFPP } from '../openflow/codec/index.ts';
import type { PacketIn, PortStatus } from '../openflow/codec/index.ts';
import type { DatapathHandlers, DatapathSession } from '../openflow/session/datapath.ts';
import { ETHER_TYPE } from '../packet/index.ts';
import type { Discovery } from '../topology/discovery/discovery.ts';
import { NO_CONVERSATIONS } from '../reactive/conversations.ts';
import type { Conversations } from '../reactive/conversations.ts';
import type { HostTracker } from '../topology/hosts/tracker.ts';
import { dropSwitch, recall } from '../topology/memory.ts';
import type { Remembered } from '../topology/memory.ts';
import type { Network, ViewUpdate } from '../topology/network.ts';
import type { Port, Switch } from '../topology/view.ts';
import { createPortChanges } from './port-changes.ts';
import { isPhysical } from './ports.ts';
import { readTables } from './told.ts';

/** Port changes that may wait while a switch is read: more than one has ports, several times over. */
const MAX_EARLY_PORT_CHANGES = 4_096;

export interface DatapathControlOptions {
  readonly network: Network;
  readonly discovery: Discovery;
  readonly hosts: HostTracker;
  readonly reconciler: Reconciler;
  /** By default none, as in proactive forwarding. */
  readonly conversations?: Conversations;
  readonly memory: Remembered;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether the controller ends the sessions itself. */
  readonly isStopping?: () => boolean;
  /** Ports that flap are told here. */
  readonly onNotice?: NoticeHandler;
}

/** Returns what the OpenFlow server calls for every new session. */
export function createDatapathControl(options: DatapathControlOptions): (session: DatapathSession) => DatapathHandlers {
  const { network, discovery, hosts, reconciler, memory, clock, logger, isStopping, onNotice = () => {} } = options;
  const { conversations = NO_CONVERSATIONS } = options;
  /** The session by which each switch is attached. */
  const attached = new Map<Dpid, DatapathSession>();
  const changes = createPortChanges({
    network,
    discovery,
    hosts,
    clock,
    isAttached: (dpid) => attached.has(dpid),
    onNotice,
  });
  network.onUpdate(forgetHostsOnFabric);

  return (session) => {
    const { dpid } = session;
    const transport = createOpenFlowTransport(session);
    const isAttached = (): boolean => attached.get(dpid) === session;
    const early: PortStatus[] = [];

    transport.read().then(take, (error: unknown) => {
      session.close(`its tables could not be read: ${error instanceof Error ? error.message : String(error)}`);
    });

    return {
      packetIn: (message) => {
        if (isAttached()) packetIn(dpid, message);
      },
      portStatus: (message) => {
        if (isAttached()) changes.status(dpid, message);
        else if (early.push(message) > MAX_EARLY_PORT_CHANGES)
          session.close('its ports change faster than it can be read');
      },
      flowRemoved: () => {},
      flowMonitor: (message) => transport.flowMonitor(message),
      // The xid 0 stands for messages that nobody waits for: packets, and rules of conversations.
      error: (message) => {
        if (message.xid !== 0) transport.error(message);
        else if (message.errorType === OFPET.FLOW_MOD_FAILED)
          conversations.refused(dpid, errorName(message.errorType, message.code));
      },
      closed: () => {
        // Where another session has taken over, the switch is not gone.
        if (!isAttached()) return;
        attached.delete(dpid);
        discovery.switchLost(dpid);
        reconciler.detach(dpid);
        conversations.detach(dpid);
        const known = network.switch(dpid);
        if (known) network.setSwitch(dpid, { ...known, connected: false });
        logger[isStopping?.() ? 'debug' : 'warn']({ dpid, name: known?.name }, 'Switch disconnected');
      },
    };

    function take(readBack: ReadBack): void {
      if (session.closed) return;
      attached.set(dpid, session);
      connect(session, readBack);
      for (const message of early) changes.status(dpid, message);
      // The desired tables must be those of the view with this switch before they are held against what it has.
      network.flush();
      conversations.attach(dpid, session, readBack);
      reconciler.attach(dpid, transport, readBack);
    }
  };

  /** Puts the switch into the network. Where it still holds rules of ours, what was known of it still holds. */
  function connect(session: DatapathSession, { items }: ReadBack): void {
    const { dpid, description } = session;
    const livedOn = items.size > 0;
    const told = readTables(items.values());
    if (livedOn) restore(recall(memory, dpid));
    else {
      dropSwitch(memory, dpid);
      reconciler.startedAnew(dpid);
    }
    const known = network.switch(dpid);
    const ports = new Map<number, Port>();
    for (const desc of description.ports) {
      if (!isPhysical(desc)) continue;
      const before = known?.ports.get(desc.portNo);
      const other = before !== undefined && before.name !== desc.name;
      const kind = other ? 'unknown' : (told.kinds.get(desc.portNo) ?? 'unknown');
      ports.set(desc.portNo, changes.describe(dpid, desc, kind));
    }
    for (const [number, before] of known?.ports ?? []) {
      const port = ports.get(number);
      // A switch that started anew may stand in another network: its hosts are known again when they speak.
      if (port?.up && port.name === before.name && livedOn) continue;
      discovery.portDown({ dpid, port: number });
      hosts.portLost({ dpid, port: number });
    }
    network.setSwitch(dpid, describeSwitch(session, ports));
    for (const [mac, port] of told.hosts) {
      if (ports.get(port)?.kind !== 'host') continue;
      const host = { mac, vlan: undefined, ips: [], name: undefined, at: { dpid, port }, firstSeen: clock.wall() };
      hosts.restore(host, []);
    }
    logger.info(
      { dpid, name: network.switch(dpid)?.name, remote: session.remoteAddress, ports: ports.size, livedOn },
      'Switch connected',
    );
  }

  function restore({ switches, links, hosts: known }: Remembered): void {
    for (const [dpid, owner] of switches) if (!network.switch(dpid)) network.setSwitch(dpid, owner);
    for (const [id, link] of links) {
      if (network.switch(link.a.dpid) && network.switch(link.b.dpid)) network.setLink(id, link);
    }
    for (const { sure, ...host } of known) hosts.restore(host, sure);
  }

  function describeSwitch(
    { dpid, description, remoteAddress }: DatapathSession,
    ports: ReadonlyMap<number, Port>,
  ): Switch {
    const { desc, features } = description;
    return {
      dpid,
      name: description.ports.find(({ portNo }) => portNo === OFPP.LOCAL)?.name ?? dpid,
      connected: true,
      away: false,
      remoteAddress,
      connectedSince: clock.wall(),
      manufacturer: desc.mfrDesc,
      hardware: desc.hwDesc,
      software: desc.swDesc,
      serial: desc.serialNum,
      description: desc.dpDesc,
      tables: features.nTables,
      ports,
    };
  }

  /** Behind a link there are switches: what was taken for a host there came through them. */
  function forgetHostsOnFabric({ view, previous, change }: ViewUpdate): void {
    for (const dpid of change.switches) {
      const before = previous.switches.get(dpid)?.ports;
      for (const { number, kind } of view.switches.get(dpid)?.ports.values() ?? []) {
        if (kind === 'fabric' && before?.get(number)?.kind !== 'fabric') hosts.portLost({ dpid, port: number });
      }
    }
  }

  function packetIn(dpid: Dpid, { match, tableId, data }: PacketIn): void {
    if (match.inPort === undefined) return;
    // First what there is most of: it shall cost nothing that it does not need.
    if (tableId === TABLES.forward.id) {
      conversations.packetIn(dpid, match.inPort, data);
      return;
    }
    const at: PortRef = { dpid, port: match.inPort };
    if (tableId !== TABLES.intake.id) hosts.frame(data, at);
    else if (conversations.takesAnything && !isLldp(data)) {
      // Our intake sends nothing else up: this is a switch with tables of its own, as load generators are.
      hosts.frame(data, at);
      conversations.packetIn(dpid, at.port, data);
    } else discovery.heard(data, at);
  }
}

function isLldp(frame: Uint8Array): boolean {
  return frame[12] === ETHER_TYPE.LLDP >>> 8 && frame[13] === (ETHER_TYPE.LLDP & 0xff);
}

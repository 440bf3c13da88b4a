/**
 * Rules of conversations follow the network. Those that no longer lead nearer to their destination, or whose host is elsewhere,
 * are taken away, and a switch from which any are taken is given no new ones until it has confirmed that they are gone. So all
 * rules that lead to a host are downhill for one set of distances at any moment: see docs/decisions/011-reactive-rules.md.
 */
import type { Logger } from 'pino';
import type { Mac } from '../core/addresses.ts';
import type { Clock } from '../core/clock.ts';
import { samePort } from '../core/ids.ts';
import type { Dpid } from '../core/ids.ts';
import { readCookie } from '../flows/cookie.ts';
import { TABLES } from '../flows/pipeline.ts';
import type { FlowMod, FlowStats } from '../openflow/codec/index.ts';
import type { ViewUpdate } from '../topology/network.ts';
import type { Host, NetworkView } from '../topology/view.ts';
import type { Fabric, ReactiveSession, Station } from './fabric.ts';
import { everything, isReactive, justThis, leadingTo, leavingBy, leavingTowards, towards } from './removals.ts';

/** Messages to one switch for one view; where more are needed, all of its conversations begin anew. */
const MAX_REMOVALS = 64;
/** A switch that does not confirm is asked again after this. */
const RETRY_MS = 1_000;

/** What is to be taken from one switch. */
class Removals {
  readonly messages: FlowMod[] = [];
  /** Called when the switch has confirmed. */
  readonly done: (() => void)[] = [];
  readonly ports = new Set<number>();
}

export interface UpkeepOptions {
  readonly fabric: Fabric;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Rules are gone: whose conversation comes up again needs new ones. */
  readonly onRemoved: () => void;
}

export class Upkeep {
  readonly #options: UpkeepOptions;
  #removals = new Map<Station, Removals>();

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  /** Takes the next view in. */
  update({ view, previous, change }: ViewUpdate): void {
    const { fabric } = this.#options;
    this.#removals = new Map();
    for (const dpid of change.switches) if (!view.switches.has(dpid)) this.#switchGone(dpid);
    this.#hostsMoved(view, previous, change.hosts);
    const concerned = fabric.update(view, change);
    for (const dpid of concerned) this.#checkWays(dpid);
    for (const dpid of change.switches) this.#checkHostPorts(dpid, view, previous);
    for (const [station, removals] of this.#removals) this.#repair(station, removals);
    fabric.settle();
  }

  /**
   * A switch is connected and was read: rules that do not fit the present facts go, all others stay, whoever made them.
   * @param flows all that the switch holds
   */
  attach(dpid: Dpid, session: ReactiveSession, { flows, view, isClear }: Attached): void {
    const { fabric } = this.#options;
    const station = fabric.stations.get(dpid);
    if (!station) return;
    Object.assign(station, { session, isClear, repairs: 0, restsUntil: 0 });
    fabric.used.clearNode(station.node);
    this.#removals = new Map();
    for (const flow of flows) {
      if (isReactive(flow) && !this.#fits(flow, station, view)) this.#from(station)?.messages.push(justThis(flow));
    }
    for (const [each, removals] of this.#removals) this.#repair(each, removals);
    fabric.settle();
  }

  detach(dpid: Dpid): void {
    const { fabric } = this.#options;
    const station = fabric.stations.get(dpid);
    if (station) station.session = undefined;
    fabric.settle();
  }

  /** Its tables are those of this mode now. */
  setClear(dpid: Dpid): void {
    const { fabric } = this.#options;
    const station = fabric.stations.get(dpid);
    if (!station || station.isClear) return;
    station.isClear = true;
    fabric.settle();
  }

  /** True, and noted, where a rule that was there before leads nearer to where its host is. */
  #fits({ tableId, match, instructions, cookie }: FlowStats, { node }: Station, view: NetworkView): boolean {
    const { fabric } = this.#options;
    const host = typeof match.ethDst === 'number' ? view.hosts.get(match.ethDst) : undefined;
    const [instruction, ...more] = instructions;
    if (!host || tableId !== TABLES.forward.id || more.length > 0 || instruction?.type !== 'applyActions') return false;
    const [action, ...others] = instruction.actions;
    const target = fabric.stations.get(host.at.dpid);
    if (!target || others.length > 0 || action?.type !== 'output' || readCookie(cookie).unit !== target.unit) {
      return false;
    }
    if (target.node === node) return action.port === host.at.port;
    if (!fabric.leadsNearer(node, action.port, target.node)) return false;
    fabric.used.mark(node, action.port, target.node);
    return true;
  }

  #switchGone(dpid: Dpid): void {
    const { fabric } = this.#options;
    const gone = fabric.stations.get(dpid);
    if (!gone) return;
    for (const station of fabric.stations.values()) {
      if (fabric.used.leads(station.node, gone.node)) this.#from(station)?.messages.push(leadingTo(gone.unit));
    }
    fabric.remove(dpid);
  }

  /** Rules for a host that is elsewhere now lead where it was. Many at once go with all that lead to their switch. */
  #hostsMoved(view: NetworkView, previous: NetworkView, hosts: ReadonlySet<Mac>): void {
    const moved = new Map<Dpid, Mac[]>();
    for (const mac of hosts) {
      const before = previous.hosts.get(mac);
      if (!before || isStill(before, view.hosts.get(mac))) continue;
      const list = moved.get(before.at.dpid);
      if (list) list.push(mac);
      else moved.set(before.at.dpid, [mac]);
    }
    const { fabric } = this.#options;
    for (const [dpid, macs] of moved) {
      const was = fabric.stations.get(dpid);
      if (!was) continue;
      for (const station of fabric.stations.values()) {
        if (station !== was && !fabric.used.leads(station.node, was.node)) continue;
        if (macs.length > MAX_REMOVALS) this.#from(station)?.messages.push(leadingTo(was.unit));
        else this.#from(station)?.messages.push(...macs.map(towards));
      }
    }
  }

  /** Whatever leaves this switch must come nearer to where it shall go. */
  #checkWays(dpid: Dpid): void {
    const { fabric } = this.#options;
    const station = fabric.stations.get(dpid);
    if (!station?.session) return;
    const { node } = station;
    fabric.used.each(node, (port, target) => {
      if (fabric.leadsNearer(node, port, target)) return;
      const removals = this.#from(station)!;
      removals.done.push(() => fabric.used.unmark(node, port, target));
      if (removals.ports.has(port)) return;
      const goal = fabric.byNode[target];
      if (goal && fabric.arcAt(node, port) >= 0) removals.messages.push(leavingTowards(port, goal.unit));
      else {
        removals.ports.add(port);
        removals.messages.push(leavingBy(port));
      }
    });
  }

  /** A port that is a host's no longer may lead back into the fabric. */
  #checkHostPorts(dpid: Dpid, view: NetworkView, previous: NetworkView): void {
    const station = this.#options.fabric.stations.get(dpid);
    const now = view.switches.get(dpid)?.ports;
    if (!station) return;
    for (const { number, kind } of previous.switches.get(dpid)?.ports.values() ?? []) {
      if (kind === 'host' && now?.get(number)?.kind !== 'host') this.#from(station)?.messages.push(leavingBy(number));
    }
  }

  /** Undefined where the switch has no session: it is read when it comes back. */
  #from(station: Station): Removals | undefined {
    if (!station.session) return undefined;
    let removals = this.#removals.get(station);
    if (!removals) this.#removals.set(station, (removals = new Removals()));
    return removals;
  }

  #repair(station: Station, { messages, done }: Removals): void {
    const { fabric, logger, onRemoved } = this.#options;
    const { session, dpid, node } = station;
    if (!session) return;
    const isAll = messages.length > MAX_REMOVALS;
    if (isAll) done.push(() => fabric.used.clearNode(node));
    station.repairs++;
    onRemoved();
    this.#carryOut(station, session, isAll ? [everything()] : messages).then(
      () => {
        if (station.session !== session) return;
        for (const note of done) note();
        station.repairs--;
        onRemoved();
        fabric.settle();
      },
      (error: unknown) => logger.error({ error, dpid }, 'Rules of conversations could not be taken away'),
    );
  }

  /** Resolves when the switch has confirmed, or its session is gone. */
  async #carryOut(station: Station, session: ReactiveSession, messages: readonly FlowMod[]): Promise<void> {
    while (station.session === session) {
      // What was sent before must be there before, or the removal would come too early for it.
      const before = session.send({ type: 'barrierRequest', xid: session.nextXid() });
      const isSent = before && messages.every((message) => session.send(message));
      if (isSent && (await isConfirmed(session))) return;
      await new Promise<void>((resolve) => {
        this.#options.clock.after(RETRY_MS, resolve);
      });
    }
  }
}

export interface Attached {
  readonly flows: readonly FlowStats[];
  readonly view: NetworkView;
  readonly isClear: boolean;
}

function isStill(before: Host, after: Host | undefined): boolean {
  return after !== undefined && samePort(before.at, after.at);
}

async function isConfirmed(session: ReactiveSession): Promise<boolean> {
  try {
    await session.barrier();
    return true;
  } catch {
    return false;
  }
}

/**
 * The switches as rules of conversations need them: distances, sessions, and which of them may be given rules now. Kept from
 * view to view; nothing here is made anew for a packet.
 */
import type { Dpid } from '../core/ids.ts';
import { unitHash } from '../flows/cookie.ts';
import type { Message } from '../openflow/codec/index.ts';
import { AllPairs } from '../topology/paths/all-pairs.ts';
import { UNREACHED } from '../topology/paths/bfs.ts';
import type { Link, NetworkView, Switch, ViewChange } from '../topology/view.ts';
import { hasBit, UsedWays } from './used-ways.ts';

/** What is used of a session. */
export interface ReactiveSession {
  /** Queues a message that is encoded already, in one piece or two, which are copied; false, and nothing queued, where it cannot. */
  append(head: Uint8Array, rest?: Uint8Array): boolean;
  send(message: Message): boolean;
  nextXid(): number;
  /** Resolves when the switch has worked through all that was sent before. */
  barrier(): Promise<void>;
}

export interface Station {
  readonly dpid: Dpid;
  readonly node: number;
  /** Stands in the cookies of rules that lead here. */
  readonly unit: number;
  session: ReactiveSession | undefined;
  /** Its tables are those of this mode. */
  isClear: boolean;
  /** Removals that it has not confirmed. */
  repairs: number;
  /** Gone for longer: nothing shall lead to it. */
  away: boolean;
  /** It refused a rule: no more of them before this, monotonic milliseconds. */
  restsUntil: number;
  /** Ports that are up and hosts'. */
  hostPorts: readonly number[];
}

export class Fabric {
  readonly pairs = new AllPairs<Link>();
  readonly used = new UsedWays();
  readonly stations = new Map<Dpid, Station>();
  /** Distances to each target, as `pairs` has them: made once a view, not for every packet. */
  #distances: (Int32Array | undefined)[] = [];
  /** By node. */
  readonly byNode: (Station | undefined)[] = [];
  /** Grows whenever ways may be others: with each view, and with each switch that may or may not be given rules. */
  revision = 0;
  #ready = new Uint8Array(0);
  #blocked = new Int32Array(1);

  /** A switch that is gone from the view leaves before the graph changes: its number may be given to another. */
  remove(dpid: Dpid): void {
    const station = this.stations.get(dpid);
    if (!station) return;
    this.stations.delete(dpid);
    this.byNode[station.node] = undefined;
    this.used.forgetNode(station.node);
  }

  /** Takes the next view in; returns the switches whose next hops may be others. */
  update(view: NetworkView, change: ViewChange): ReadonlySet<Dpid> {
    this.#distances = [];
    const { switches } = this.pairs.update(view, change);
    const { graph } = this.pairs;
    this.used.resize(graph.dpids.length);
    if (graph.dpids.length > this.#ready.length) this.#ready = new Uint8Array(2 * graph.dpids.length);
    for (const dpid of change.switches) {
      const node = graph.indexOf.get(dpid);
      const owner = view.switches.get(dpid);
      if (node !== undefined && owner) this.#describe(dpid, node, owner);
    }
    for (const dpid of switches) {
      const node = graph.indexOf.get(dpid);
      if (node === undefined) continue;
      for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++)
        this.used.prepare(node, graph.arcPort[arc]!);
    }
    return switches;
  }

  #describe(dpid: Dpid, node: number, { ports, away }: Switch): void {
    let station = this.stations.get(dpid);
    if (!station) {
      const unit = unitHash(dpid);
      station = {
        dpid,
        node,
        unit,
        session: undefined,
        isClear: false,
        repairs: 0,
        away,
        restsUntil: 0,
        hostPorts: [],
      };
      this.stations.set(dpid, station);
      this.byNode[node] = station;
    }
    station.away = away;
    const hostPorts: number[] = [];
    for (const { number, kind, up } of ports.values()) if (up && kind === 'host') hostPorts.push(number);
    station.hostPorts = hostPorts;
  }

  /** True where a switch holds no rule that does not lead nearer, and may be given more. */
  isReady(node: number): boolean {
    return this.#ready[node] === 1;
  }

  /**
   * True where no rule may be sent that leads to this switch: a rule may lead to a switch whose own rules are not known to be
   * right. Packets are sent on all the same.
   */
  isBlocked(target: number): boolean {
    return hasBit(this.#blocked, target);
  }

  /** Works out who is ready and what is blocked; call after anything of that changed. */
  settle(): void {
    const { graph } = this.pairs;
    this.revision++;
    this.#ready.fill(0);
    this.#blocked = this.used.emptySet();
    for (const station of this.stations.values()) {
      const { node, session, isClear, repairs, away } = station;
      if (session && isClear && repairs === 0) this.#ready[node] = 1;
      else if (!away) {
        for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
          const neighbour = graph.arcTo[arc]!;
          if (this.byNode[neighbour]?.away === false)
            this.used.collect(neighbour, graph.arcInPort[arc]!, this.#blocked);
        }
      }
    }
  }

  /** Of all nodes; valid until the next view. */
  distancesTo(target: number): Int32Array {
    return (this.#distances[target] ??= this.pairs.to(target));
  }

  /** The arc that leaves a switch by a port; -1 where none does. */
  arcAt(node: number, port: number): number {
    const { graph } = this.pairs;
    for (let arc = graph.rowStart[node] ?? 0; arc < (graph.rowEnd[node] ?? 0); arc++) {
      if (graph.arcPort[arc] === port) return arc;
    }
    return -1;
  }

  /** Whether what leaves by this port comes nearer to the target, at a switch that frames may be led to. */
  leadsNearer(node: number, port: number, target: number): boolean {
    const arc = this.arcAt(node, port);
    if (arc < 0) return false;
    const { graph } = this.pairs;
    const next = graph.arcTo[arc]!;
    const distance = this.distancesTo(target);
    const there = distance[next]!;
    if (there === UNREACHED || there >= distance[node]!) return false;
    // What is gone for longer cannot be put right, but it delivers to its own hosts.
    return next === target || this.byNode[next]?.away === false;
  }
}

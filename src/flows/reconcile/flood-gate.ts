/**
 * Keeps the flood tree a tree while it changes. A flood crosses a link only if both its ends flood on it, so a link may
 * be added at an end when the other end does not flood on it, or when what may flood now, and that link, have no circle.
 * Judged on what switches hold or may hold, never on what they shall hold, this is true at every moment and in any order
 * of confirmations, with switches that are slow, restarting or gone.
 */
import type { Clock } from '../../core/clock.ts';
import { portKey } from '../../core/ids.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import { DisjointSets } from '../../topology/paths/tree.ts';
import { flowKey, groupKey } from '../items.ts';
import type { Item } from '../items.ts';
import { FLOOD_GROUP, FLOOD_PRIORITY, FLOODED, TABLES } from '../pipeline.ts';
import type { Cabling } from './cabling.ts';
import { onTheWayMs } from './drains.ts';
import type { Confirmed } from './drains.ts';
import type { SwitchState } from './state.ts';

export const FLOOD_KEY = groupKey(FLOOD_GROUP);
const FLOOD_RULES = `f${TABLES.flood.id}/`;
const ruleKeys = new Map<number, readonly string[]>();

export function isFloodKey(key: string): boolean {
  return key === FLOOD_KEY || key.startsWith(FLOOD_RULES);
}

/** The keys of the rules that flood what comes in by a port, be it a host's or the fabric's. */
export function floodRuleKeys(inPort: number): readonly string[] {
  let keys = ruleKeys.get(inPort);
  if (!keys) {
    const { id } = TABLES.flood;
    const fromHost = flowKey(id, FLOOD_PRIORITY.HOST, { inPort });
    const fromFabric = flowKey(id, FLOOD_PRIORITY.FABRIC, { inPort, ...FLOODED });
    ruleKeys.set(inPort, (keys = [fromHost, fromFabric]));
  }
  return keys;
}

export interface FloodGateOptions {
  readonly states: ReadonlyMap<Dpid, SwitchState>;
  readonly cabling: Cabling;
  readonly clock: Clock;
  /** Links may be flooded on that might not before. */
  readonly onDrained: () => void;
}

export class FloodGate {
  readonly #states: ReadonlyMap<Dpid, SwitchState>;
  readonly #cabling: Cabling;
  readonly #clock: Clock;
  readonly #onDrained: () => void;
  /** Ports flooded on until just now, by the time from which they count no more. */
  readonly #draining = new Map<string, number>();

  constructor({ states, cabling, clock, onDrained }: FloodGateOptions) {
    this.#states = states;
    this.#cabling = cabling;
    this.#clock = clock;
    this.#onDrained = onDrained;
  }

  /**
   * A switch has confirmed its flood group. The ports that left it count a little longer: a frame that crossed a link just
   * before could come by a second time over the link that takes its place.
   */
  confirmed(dpid: Dpid, { before, after, tookMs }: Confirmed): void {
    const now = new Set(floodPortsOf(after));
    const left = floodPortsOf(before).filter((port) => !now.has(port));
    if (left.length === 0) return;
    const waitMs = onTheWayMs(tookMs, this.#reach(dpid));
    const until = this.#clock.now() + waitMs;
    for (const port of left) {
      const key = portKey({ dpid, port });
      // It may have left before, when the switch was slower.
      this.#draining.set(key, Math.max(until, this.#draining.get(key) ?? 0));
    }
    this.#clock.after(waitMs + 1, this.#onDrained);
  }

  /** Which of the ports a switch may flood on from now, given what all others do or may do. */
  allowed(dpid: Dpid, wanted: readonly number[]): ReadonlySet<number> {
    const sets = new DisjointSets();
    for (const { a, b } of this.#cabling.cables()) {
      const own = [a, b].find((end) => end.dpid === dpid);
      // Of its own links those count that are wanted, below, and those that frames may still be crossing.
      if (own && (wanted.includes(own.port) || !this.#isDraining(own))) continue;
      if (this.#mayFlood(a) && this.#mayFlood(b)) sets.join(a.dpid, b.dpid);
    }
    const allowed = new Set<number>();
    const fresh: number[] = [];
    for (const port of wanted) {
      // What it floods on already stays, and counts first.
      if (this.#mayFlood({ dpid, port })) this.#admit(dpid, port, sets, allowed);
      else fresh.push(port);
    }
    for (const port of fresh) this.#admit(dpid, port, sets, allowed);
    return allowed;
  }

  /** How many switches a flood passes on its way from one to the farthest, as the tree may be now. */
  #reach(dpid: Dpid): number {
    const seen = new Set([dpid]);
    let reach = 0;
    for (let edge = [dpid]; edge.length > 0; reach++) {
      const next: Dpid[] = [];
      for (const at of edge) {
        for (const { port, peer } of this.#cabling.linksOf(at)) {
          if (seen.has(peer.dpid) || !this.#mayFlood({ dpid: at, port })) continue;
          seen.add(peer.dpid);
          next.push(peer.dpid);
        }
      }
      edge = next;
    }
    return reach;
  }

  #admit(dpid: Dpid, port: number, sets: DisjointSets, allowed: Set<number>): void {
    const peer = this.#cabling.peer({ dpid, port });
    if (peer && this.#mayFlood(peer) && !sets.join(dpid, peer.dpid)) return;
    allowed.add(port);
  }

  /** True where the switch floods on the port, or may: by its group or by a rule, installed or on the way. */
  #mayFlood({ dpid, port }: PortRef): boolean {
    const state = this.#states.get(dpid);
    if (this.#isDraining({ dpid, port })) return true;
    if (!state) return false;
    // Connected but not read yet: it may do anything.
    if (!state.installed) return state.transport !== undefined;
    for (const key of floodRuleKeys(port)) if (state.installed.has(key) || state.inFlight.has(key)) return true;
    return holds(state.installed.get(FLOOD_KEY), port) || holds(state.inFlight.get(FLOOD_KEY)?.item, port);
  }

  #isDraining(ref: PortRef): boolean {
    if (this.#draining.size === 0) return false;
    const key = portKey(ref);
    const until = this.#draining.get(key);
    if (until === undefined) return false;
    if (this.#clock.now() < until) return true;
    this.#draining.delete(key);
    return false;
  }
}

/** The ports on which a group floods. */
export function floodPortsOf(item: Item | undefined): number[] {
  if (item?.kind !== 'group') return [];
  return item.buckets.flatMap((bucket) =>
    bucket.actions.flatMap((action) => (action.type === 'output' ? [action.port] : [])),
  );
}

function holds(item: Item | undefined, port: number): boolean {
  return floodPortsOf(item).includes(port);
}

/**
 * Keeps the flood tree a tree while it changes. A flood crosses a link only if both its ends flood on it, so a link may
 * be added at an end when the other end does not flood on it, or when what may flood now, and that link, have no circle.
 * Judged on what switches hold or may hold, never on what they shall hold, this is true at every moment and in any order
 * of confirmations, with switches that are slow, restarting or gone.
 */
import type { Dpid, PortRef } from '../../core/ids.ts';
import { DisjointSets } from '../../topology/paths/tree.ts';
import { flowKey, groupKey } from '../items.ts';
import type { Item } from '../items.ts';
import { FLOOD_GROUP, FLOOD_PRIORITY, TABLES } from '../pipeline.ts';
import type { Cabling } from './cabling.ts';
import type { SwitchState } from './state.ts';

export const FLOOD_KEY = groupKey(FLOOD_GROUP);
const FLOOD_RULES = `f${TABLES.flood.id}/`;
const ruleKeys = new Map<number, string>();

export function isFloodKey(key: string): boolean {
  return key === FLOOD_KEY || key.startsWith(FLOOD_RULES);
}

/** The key of the rule that floods what comes in by a port. */
export function floodRuleKey(inPort: number): string {
  let key = ruleKeys.get(inPort);
  if (key === undefined) ruleKeys.set(inPort, (key = flowKey(TABLES.flood.id, FLOOD_PRIORITY, { inPort })));
  return key;
}

export class FloodGate {
  readonly #states: ReadonlyMap<Dpid, SwitchState>;
  readonly #cabling: Cabling;

  constructor(states: ReadonlyMap<Dpid, SwitchState>, cabling: Cabling) {
    this.#states = states;
    this.#cabling = cabling;
  }

  /** Which of the ports a switch may flood on from now, given what all others do or may do. */
  allowed(dpid: Dpid, wanted: readonly number[]): ReadonlySet<number> {
    const sets = new DisjointSets();
    for (const { a, b } of this.#cabling.cables()) {
      const ours = a.dpid === dpid || b.dpid === dpid;
      if (!ours && this.#mayFlood(a) && this.#mayFlood(b)) sets.join(a.dpid, b.dpid);
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

  #admit(dpid: Dpid, port: number, sets: DisjointSets, allowed: Set<number>): void {
    const peer = this.#cabling.peer({ dpid, port });
    if (peer && this.#mayFlood(peer) && !sets.join(dpid, peer.dpid)) return;
    allowed.add(port);
  }

  /** True where the switch floods on the port, or may: by its group or by a rule, installed or on the way. */
  #mayFlood({ dpid, port }: PortRef): boolean {
    const state = this.#states.get(dpid);
    if (!state) return false;
    // Connected but not read yet: it may do anything.
    if (!state.installed) return state.transport !== undefined;
    const rule = floodRuleKey(port);
    if (state.installed.has(rule) || state.inFlight.has(rule)) return true;
    return holds(state.installed.get(FLOOD_KEY), port) || holds(state.inFlight.get(FLOOD_KEY)?.item, port);
  }
}

export function floodPortsOf(item: Item | undefined): number[] {
  if (item?.kind !== 'group') return [];
  return item.buckets.flatMap((bucket) =>
    bucket.actions.flatMap((action) => (action.type === 'output' ? [action.port] : [])),
  );
}

function holds(item: Item | undefined, port: number): boolean {
  return floodPortsOf(item).includes(port);
}

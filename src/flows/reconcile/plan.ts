/**
 * Chooses the changes that may go to one switch now. What must wait for another switch (make before break, egress first;
 * the flood tree) stays dirty and is looked at again when something was confirmed.
 */
import type { Dpid } from '../../core/ids.ts';
import { sameItem } from '../items.ts';
import type { Item } from '../items.ts';
import { FLOOD_KEY, floodInPort, floodPortsOf, narrowFlood } from './flood-gate.ts';
import type { FloodGate } from './flood-gate.ts';
import { opFor } from './op.ts';
import type { Op } from './op.ts';
import { isSettled } from './state.ts';
import type { SwitchState } from './state.ts';

/** Changes in one commit: bounds the work of a turn, and what is done again when a commit is refused. */
export const MAX_OPS = 2_000;

export interface PlanContext {
  readonly states: ReadonlyMap<Dpid, SwitchState>;
  readonly desired: (dpid: Dpid) => ReadonlyMap<string, Item>;
  readonly neighbours: (dpid: Dpid) => Iterable<Dpid>;
  readonly floodGate: FloodGate;
}

/** Ready changes, at most MAX_OPS. Keys found to be settled or refused are taken out of `dirty`. */
export function plan(state: SwitchState, context: PlanContext): Op[] {
  const ops: Op[] = [];
  const { installed } = state;
  if (!installed || !state.transport) return ops;
  const desired = context.desired(state.dpid);
  const floodPorts = allowedFloodPorts(state, desired, context.floodGate);
  for (const key of state.dirty) {
    if (ops.length >= MAX_OPS) break;
    const wish = desired.get(key);
    const held = installed.get(key);
    if (sameItem(held, wish) || (wish && state.refused.get(key)?.item.content === wish.content)) {
      state.dirty.delete(key);
      continue;
    }
    const op = opFor(held, floodPorts ? narrowed(wish, floodPorts) : wish);
    if (op && mayGo(state, op, context)) ops.push(op);
  }
  return ops;
}

/** The ports on which the switch may flood by now, or undefined where its flooding is not to change. */
function allowedFloodPorts(
  state: SwitchState,
  desired: ReadonlyMap<string, Item>,
  gate: FloodGate,
): ReadonlySet<number> | undefined {
  if (!state.dirty.has(FLOOD_KEY)) return undefined;
  return gate.allowed(state.dpid, floodPortsOf(desired.get(FLOOD_KEY)));
}

/** The item cut down to what the flood gate allows; undefined for an in-port rule whose port has to wait. */
function narrowed(wish: Item | undefined, allowed: ReadonlySet<number>): Item | undefined {
  if (wish?.kind === 'group') return wish.key === FLOOD_KEY ? narrowFlood(wish, allowed) : wish;
  const inPort = floodInPort(wish);
  return inPort === undefined || allowed.has(inPort) ? wish : undefined;
}

function mayGo(state: SwitchState, op: Op, context: PlanContext): boolean {
  const { item } = op;
  if (item.kind !== 'flow') return true;
  return op.type === 'delete'
    ? nobodySendsHere(state.dpid, item.key, context)
    : nextHopsReady(item.after, item.key, context);
}

/** Egress first: the switches that this rule sends to hold theirs. */
function nextHopsReady(after: readonly Dpid[], key: string, { states, desired }: PlanContext): boolean {
  return after.every((dpid) => isSettled(states.get(dpid), key, desired(dpid).get(key)));
}

/** Ingress first on removal: no neighbour that can be reached still sends here by the rule of the same key. */
function nobodySendsHere(dpid: Dpid, key: string, { states, neighbours }: PlanContext): boolean {
  for (const neighbour of neighbours(dpid)) {
    const state = states.get(neighbour);
    const rule = state?.installed?.get(key);
    if (state?.transport && rule?.kind === 'flow' && rule.after.includes(dpid)) return false;
  }
  return true;
}

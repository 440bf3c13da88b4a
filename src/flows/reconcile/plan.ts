/**
 * Chooses the changes that may go to one switch now. What must wait for another switch (make before break, egress first;
 * the flood tree) stays dirty and is looked at again when something was confirmed.
 */
import type { Dpid, PortRef } from '../../core/ids.ts';
import type { Instruction } from '../../openflow/codec/index.ts';
import { flowItem, flowKey, sameItem } from '../items.ts';
import type { FlowItem, Item } from '../items.ts';
import { PORT_PRIORITY, TABLES } from '../pipeline.ts';
import type { Cabling } from './cabling.ts';
import { isFloodKey } from './flood-gate.ts';
import type { FloodGate } from './flood-gate.ts';
import { planFlood } from './flood-plan.ts';
import { opFor } from './op.ts';
import type { Op } from './op.ts';
import { isRefused, isSettled } from './state.ts';
import type { SwitchState } from './state.ts';

/** Changes in one commit: bounds the work of a turn, and what is done again when a commit is refused. */
export const MAX_OPS = 2_000;

const DROP: readonly Instruction[] = [];
const portKeys = new Map<number, string>();

/** The key of intake's rule for a port. */
function portKeyOf(inPort: number): string {
  let key = portKeys.get(inPort);
  if (key === undefined) portKeys.set(inPort, (key = flowKey(TABLES.intake.id, PORT_PRIORITY, { inPort })));
  return key;
}

export interface PlanContext {
  readonly states: ReadonlyMap<Dpid, SwitchState>;
  readonly desired: (dpid: Dpid) => ReadonlyMap<string, Item>;
  readonly cabling: Cabling;
  readonly floodGate: FloodGate;
  /** True while switches are still coming back after a restart: what looks left over may be wanted by one of them. */
  readonly keepLeftovers: () => boolean;
}

/** Ready changes, about MAX_OPS at most. Keys found to be settled or refused are taken out of `dirty`. */
export function plan(state: SwitchState, context: PlanContext): Op[] {
  const ops: Op[] = [];
  const { installed } = state;
  if (!installed || !state.transport) return ops;
  const desired = context.desired(state.dpid);
  for (const key of state.dirty) {
    if (isFloodKey(key)) continue;
    if (ops.length >= MAX_OPS) break;
    const wish = desired.get(key);
    const held = installed.get(key);
    const orphan = held || wish ? undefined : senderOf(state.dpid, key, context);
    if (orphan) ops.push(dropping(orphan));
    else if (sameItem(held, wish) || isRefused(state, key, wish)) state.dirty.delete(key);
    else {
      const op = opFor(held, wish);
      const ready = op && readyOp(state, op, context);
      if (ready) ops.push(ready);
    }
  }
  // A switch that was just read floods only when it holds all else: what it should forward must not be flooded.
  return ops.length >= MAX_OPS ? ops : [...ops, ...planFlood(state, desired, context.floodGate)];
}

/** The change as it may go now, undefined where it has to wait. */
function readyOp(state: SwitchState, op: Op, context: PlanContext): Op | undefined {
  const { item } = op;
  if (item.kind !== 'flow') return op;
  if (op.type === 'delete') {
    return context.keepLeftovers() || senderOf(state.dpid, item.key, context) ? undefined : op;
  }
  if (nextHopsReady(item.after, item.key, context)) return op;
  return !state.installed?.has(item.key) && senderOf(state.dpid, item.key, context) ? dropping(item) : undefined;
}

/**
 * Stands in for a rule that others count on and that this switch lost, since it started anew: flooding what they send could
 * bring it back to them.
 */
function dropping(item: FlowItem): Op {
  return { type: 'add', item: flowItem({ ...item, instructions: DROP, after: [] }) };
}

/**
 * Egress first: where this rule sends to, the port is open and the switch holds its own rule, and so it is to the end of the
 * way. A next hop that is right already may itself lead to one that is not.
 */
function nextHopsReady(after: readonly PortRef[], key: string, context: PlanContext): boolean {
  const { states, desired } = context;
  return after.every(({ dpid, port }) => {
    const state = states.get(dpid);
    const table = desired(dpid);
    const open = table.get(portKeyOf(port));
    const wish = table.get(key);
    if (!open || !isSettled(state, portKeyOf(port), open) || !isSettled(state, key, wish)) return false;
    return wish?.kind !== 'flow' || nextHopsReady(wish.after, key, context);
  });
}

/** A rule of the same key by which a neighbour sends here, or may. */
function senderOf(dpid: Dpid, key: string, { states, cabling }: PlanContext): FlowItem | undefined {
  for (const peer of cabling.peersOf(dpid)) {
    const state = states.get(peer.dpid);
    const held = state?.installed?.get(key);
    const coming = state?.inFlight.get(key)?.item;
    if (outputsTo(held, peer.port)) return held;
    if (outputsTo(coming, peer.port)) return coming;
  }
  return undefined;
}

/** Keys of the rules by which neighbours send to a switch, or may. */
export function keysSentTo(dpid: Dpid, { states, cabling }: PlanContext): Set<string> {
  const keys = new Set<string>();
  for (const peer of cabling.peersOf(dpid)) {
    const state = states.get(peer.dpid);
    for (const [key, item] of state?.installed ?? []) if (outputsTo(item, peer.port)) keys.add(key);
    for (const [key, { item }] of state?.inFlight ?? []) if (outputsTo(item, peer.port)) keys.add(key);
  }
  return keys;
}

function outputsTo(item: Item | undefined, port: number): item is FlowItem {
  if (item?.kind !== 'flow' || item.tableId !== TABLES.forward.id) return false;
  return item.instructions.some(
    (instruction) =>
      instruction.type === 'applyActions' &&
      instruction.actions.some((action) => action.type === 'output' && action.port === port),
  );
}

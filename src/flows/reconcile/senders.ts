/** Who sends to a switch, or may: what neighbours hold or are being sent, by rules of their own or by the groups these use. */
import type { Dpid } from '../../core/ids.ts';
import type { Bucket, Instruction } from '../../openflow/codec/index.ts';
import type { FlowItem, Item } from '../items.ts';
import { TABLES } from '../pipeline.ts';
import { referencesOf } from '../references.ts';
import type { Cabling } from './cabling.ts';
import type { SwitchState } from './state.ts';

interface Context {
  readonly states: ReadonlyMap<Dpid, SwitchState>;
  readonly cabling: Cabling;
}

export interface Sender {
  readonly dpid: Dpid;
  readonly item: FlowItem;
}

/** A rule of the same key by which a neighbour sends here, or may. */
export function senderOf(dpid: Dpid, key: string, { states, cabling }: Context): Sender | undefined {
  for (const { peer } of cabling.linksOf(dpid)) {
    const state = states.get(peer.dpid);
    if (!state) continue;
    for (const item of [state.installed?.get(key), state.inFlight.get(key)?.item]) {
      if (isForward(item) && maySendBy(state, item, peer.port)) return { dpid: peer.dpid, item };
    }
  }
  return undefined;
}

function isForward(item: Item | undefined): item is FlowItem {
  return item?.kind === 'flow' && item.tableId === TABLES.forward.id;
}

function maySendBy(state: SwitchState, item: FlowItem, port: number): boolean {
  if (outputsTo(item.instructions, port)) return true;
  return referencesOf(item).some(
    (used) => groupSendsTo(state.installed?.get(used), port) || groupSendsTo(state.inFlight.get(used)?.item, port),
  );
}

function outputsTo(instructions: readonly Instruction[], port: number): boolean {
  return instructions.some(
    (instruction) =>
      instruction.type === 'applyActions' &&
      instruction.actions.some((action) => action.type === 'output' && action.port === port),
  );
}

function groupSendsTo(item: Item | undefined, port: number): boolean {
  return item?.kind === 'group' && item.buckets.some((bucket) => bucketSendsTo(bucket, port));
}

function bucketSendsTo({ actions }: Bucket, port: number): boolean {
  return actions.some((action) => action.type === 'output' && action.port === port);
}

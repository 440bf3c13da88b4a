/** Every action in one place: to add one, extend the union in action-types.ts and list its codec here. */
import type { Action } from '../action-types.ts';
import type { Json } from '../json/json.ts';
import type { ActionCodec } from './codec.ts';
import { conntrackActions } from './conntrack.ts';
import { controllerUserdata } from './controller.ts';
import { experimenter } from './experimenter.ts';
import { learn } from './learn.ts';
import { actionList } from './list.ts';
import * as ovs from './ovs.ts';
import { move } from './move.ts';
import { loadField, setField } from './set-field.ts';
import * as standard from './standard.ts';

type Registry = { readonly [T in Action['type']]: ActionCodec<Extract<Action, { type: T }>> };

/** Actions up to the end of a structure: the lists in instructions, buckets, packet-outs, and in actions themselves. */
export const restActions = actionList({ byWireType: actionByWireType, byVendor: actionByVendor, byName: actionByName });

export const ACTIONS: Registry = {
  ...standard,
  ...ovs,
  ...conntrackActions(restActions),
  setField,
  loadField,
  move,
  learn,
  controllerUserdata,
  experimenter,
};

const all: readonly ActionCodec[] = Object.values(ACTIONS);

const byWireType: readonly (ActionCodec | undefined)[] = Array.from({ length: 32 }, (_, wireType) =>
  all.find((codec) => codec.wireType === wireType),
);

const byVendor: ReadonlyMap<number, ReadonlyMap<number, ActionCodec>> = vendors();

function vendors(): Map<number, Map<number, ActionCodec>> {
  const map = new Map<number, Map<number, ActionCodec>>();
  for (const codec of all) {
    if (!codec.experimenter) continue;
    const { id, subtype } = codec.experimenter;
    map.set(id, (map.get(id) ?? new Map<number, ActionCodec>()).set(subtype, codec));
  }
  return map;
}

/** The codec of one of the spec's own actions, by its OFPAT number. */
function actionByWireType(wireType: number): ActionCodec | undefined {
  return byWireType[wireType];
}

function actionByVendor(id: number, subtype: number): ActionCodec | undefined {
  return byVendor.get(id)?.get(subtype);
}

function actionByName(type: string): ActionCodec | undefined {
  return Object.hasOwn(ACTIONS, type) ? ACTIONS[type as Action['type']] : undefined;
}

/** `[{ "set_field": { "eth_dst": "…" } }, { "output": 3 }]`; an action without arguments has an empty object. */
export function actionsToJson(actions: readonly Action[]): readonly Json[] {
  return restActions.toJson(actions) as readonly Json[];
}

/**
 * The actions that `actionsToJson` would write so; a bare name stands for an action without arguments.
 * @throws EncodeError naming the place, the value and what it must be.
 */
export function actionsFromJson(json: Json, where = 'actions'): readonly Action[] {
  return restActions.fromJson(json, where);
}

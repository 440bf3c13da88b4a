/** Open vSwitch's actions that are plain structures (ovs-actions(7)). */
import type { Action, Subfield } from '../action-types.ts';
import { OFPAT } from '../constants/flows.ts';
import { EXPERIMENTER_ID } from '../constants/header.ts';
import { OFPR } from '../constants/switch.ts';
import * as formats from '../json/formats.ts';
import { packedSubfield, stackSubfield } from '../oxm/subfield.ts';
import { countedU16, restBytes, u16, u32, u64, u8 } from '../wire/fields.ts';
import { type Layout, pad, padRest } from '../wire/struct.ts';
import { action, type ActionCodec } from './codec.ts';

type ActionOf<T extends Action['type']> = Extract<Action, { type: T }>;

function nicira<A extends Action>(type: A['type'], subtype: number, layout: Layout<Omit<A, 'type'>>): ActionCodec<A> {
  return action<A>(type, OFPAT.EXPERIMENTER, layout, { id: EXPERIMENTER_ID.NICIRA, subtype });
}

const resubmitArguments = { inPort: u16(formats.hex), tableId: u8(), _pad: pad(3) };
const stackArguments: Layout<{ subfield: Subfield }> = { subfield: stackSubfield, _rest: padRest };

export const resubmit = nicira<ActionOf<'resubmit'>>('resubmit', 14, resubmitArguments);
export const resubmitCt = nicira<ActionOf<'resubmitCt'>>('resubmitCt', 44, resubmitArguments);
export const setTunnel = nicira<ActionOf<'setTunnel'>>('setTunnel', 2, { _pad: pad(2), tunnelId: u32(formats.hex) });
export const setTunnel64 = nicira<ActionOf<'setTunnel64'>>('setTunnel64', 9, {
  _pad: pad(6),
  tunnelId: u64(formats.hexWide),
});
export const popQueue = nicira<ActionOf<'popQueue'>>('popQueue', 5, { _pad: pad(6) });
export const load = nicira<ActionOf<'load'>>('load', 7, { dst: packedSubfield, value: u64(formats.hexWide) });
export const note = nicira<ActionOf<'note'>>('note', 8, { data: restBytes() });
export const outputReg = nicira<ActionOf<'outputReg'>>('outputReg', 15, {
  src: packedSubfield,
  maxLen: u16(),
  _pad: pad(6),
});
export const outputTrunc = nicira<ActionOf<'outputTrunc'>>('outputTrunc', 39, { port: u16(), maxLen: u32() });
export const exit = nicira<ActionOf<'exit'>>('exit', 17, { _pad: pad(6) });
export const finTimeout = nicira<ActionOf<'finTimeout'>>('finTimeout', 19, {
  finIdleTimeout: u16(),
  finHardTimeout: u16(),
  _pad: pad(2),
});
export const controller = nicira<ActionOf<'controller'>>('controller', 20, {
  maxLen: u16(),
  controllerId: u16(),
  reason: u8(formats.named(OFPR)),
  _pad: pad(1),
});
export const decTtlIds = nicira<ActionOf<'decTtlIds'>>('decTtlIds', 21, {
  controllerIds: countedU16(4),
  _rest: padRest,
});
export const stackPush = nicira<ActionOf<'stackPush'>>('stackPush', 27, stackArguments);
export const stackPop = nicira<ActionOf<'stackPop'>>('stackPop', 28, stackArguments);
export const conjunction = nicira<ActionOf<'conjunction'>>('conjunction', 34, {
  clause: u8(),
  nClauses: u8(),
  id: u32(),
});
export const ctClear = nicira<ActionOf<'ctClear'>>('ctClear', 43, { _pad: pad(6) });

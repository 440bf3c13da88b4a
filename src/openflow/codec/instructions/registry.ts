/** Every instruction in one place (OpenFlow 1.3.5 section 7.2.4). */
import type { Instruction } from '../action-types.ts';
import { restActions } from '../actions/registry.ts';
import { OFPIT } from '../constants/flows.ts';
import * as formats from '../json/formats.ts';
import { restBytes, u32, u64, u8 } from '../wire/fields.ts';
import { pad } from '../wire/struct.ts';
import { instruction, type InstructionCodec } from './codec.ts';

type Registry = { readonly [T in Instruction['type']]: InstructionCodec<Extract<Instruction, { type: T }>> };

export const INSTRUCTIONS: Registry = {
  gotoTable: instruction('gotoTable', OFPIT.GOTO_TABLE, { tableId: u8(), _pad: pad(3) }),
  writeMetadata: instruction('writeMetadata', OFPIT.WRITE_METADATA, {
    _pad: pad(4),
    metadata: u64(formats.hexWide),
    mask: u64(formats.hexWide),
  }),
  writeActions: instruction('writeActions', OFPIT.WRITE_ACTIONS, { _pad: pad(4), actions: restActions }),
  applyActions: instruction('applyActions', OFPIT.APPLY_ACTIONS, { _pad: pad(4), actions: restActions }),
  clearActions: instruction('clearActions', OFPIT.CLEAR_ACTIONS, { _pad: pad(4) }),
  meter: instruction('meter', OFPIT.METER, { meterId: u32(formats.meter) }),
  experimenter: instruction('experimenter', OFPIT.EXPERIMENTER, { experimenter: u32(formats.hex), body: restBytes() }),
};

const all = Object.values(INSTRUCTIONS) as readonly InstructionCodec[];
const byWireType: ReadonlyMap<number, InstructionCodec> = new Map(all.map((codec) => [codec.wireType, codec]));

export function instructionByWireType(wireType: number): InstructionCodec | undefined {
  return byWireType.get(wireType);
}

export function instructionByName(type: string): InstructionCodec | undefined {
  return Object.hasOwn(INSTRUCTIONS, type) ? INSTRUCTIONS[type as Instruction['type']] : undefined;
}

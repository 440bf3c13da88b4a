import type { Action } from '../action-types.ts';
import { OFPBAC, OFPET } from '../constants/errors.ts';
import { OFPAT } from '../constants/flows.ts';
import { EXPERIMENTER_ID } from '../constants/header.ts';
import type { Json } from '../json/json.ts';
import type { Masked, Match } from '../match-types.ts';
import { fieldByName } from '../oxm/fields.ts';
import { matchFromJson, matchToJson } from '../oxm/match-json.ts';
import { type OpenMatch, readField } from '../oxm/read.ts';
import { writeField, writeUnknown } from '../oxm/write.ts';
import { DecodeError, EncodeError, REFUSE } from '../wire/errors.ts';
import type { Reader } from '../wire/reader.ts';
import type { Writer } from '../wire/writer.ts';
import type { ActionCodec } from './codec.ts';

type SetField = Extract<Action, { type: 'setField' }>;
type LoadField = Extract<Action, { type: 'loadField' }>;

const BAD_SET_ARGUMENT = { errorType: OFPET.BAD_ACTION, code: OFPBAC.BAD_SET_ARGUMENT };

/** Reads one OXM field and the zero bytes behind it, up to the action's end. */
export function readOneField(reader: Reader): Match {
  const field: OpenMatch = {};
  readField(reader, field, 'packet');
  if (reader.remaining > 7) reader.leave(reader.end, REFUSE.actionLength);
  reader.skip(reader.remaining);
  return field as Match;
}

/** The only field of a set-field action. */
export function onlyField(match: Match): [string, number | bigint | Masked<number> | Masked<bigint> | Uint8Array] {
  const entries = Object.entries(match).filter(([, value]) => value !== undefined);
  const [entry] = entries;
  if (!entry || entries.length !== 1) throw new EncodeError('field', match, 'exactly one field');
  return entry;
}

/** Writes one OXM field; `bytesBefore` it in the action count for the padding to 8. */
export function writeOneField(writer: Writer, match: Match, bytesBefore: number): void {
  const start = writer.length - bytesBefore;
  const [name, value] = onlyField(match);
  const field = fieldByName(name);
  if (field) writeField(writer, field, value);
  else writeUnknown(writer, name, value);
  writer.padTo8(start);
}

/** Open vSwitch's way to set a field with a mask on 1.3. */
const REG_LOAD2 = { id: EXPERIMENTER_ID.NICIRA, subtype: 33 };

const json = {
  toJson: ({ field }: { readonly field: Match }) => matchToJson(field),
  kind: { kind: 'special', name: 'setField' },
} as const;

function fieldFromJson(value: Json, where: string): Match {
  const field = matchFromJson(value, where);
  onlyField(field);
  return field;
}

/** SET_FIELD; with a mask, which the spec's own action cannot have, it is written as Open vSwitch's REG_LOAD2. */
export const setField: ActionCodec<SetField> = {
  ...json,
  type: 'setField',
  wireType: OFPAT.SET_FIELD,
  read(reader) {
    const at = reader.pos;
    const field = readOneField(reader);
    if (isMasked(field)) throw new DecodeError('badMask', at, 'a set-field action has a mask', BAD_SET_ARGUMENT);
    return { type: 'setField', field };
  },
  write(writer, { field }) {
    if (!isMasked(field)) return writeOneField(writer, field, 4);
    writer.patchU16(writer.length - 4, OFPAT.EXPERIMENTER);
    writer.u32(REG_LOAD2.id, 'experimenter');
    writer.u16(REG_LOAD2.subtype, 'subtype');
    writer.pad(6);
    writeOneField(writer, field, 16);
  },
  fromJson: (value, where) => ({ type: 'setField', field: fieldFromJson(value, where) }),
};

/** REG_LOAD2: without a mask it has a name of its own, so that it is written again as it came. */
export const loadField: ActionCodec<LoadField> = {
  ...json,
  type: 'loadField',
  wireType: OFPAT.EXPERIMENTER,
  experimenter: REG_LOAD2,
  read(reader) {
    reader.skip(6);
    const field = readOneField(reader);
    return { type: isMasked(field) ? 'setField' : 'loadField', field };
  },
  write(writer, { field }) {
    if (isMasked(field)) throw new EncodeError('field', field, 'a field without a mask; with one it is a setField');
    writer.pad(6);
    writeOneField(writer, field, 16);
  },
  fromJson: (value, where) => ({ type: 'loadField', field: fieldFromJson(value, where) }),
};

export function isMasked(match: Match): boolean {
  const [, value] = onlyField(match);
  return typeof value === 'object' && !(value instanceof Uint8Array);
}

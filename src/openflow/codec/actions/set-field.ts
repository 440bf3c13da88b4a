import type { Action } from '../action-types.ts';
import { OFPBAC, OFPET } from '../constants/errors.ts';
import { OFPAT } from '../constants/flows.ts';
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

export const setField: ActionCodec<SetField> = {
  type: 'setField',
  wireType: OFPAT.SET_FIELD,
  read(reader) {
    const at = reader.pos;
    const field = readOneField(reader);
    if (isMasked(field)) {
      const refusal = { errorType: OFPET.BAD_ACTION, code: OFPBAC.BAD_SET_ARGUMENT };
      throw new DecodeError('badMask', at, 'a set-field action has a mask', refusal);
    }
    return { type: 'setField', field };
  },
  write: (writer, { field }) => writeOneField(writer, field, 4),
  toJson: ({ field }) => matchToJson(field),
  fromJson(json, where) {
    const field = matchFromJson(json, where);
    onlyField(field);
    return { type: 'setField', field };
  },
  kind: { kind: 'special', name: 'setField' },
};

export function isMasked(match: Match): boolean {
  const [, value] = onlyField(match);
  return typeof value === 'object' && !(value instanceof Uint8Array);
}

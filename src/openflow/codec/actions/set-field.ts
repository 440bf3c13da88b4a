import type { Action } from '../action-types.ts';
import { OFPBAC, OFPET } from '../constants/errors.ts';
import { OFPAT, OFPXMC } from '../constants/flows.ts';
import { EXPERIMENTER_ID } from '../constants/header.ts';
import type { Json } from '../json/json.ts';
import type { Masked, Match } from '../match-types.ts';
import type { OxmField } from '../oxm/field.ts';
import { fieldByActionHeader, fieldByCode, fieldByName, OXM_HASMASK } from '../oxm/fields.ts';
import { matchFromJson, matchToJson } from '../oxm/match-json.ts';
import { type OpenMatch, readExact, readExperimenterId, readField, readMasked, readUnknown } from '../oxm/read.ts';
import { writeField, writeFieldValue, writeUnknown } from '../oxm/write.ts';
import { DecodeError, EncodeError } from '../wire/errors.ts';
import type { Reader } from '../wire/reader.ts';
import type { Writer } from '../wire/writer.ts';
import type { ActionCodec } from './codec.ts';

type SetField = Extract<Action, { type: 'setField' }>;
type LoadField = Extract<Action, { type: 'loadField' }>;

const BAD_SET_ARGUMENT = { errorType: OFPET.BAD_ACTION, code: OFPBAC.BAD_SET_ARGUMENT };

/** Skips the padding; more than that is something else. */
function endOfAction(reader: Reader): void {
  if (reader.remaining < 8) reader.pos = reader.end;
}

/** Reads one OXM field and the zero bytes behind it, up to the action's end. */
function readOneField(reader: Reader): Match {
  const field: OpenMatch = {};
  readField(reader, field, 'packet');
  endOfAction(reader);
  return field as Match;
}

/** The only field of a set-field action. */
function onlyField(match: Match): [string, number | bigint | Masked<number> | Masked<bigint> | Uint8Array] {
  const entries = Object.entries(match).filter(([, value]) => value !== undefined);
  const [entry] = entries;
  if (!entry || entries.length !== 1) throw new EncodeError('field', match, 'exactly one field');
  return entry;
}

/** Writes one OXM field; `bytesBefore` it in the action count for the padding to 8. */
function writeOneField(writer: Writer, match: Match, bytesBefore: number): void {
  const start = writer.length - bytesBefore;
  const [name, value] = onlyField(match);
  const field = fieldByName(name);
  if (field) writeField(writer, field, value);
  else writeUnknown(writer, name, value);
  writer.padTo8(start);
}

/** Type, length, experimenter and subtype. */
const VENDOR_ACTION_LEN = 10;

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

/** How long the value is in a header that has no mask. */
const widthIn = (header: number, experimenter: number | undefined): number =>
  (header & 0xff) - (experimenter === undefined ? 0 : 4);

/** The header of a field in REG_LOAD2: its NXM header, where that is as wide as the field. */
function loadHeader(field: OxmField): { header: number; experimenter: number | undefined } {
  const experimenter = field.actionHeader >>> 16 === OFPXMC.EXPERIMENTER ? field.experimenter : undefined;
  const header = widthIn(field.actionHeader, experimenter) === field.bytes ? field.actionHeader : field.header;
  return { header, experimenter };
}

/** The field that REG_LOAD2 names so, or undefined. */
function loadedField(header: number, experimenter: number | undefined): OxmField | undefined {
  const named = fieldByActionHeader(header, experimenter ?? 0);
  const field = named ?? fieldByCode(header >>> 16, (header >>> 9) & 0x7f, experimenter ?? 0);
  return field && loadHeader(field).header === header ? field : undefined;
}

/** Reads the field of REG_LOAD2, which Open vSwitch names by its NXM header. */
function readLoaded(reader: Reader): Match {
  const at = reader.pos;
  const header = reader.u32();
  const experimenter = readExperimenterId(reader, header, at);
  const isMasked = (header & OXM_HASMASK) !== 0;
  const bytes = widthIn(header, experimenter);
  const exact = isMasked ? header - OXM_HASMASK - (bytes >> 1) : header;
  const field = isMasked && bytes % 2 !== 0 ? undefined : loadedField(exact, experimenter);
  const match: OpenMatch = {};
  if (field) match[field.name] = isMasked ? readMasked(reader, field, at) : readExact(reader, field, at);
  else readUnknown(reader, match, header, experimenter ?? 0, at);
  endOfAction(reader);
  return match as Match;
}

function writeLoaded(writer: Writer, match: Match): void {
  const start = writer.length - VENDOR_ACTION_LEN;
  const [name, value] = onlyField(match);
  const field = fieldByName(name);
  if (field) {
    const { header, experimenter } = loadHeader(field);
    const isMasked = typeof value === 'object';
    writer.u32(isMasked ? header + OXM_HASMASK + field.bytes : header, name);
    if (experimenter !== undefined) writer.u32(experimenter, name);
    writeFieldValue(writer, field, value);
  } else writeUnknown(writer, name, value);
  writer.padTo8(start);
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
    writeLoaded(writer, field);
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
    const field = readLoaded(reader);
    return { type: isMasked(field) ? 'setField' : 'loadField', field };
  },
  write(writer, { field }) {
    if (isMasked(field)) throw new EncodeError('field', field, 'a field without a mask; with one it is a setField');
    writeLoaded(writer, field);
  },
  fromJson: (value, where) => ({ type: 'loadField', field: fieldFromJson(value, where) }),
};

function isMasked(match: Match): boolean {
  const [, value] = onlyField(match);
  return typeof value === 'object' && !(value instanceof Uint8Array);
}

/** OXM fields to bytes. Values, masks and prerequisites are checked on the way: a wrong one raises an EncodeError. */
import { OFPMT, OFPXMC } from '../constants/flows.ts';
import type { Masked, Match } from '../match-types.ts';
import { EncodeError } from '../wire/errors.ts';
import type { Writer } from '../wire/writer.ts';
import type { OxmField } from './field.ts';
import { fieldByName, OXM_FIELDS, OXM_HASMASK } from './fields.ts';
import { missingPrerequisite } from './prerequisites.ts';
import type { Strictness } from './read.ts';

type Value = number | bigint;
type Loose = Readonly<Record<string, Value | Masked<Value> | Uint8Array | undefined>>;

/**
 * Writes `ofp_match` with its padding. Fields keep the order of the match's keys, unless one would stand before its
 * prerequisite, which a switch refuses: then they are written in the order of the table.
 */
export function writeMatch(writer: Writer, match: Match, strictness: Strictness): void {
  if (typeof match !== 'object' || match === null) throw new EncodeError('match', match, 'an object of fields');
  const start = writer.length;
  writer.u16(OFPMT.OXM, 'match');
  writer.u16(0, 'match');
  try {
    if (!writeInKeyOrder(writer, match as Loose, strictness)) {
      writer.truncate(start + 4);
      writeInTableOrder(writer, match as Loose);
    }
  } catch (error) {
    throw error instanceof EncodeError ? error.within('match') : error;
  }
  const length = writer.length - start;
  if (length > 0xffff) throw new EncodeError('match', `${length} bytes`, 'at most 65535 bytes long');
  writer.patchU16(start + 2, length);
  writer.padTo8(start);
}

/** False where a field stands before its prerequisite. */
function writeInKeyOrder(writer: Writer, match: Loose, strictness: Strictness): boolean {
  let seen = 0;
  for (const name in match) {
    const value = match[name];
    if (value === undefined) continue;
    const field = fieldByName(name);
    if (!field) {
      writeUnknown(writer, name, value);
      continue;
    }
    if (field.needsBit !== 0 && strictness === 'rule') {
      const missing = missingPrerequisite(field, match);
      if (missing) throw new EncodeError(name, value, `together with ${missing}`);
      if ((field.needsBit & seen) === 0) return false;
    }
    seen |= field.providesBit;
    writeField(writer, field, value);
  }
  return true;
}

function writeInTableOrder(writer: Writer, match: Loose): void {
  for (const field of OXM_FIELDS) {
    const value = match[field.name];
    if (value !== undefined) writeField(writer, field, value);
  }
  for (const name in match) {
    const value = match[name];
    if (value !== undefined && !fieldByName(name)) writeUnknown(writer, name, value);
  }
}

/** Writes one field: header, value and, if there is one, mask. */
export function writeField(writer: Writer, field: OxmField, value: Value | Masked<Value> | Uint8Array): void {
  writeHeader(writer, field, typeof value === 'object' ? field.maskedHeader : field.header);
  writeFieldValue(writer, field, value);
}

/** Writes value and mask, checked against the field's row. */
export function writeFieldValue(writer: Writer, field: OxmField, value: Value | Masked<Value> | Uint8Array): void {
  if (typeof value !== 'object') return writeValue(writer, field, value);
  if (value === null || !('mask' in value)) throw new EncodeError(field.name, value, 'a value or { value, mask }');
  if (!field.maskable) throw new EncodeError(field.name, value, 'a value without a mask: this field takes none');
  writeValue(writer, field, value.value);
  writeBits(writer, field, value.mask);
  if ((BigInt(value.value) & ~BigInt(value.mask)) !== 0n) {
    throw new EncodeError(field.name, value, 'a value without bits outside its mask');
  }
}

function writeHeader(writer: Writer, field: OxmField, header: number): void {
  writer.u32(header, field.name);
  if (field.experimenter !== undefined) writer.u32(field.experimenter, field.name);
}

function writeValue(writer: Writer, field: OxmField, value: Value): void {
  if (field.bytes <= 6 && !((value as number) <= field.max)) {
    throw new EncodeError(field.name, value, `a number from 0 to ${field.max}`);
  }
  writeBits(writer, field, value);
}

function writeBits(writer: Writer, field: OxmField, value: Value): void {
  switch (field.bytes) {
    case 1:
      return writer.u8(value as number, field.name);
    case 2:
      return writer.u16(value as number, field.name);
    case 3:
      return writer.u24(value as number, field.name);
    case 4:
      return writer.u32(value as number, field.name);
    case 6:
      return writer.u48(value as number, field.name);
    case 8:
      return writer.u64(value as bigint, field.name);
    default:
      return writer.u128(value as bigint, field.name);
  }
}

const UNKNOWN_NAME = /^oxm:([0-9a-f]{8})([0-9a-f]{8})?$/;

export function writeUnknown(writer: Writer, name: string, value: unknown): void {
  const parts = UNKNOWN_NAME.exec(name);
  if (!parts) throw new EncodeError(name, value, 'absent: no OXM field has this name');
  if (!(value instanceof Uint8Array)) throw new EncodeError(name, value, 'a Uint8Array: the field is not known');
  const header = Number.parseInt(parts[1]!, 16);
  const isExperimenter = header >>> 16 === OFPXMC.EXPERIMENTER;
  if (isExperimenter !== (parts[2] !== undefined)) {
    throw new EncodeError(name, value, 'named with an experimenter id if its class is 0xffff, and only then');
  }
  const length = header & 0xff;
  if (value.length + (isExperimenter ? 4 : 0) !== length) {
    throw new EncodeError(name, value, `as long as its header says: ${length} bytes`);
  }
  if ((header & OXM_HASMASK) !== 0 && value.length % 2 !== 0)
    throw new EncodeError(name, value, 'an even number of bytes');
  writer.u32(header, name);
  if (parts[2] !== undefined) writer.u32(Number.parseInt(parts[2], 16), name);
  writer.bytes(value, name);
}

/** OXM fields from bytes (OpenFlow 1.3.5 sections 7.2.3.2 to 7.2.3.4). */
import { OFPBMC, OFPET } from '../constants/errors.ts';
import { OFPMT, OFPXMC } from '../constants/flows.ts';
import type { Masked, Match, UnknownField } from '../match-types.ts';
import { DecodeError, REFUSE } from '../wire/errors.ts';
import type { Reader } from '../wire/reader.ts';
import type { OxmField } from './field.ts';
import { fieldByCode, OXM_HASMASK } from './fields.ts';
import { missingPrerequisite } from './prerequisites.ts';

type Value = number | bigint;
/** A match while it is being read. */
export type OpenMatch = Record<string, Value | Masked<Value> | Uint8Array>;

const MATCH_HEADER_LEN = 4;
const IN_PORT_HEADER = 0x80000004;
const IN_PORT_ONLY_LEN = 12;
const BAD_VALUE = { errorType: OFPET.BAD_MATCH, code: OFPBMC.BAD_VALUE };
const BAD_MASK = { errorType: OFPET.BAD_MATCH, code: OFPBMC.BAD_MASK };
const BAD_WILDCARDS = { errorType: OFPET.BAD_MATCH, code: OFPBMC.BAD_WILDCARDS };
const BAD_PREREQ = { errorType: OFPET.BAD_MATCH, code: OFPBMC.BAD_PREREQ };
const DUP_FIELD = { errorType: OFPET.BAD_MATCH, code: OFPBMC.DUP_FIELD };
const BAD_TYPE = { errorType: OFPET.BAD_MATCH, code: OFPBMC.BAD_TYPE };

/** How strict a match must be: a rule's prerequisites count, a packet's context (PACKET_IN) may be any fields. */
export type Strictness = 'rule' | 'packet';

/** Reads `ofp_match` with its padding. */
export function readMatch(reader: Reader, strictness: Strictness): Match {
  const type = reader.u16();
  if (type !== OFPMT.OXM) {
    throw new DecodeError('unknownType', reader.pos - 2, `match type ${type} is not OXM`, BAD_TYPE);
  }
  const length = reader.u16();
  if (length < MATCH_HEADER_LEN) reader.badLength(length, MATCH_HEADER_LEN, REFUSE.matchLength);
  const outer = reader.enter(length - MATCH_HEADER_LEN, REFUSE.matchLength);
  if (length === IN_PORT_ONLY_LEN && peekU32(reader) === IN_PORT_HEADER) return readInPortOnly(reader, outer);
  const match: OpenMatch = {};
  while (reader.pos < reader.end) readField(reader, match, strictness);
  reader.end = outer;
  reader.skip((8 - (length & 7)) & 7, REFUSE.matchLength);
  return match as Match;
}

/** What Open vSwitch tells of most packets: the port alone. Worth a path of its own, since one comes with every PACKET_IN. */
function readInPortOnly(reader: Reader, outer: number): Match {
  reader.pos += 4;
  const match = { inPort: reader.u32() };
  reader.end = outer;
  reader.skip(4, REFUSE.matchLength);
  return match;
}

/** The next four bytes; the caller knows that they are there. */
function peekU32({ bytes, pos }: Reader): number {
  return ((bytes[pos]! << 24) | (bytes[pos + 1]! << 16) | (bytes[pos + 2]! << 8) | bytes[pos + 3]!) >>> 0;
}

/** Reads one OXM field into `match`. */
export function readField(reader: Reader, match: OpenMatch, strictness: Strictness): void {
  const at = reader.pos;
  reader.need(4, REFUSE.matchLength);
  const header = reader.u32();
  const length = header & 0xff;
  reader.need(length, REFUSE.matchLength);
  const oxmClass = header >>> 16;
  const experimenter = readExperimenterId(reader, header, at) ?? 0;
  const field = fieldByCode(oxmClass, (header >>> 9) & 0x7f, experimenter);
  if (!field) return readUnknown(reader, match, header, experimenter, at);
  if (match[field.name] !== undefined) {
    throw new DecodeError('duplicate', at, `${field.snakeName} stands twice in a match`, DUP_FIELD);
  }
  if (header === field.header) match[field.name] = checkedValue(field, readValue(reader, field), at);
  else if (header === field.maskedHeader) match[field.name] = readMasked(reader, field, at);
  else {
    const sentence = `${field.snakeName} cannot be ${length} bytes long`;
    throw new DecodeError('badLength', at, sentence, REFUSE.matchLength);
  }
  if (strictness === 'rule' && field.needs) {
    const missing = missingPrerequisite(field, match);
    if (missing)
      throw new DecodeError('badPrerequisite', at, `${field.snakeName} stands without ${missing}`, BAD_PREREQ);
  }
}

/** The experimenter's id behind an OXM header; undefined where the header's class has none. */
export function readExperimenterId(reader: Reader, header: number, at: number): number | undefined {
  if (header >>> 16 !== OFPXMC.EXPERIMENTER) return undefined;
  if ((header & 0xff) < 4) {
    throw new DecodeError('badLength', at, 'an experimenter field has no room for its id', REFUSE.matchLength);
  }
  return reader.u32();
}

function readValue(reader: Reader, field: OxmField): Value {
  switch (field.bytes) {
    case 1:
      return reader.u8();
    case 2:
      return reader.u16();
    case 3:
      return reader.u24();
    case 4:
      return reader.u32();
    case 6:
      return reader.u48();
    case 8:
      return reader.u64();
    default:
      return reader.u128();
  }
}

/** The value of a field whose header is read. */
export function readExact(reader: Reader, field: OxmField, at: number): Value {
  return checkedValue(field, readValue(reader, field), at);
}

function checkedValue(field: OxmField, value: Value, at: number): Value {
  if (field.bytes <= 6 && value > field.max) {
    throw new DecodeError('badValue', at, `${field.snakeName} ${value} is larger than ${field.max}`, BAD_VALUE);
  }
  return value;
}

/** Value and mask of a field whose header is read. */
export function readMasked(reader: Reader, field: OxmField, at: number): Masked<Value> {
  if (!field.maskable) throw new DecodeError('badMask', at, `${field.snakeName} takes no mask`, BAD_MASK);
  const value = checkedValue(field, readValue(reader, field), at);
  const mask = readValue(reader, field);
  if ((BigInt(value) & ~BigInt(mask)) !== 0n) {
    throw new DecodeError('badMask', at, `${field.snakeName} has value bits outside its mask`, BAD_WILDCARDS);
  }
  return { value, mask };
}

export function readUnknown(reader: Reader, match: OpenMatch, header: number, experimenter: number, at: number): void {
  const isExperimenter = header >>> 16 === OFPXMC.EXPERIMENTER;
  const bodyLength = (header & 0xff) - (isExperimenter ? 4 : 0);
  if ((header & OXM_HASMASK) !== 0 && bodyLength % 2 !== 0) {
    throw new DecodeError('badLength', at, 'a masked field has an odd length', REFUSE.matchLength);
  }
  const key = unknownFieldName(header, isExperimenter ? experimenter : undefined);
  if (match[key] !== undefined) throw new DecodeError('duplicate', at, `${key} stands twice in a match`, DUP_FIELD);
  match[key] = reader.take(bodyLength);
}

/** The name under which a match keeps a field that the table does not know. */
export function unknownFieldName(header: number, experimenter: number | undefined): UnknownField {
  const id = experimenter === undefined ? '' : experimenter.toString(16).padStart(8, '0');
  return `oxm:${header.toString(16).padStart(8, '0')}${id}`;
}

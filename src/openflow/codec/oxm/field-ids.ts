/** Fields by header alone, without a value: in Open vSwitch's actions and in table features. */
import { OFPXMC } from '../constants/flows.ts';
import type { MatchField, UnknownField } from '../match-types.ts';
import type { OxmId } from '../multipart-types.ts';
import { DecodeError, EncodeError, REFUSE } from '../wire/errors.ts';
import type { Reader } from '../wire/reader.ts';
import type { Writer } from '../wire/writer.ts';
import type { OxmField } from './field.ts';
import { fieldByActionHeader, fieldByCode, fieldByName } from './fields.ts';
import { readExperimenterId, unknownFieldName } from './read.ts';

type FieldName = MatchField | UnknownField;
const UNKNOWN_NAME = /^oxm:([0-9a-f]{8})([0-9a-f]{8})?$/;

function readHeader(reader: Reader): { header: number; experimenter: number | undefined } {
  const at = reader.pos;
  const header = reader.u32();
  return { header, experimenter: readExperimenterId(reader, header, at) };
}

function writeHeader(writer: Writer, header: number, experimenter: number | undefined, name: string): void {
  writer.u32(header, name);
  if (experimenter !== undefined) writer.u32(experimenter, name);
}

/** The header and id that the name of an unknown field spells. */
function parseUnknown(name: string, where: string): { header: number; experimenter: number | undefined } {
  const parts = UNKNOWN_NAME.exec(name);
  if (!parts) throw new EncodeError(where, name, 'the name of a match field');
  const header = Number.parseInt(parts[1]!, 16);
  const experimenter = parts[2] === undefined ? undefined : Number.parseInt(parts[2], 16);
  if ((header >>> 16 === OFPXMC.EXPERIMENTER) !== (experimenter !== undefined)) {
    throw new EncodeError(where, name, 'named with an experimenter id if its class is 0xffff, and only then');
  }
  return { header, experimenter };
}

/** A field as an Open vSwitch action names it: its NXM header where there is one. */
export function readActionField(reader: Reader): FieldName {
  const { header, experimenter } = readHeader(reader);
  return fieldByActionHeader(header, experimenter ?? 0)?.name ?? unknownFieldName(header, experimenter);
}

/** The name for a plain header of four bytes; refuses one that would need an experimenter's id behind it. */
export function fieldOfHeader(header: number, at: number): FieldName {
  if (header >>> 16 === OFPXMC.EXPERIMENTER) {
    throw new DecodeError('badValue', at, 'an experimenter field cannot stand here', REFUSE.actionArgument);
  }
  return fieldByActionHeader(header, 0)?.name ?? unknownFieldName(header, undefined);
}

export function writeActionField(writer: Writer, name: string, where: string): void {
  const field = fieldByName(name);
  if (field) {
    const isExperimenter = field.actionHeader >>> 16 === OFPXMC.EXPERIMENTER;
    writeHeader(writer, field.actionHeader, isExperimenter ? field.experimenter : undefined, where);
  } else {
    const { header, experimenter } = parseUnknown(name, where);
    writeHeader(writer, header, experimenter, where);
  }
}

/** How many bits a field has in an action, as its header tells. */
export function bitsInAction(name: string): number {
  const field = fieldByName(name);
  return field ? Math.min(field.bits, (field.actionHeader & 0xff) * 8) : 0xffff;
}

/** A field in a list of what a table can match or set. */
export function readOxmId(reader: Reader): OxmId {
  const { header, experimenter } = readHeader(reader);
  const field = fieldByCode(header >>> 16, (header >>> 9) & 0x7f, experimenter ?? 0);
  if (field && header === field.header) return { field: field.name, masked: false };
  if (field && header === field.maskedHeader) return { field: field.name, masked: true };
  return { field: unknownFieldName(header, experimenter), masked: false };
}

export function writeOxmId(writer: Writer, id: OxmId, where: string): void {
  if (typeof id !== 'object' || id === null)
    throw new EncodeError(where, id, 'an object with the name of a match field');
  const { field: name, masked } = id;
  const field: OxmField | undefined = fieldByName(name);
  if (field) writeHeader(writer, masked ? field.maskedHeader : field.header, field.experimenter, where);
  else {
    const { header, experimenter } = parseUnknown(name, where);
    writeHeader(writer, header, experimenter, where);
  }
}

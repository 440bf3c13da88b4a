/** Subfields, as `reg0[0..15]`: some bits of a field (ovs-actions(7), "Field Specifications"). */
import type { Subfield } from '../action-types.ts';
import { OFPXMC } from '../constants/flows.ts';
import type { Json } from '../json/json.ts';
import { DecodeError, EncodeError, REFUSE } from '../wire/errors.ts';
import type { Field } from '../wire/fields.ts';
import type { Reader } from '../wire/reader.ts';
import type { Writer } from '../wire/writer.ts';
import { bitsInAction, fieldOfHeader, readActionField, writeActionField } from './field-ids.ts';
import { fieldByName, fieldBySnakeName } from './fields.ts';

/** Refuses bits that the field does not have. */
export function checkedSubfield(subfield: Subfield, at: number): Subfield {
  const { field, offset, bits } = subfield;
  if (bits === 0 || offset + bits > bitsInAction(field)) {
    throw new DecodeError('badValue', at, `${subfieldText(subfield)} reaches beyond its field`, REFUSE.actionArgument);
  }
  return subfield;
}

export function requireSubfield(subfield: Subfield, where: string): void {
  if (typeof subfield !== 'object' || subfield === null) throw new EncodeError(where, subfield, 'a subfield');
  const { field, offset, bits } = subfield;
  if (
    !Number.isInteger(offset) ||
    !Number.isInteger(bits) ||
    offset < 0 ||
    bits < 1 ||
    offset + bits > bitsInAction(field)
  ) {
    throw new EncodeError(where, subfield, 'bits that the field has');
  }
}

export function subfieldText({ field, offset, bits }: Subfield): string {
  const name = fieldByName(field)?.snakeName ?? field;
  return bits === 1 ? `${name}[${offset}]` : `${name}[${offset}..${offset + bits - 1}]`;
}

const TEXT = /^([^[\]]+)(?:\[(?:(\d{1,5})(?:\.\.(\d{1,6}))?)?\])?$/;

export function parseSubfield(json: Json, where: string): Subfield {
  const parts = typeof json === 'string' ? TEXT.exec(json) : null;
  const name = parts?.[1];
  const field =
    name === undefined ? undefined : (fieldBySnakeName(name)?.name ?? (name.startsWith('oxm:') ? name : undefined));
  if (!parts || field === undefined) throw new EncodeError(where, json, 'a subfield like "reg0[0..15]"');
  const offset = Number(parts[2] ?? 0);
  const last = parts[3] === undefined ? (parts[2] === undefined ? bitsInAction(field) - 1 : offset) : Number(parts[3]);
  const subfield = { field: field as Subfield['field'], offset, bits: last - offset + 1 };
  requireSubfield(subfield, where);
  return subfield;
}

const json = {
  toJson: subfieldText,
  fromJson: parseSubfield,
  kind: { kind: 'special', name: 'subfield' },
} as const satisfies Partial<Field<Subfield>>;

const OFFSET_BITS = 6; // the low bits of ofs_nbits hold the width less one

/** Offset and width in 16 bits, then a plain header. */
export const packedSubfield: Field<Subfield> = {
  ...json,
  read(reader) {
    const at = reader.pos;
    const packed = reader.u16();
    const field = fieldOfHeader(reader.u32(), at);
    return checkedSubfield({ field, offset: packed >>> OFFSET_BITS, bits: (packed & 0x3f) + 1 }, at);
  },
  write(writer, value, where) {
    requireSubfield(value, where);
    if (value.bits > 64) throw new EncodeError(where, value, 'at most 64 bits');
    if (isExperimenterField(value.field)) throw new EncodeError(where, value, 'no experimenter field');
    writer.u16((value.offset << OFFSET_BITS) | (value.bits - 1), where);
    writeActionField(writer, value.field, where);
  },
};

/** Whether an action names the field with an experimenter's id, for which some have no room. */
function isExperimenterField(name: string): boolean {
  const header = fieldByName(name)?.actionHeader ?? Number.parseInt(name.slice('oxm:'.length, 'oxm:'.length + 8), 16);
  return header >>> 16 === OFPXMC.EXPERIMENTER;
}

/** Offset, header, width: as the stack actions have it. */
export const stackSubfield: Field<Subfield> = {
  ...json,
  read(reader) {
    const at = reader.pos;
    const offset = reader.u16();
    const field = readActionField(reader);
    return checkedSubfield({ field, offset, bits: reader.u16() }, at);
  },
  write(writer, value, where) {
    requireSubfield(value, where);
    writer.u16(value.offset, where);
    writeActionField(writer, value.field, where);
    writer.u16(value.bits, where);
  },
};

/** Header and offset; the width is known already. */
export function readSubfield(reader: Reader, bits: number): Subfield {
  const at = reader.pos;
  const field = readActionField(reader);
  return checkedSubfield({ field, offset: reader.u16(), bits }, at);
}

export function writeSubfield(writer: Writer, value: Subfield, where: string): void {
  requireSubfield(value, where);
  writeActionField(writer, value.field, where);
  writer.u16(value.offset, where);
}

/** Connection tracking: ct, nat within it, and clone, the other action that holds actions (ovs-actions(7)). */
import type { Action, Ct, Subfield } from '../action-types.ts';
import { OFPAT } from '../constants/flows.ts';
import { EXPERIMENTER_ID } from '../constants/header.ts';
import * as formats from '../json/formats.ts';
import { asObject, type Format, type Json, onlyKeys, snakeCase } from '../json/json.ts';
import { fieldOfHeader } from '../oxm/field-ids.ts';
import { fieldByName } from '../oxm/fields.ts';
import { checkedSubfield, packedSubfield, parseSubfield, subfieldText } from '../oxm/subfield.ts';
import type { Nat } from '../ovs-action-types.ts';
import { type Field, u16, u8 } from '../wire/fields.ts';
import type { Reader } from '../wire/reader.ts';
import { pad } from '../wire/struct.ts';
import type { Writer } from '../wire/writer.ts';
import { action, type ActionCodec } from './codec.ts';

const vendor = (subtype: number) => ({ id: EXPERIMENTER_ID.NICIRA, subtype });

/** A number, or bits of a field: a header of zero says that the number follows. */
const zone: Field<number | Subfield> = {
  read(reader) {
    const at = reader.pos;
    const header = reader.u32();
    const value = reader.u16();
    if (header === 0) return value;
    return checkedSubfield({ field: fieldOfHeader(header, at), offset: value >>> 6, bits: (value & 0x3f) + 1 }, at);
  },
  write(writer, value, name) {
    if (typeof value === 'number') {
      writer.u32(0, name);
      writer.u16(value, name);
      return;
    }
    const start = writer.length;
    packedSubfield.write(writer, value, name); // width and header the other way round: checked there, written here
    writer.truncate(start);
    const header = fieldByName(value.field)?.actionHeader ?? Number.parseInt(value.field.slice('oxm:'.length), 16);
    writer.u32(header, name);
    writer.u16((value.offset << 6) | (value.bits - 1), name);
  },
  toJson: (value) => (typeof value === 'number' ? value : subfieldText(value)),
  fromJson: (json, name) =>
    typeof json === 'string' ? parseSubfield(json, name) : formats.decimal.fromJson(json, name),
  kind: { kind: 'special', name: 'ctZone' },
};

type RangeName = Exclude<keyof Nat, 'type' | 'flags'>;
interface RangePart<T> {
  read(reader: Reader): T;
  write(writer: Writer, value: T): void;
  readonly format: Format<T>;
}

/** The parts of a range in wire order; the n-th is there where bit n of `range_present` says so. */
const RANGE: { readonly [N in RangeName]-?: RangePart<Exclude<Nat[N], undefined>> } = {
  ipv4Min: { read: (r) => r.u32(), write: (w, v) => w.u32(v, 'ipv4Min'), format: formats.ipv4 },
  ipv4Max: { read: (r) => r.u32(), write: (w, v) => w.u32(v, 'ipv4Max'), format: formats.ipv4 },
  ipv6Min: { read: (r) => r.u128(), write: (w, v) => w.u128(v, 'ipv6Min'), format: formats.ipv6 },
  ipv6Max: { read: (r) => r.u128(), write: (w, v) => w.u128(v, 'ipv6Max'), format: formats.ipv6 },
  portMin: { read: (r) => r.u16(), write: (w, v) => w.u16(v, 'portMin'), format: formats.decimal },
  portMax: { read: (r) => r.u16(), write: (w, v) => w.u16(v, 'portMax'), format: formats.decimal },
};
const range = Object.entries(RANGE) as [RangeName, RangePart<unknown>][];
const natFlags = formats.flags({ src: 1, dst: 2, persistent: 4, hash: 8, random: 16 });

const nat: ActionCodec<Nat> = {
  type: 'nat',
  wireType: OFPAT.EXPERIMENTER,
  experimenter: vendor(36),
  read(reader) {
    reader.skip(2);
    const value: Record<string, unknown> = { type: 'nat', flags: reader.u16() };
    const present = reader.u16();
    range.forEach(([name, part], i) => {
      if ((present & (1 << i)) !== 0) value[name] = part.read(reader);
    });
    if (reader.remaining < 8) reader.pos = reader.end;
    return value as unknown as Nat;
  },
  write(writer, value) {
    writer.pad(2);
    writer.u16(value.flags, 'flags');
    writer.u16(
      range.reduce((bits, [name], i) => (value[name] === undefined ? bits : bits | (1 << i)), 0),
      'range',
    );
    for (const [name, part] of range) if (value[name] !== undefined) part.write(writer, value[name]);
  },
  toJson(value) {
    const json: Record<string, Json> = { flags: natFlags.toJson(value.flags) };
    for (const [name, part] of range)
      if (value[name] !== undefined) json[snakeCase(name)] = part.format.toJson(value[name]);
    return json;
  },
  fromJson(json, where) {
    const object = asObject(json, where);
    onlyKeys(object, ['flags', ...range.map(([name]) => snakeCase(name))], where);
    const value: Record<string, unknown> = {
      type: 'nat',
      flags: natFlags.fromJson(object['flags'] ?? null, `${where}.flags`),
    };
    for (const [name, part] of range) {
      const given = object[snakeCase(name)];
      if (given !== undefined) value[name] = part.format.fromJson(given, `${where}.${snakeCase(name)}`);
    }
    return value as unknown as Nat;
  },
  kind: { kind: 'special', name: 'nat' },
};

/** The actions that hold `actions`. */
export function conntrackActions(actions: Field<readonly Action[]>) {
  const ct = action<Ct>(
    'ct',
    OFPAT.EXPERIMENTER,
    {
      flags: u16(formats.flags({ commit: 1, force: 2 })),
      zone,
      recircTable: u8(formats.named({ none: 255 })),
      _pad: pad(3),
      alg: u16(),
      actions,
    },
    vendor(35),
  );
  const clone = action<Extract<Action, { type: 'clone' }>>(
    'clone',
    OFPAT.EXPERIMENTER,
    { _pad: pad(6), actions },
    vendor(42),
  );
  return { ct, clone, nat };
}

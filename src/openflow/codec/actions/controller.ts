import { OFPAT } from '../constants/flows.ts';
import { EXPERIMENTER_ID } from '../constants/header.ts';
import { OFPR } from '../constants/switch.ts';
import * as formats from '../json/formats.ts';
import { asObject, camelCase, type Format, type Json, onlyKeys, snakeCase } from '../json/json.ts';
import type { ControllerUserdata } from '../ovs-action-types.ts';
import { DecodeError, EncodeError, REFUSE } from '../wire/errors.ts';
import type { Reader } from '../wire/reader.ts';
import type { Writer } from '../wire/writer.ts';
import type { ActionCodec } from './codec.ts';

type Name = Exclude<keyof ControllerUserdata, 'type'>;

/** One property: its number, what it holds, and that in JSON. The value's length follows from the property's. */
interface Property<T> {
  readonly wireType: number;
  read(reader: Reader): T;
  write(writer: Writer, value: T): void;
  readonly format: Format<T>;
}

const flag: Format<true> = formats.format<true>(
  () => true,
  (json) => (json === true ? true : undefined),
  'true or absent',
);

/** It is there, whatever it holds. */
function readFlag(reader: Reader): true {
  reader.skip(reader.remaining);
  return true;
}

const PROPERTIES: { readonly [N in Name]-?: Property<Exclude<ControllerUserdata[N], undefined>> } = {
  maxLen: { wireType: 0, read: (r) => r.u16(), write: (w, v) => w.u16(v, 'maxLen'), format: formats.decimal },
  controllerId: {
    wireType: 1,
    read: (r) => r.u16(),
    write: (w, v) => w.u16(v, 'controllerId'),
    format: formats.decimal,
  },
  reason: { wireType: 2, read: (r) => r.u8(), write: (w, v) => w.u8(v, 'reason'), format: formats.named(OFPR) },
  userdata: { wireType: 3, read: (r) => r.rest(), write: (w, v) => w.bytes(v, 'userdata'), format: formats.hexBytes },
  pause: { wireType: 4, read: readFlag, write: () => undefined, format: flag },
  meterId: { wireType: 5, read: (r) => r.u32(), write: (w, v) => w.u32(v, 'meterId'), format: formats.meter },
};
const table = PROPERTIES as Readonly<Record<string, Property<unknown>>>;
const names = Object.keys(PROPERTIES);
const PROPERTY_HEADER_LEN = 4;

function readProperty(reader: Reader, action: Record<string, unknown>): void {
  const at = reader.pos;
  const wireType = reader.u16();
  const length = reader.u16();
  const name = names.find((candidate) => table[candidate]!.wireType === wireType);
  if (name === undefined) {
    throw new DecodeError('unknownType', at, `controller property ${wireType} is not known`, REFUSE.actionArgument);
  }
  if (action[name] !== undefined) throw new DecodeError('duplicate', at, `${name} stands twice`, REFUSE.actionArgument);
  const outer = reader.enter(length - PROPERTY_HEADER_LEN);
  action[name] = table[name]!.read(reader);
  reader.leave(outer);
  reader.skip(Math.min((8 - (length & 7)) & 7, reader.remaining));
}

/** Nicira's CONTROLLER2: `controller` with user data, a pause, or a meter. */
export const controllerUserdata: ActionCodec<ControllerUserdata> = {
  type: 'controllerUserdata',
  wireType: OFPAT.EXPERIMENTER,
  experimenter: { id: EXPERIMENTER_ID.NICIRA, subtype: 37 },
  read(reader) {
    const action: Record<string, unknown> = { type: 'controllerUserdata' };
    reader.skip(6);
    while (reader.pos < reader.end) readProperty(reader, action);
    return action as unknown as ControllerUserdata;
  },
  write(writer, action) {
    writer.pad(6);
    for (const [name, value] of Object.entries(action)) {
      if (name === 'type' || value === undefined) continue;
      const property = table[name];
      if (!property) throw new EncodeError(name, value, `absent: known are ${names.join(', ')}`);
      const start = writer.length;
      writer.u16(property.wireType, name);
      writer.u16(0, name);
      property.write(writer, value);
      writer.patchU16(start + 2, writer.length - start);
      writer.padTo8(start);
    }
  },
  toJson(action) {
    const entries = Object.entries(action).filter(([name, value]) => name !== 'type' && value !== undefined);
    return Object.fromEntries(
      entries.map(([name, value]): [string, Json] => [snakeCase(name), table[name]!.format.toJson(value)]),
    );
  },
  fromJson(json, where) {
    const object = asObject(json, where);
    onlyKeys(object, names.map(snakeCase), where);
    const entries = Object.entries(object).map(([key, value]): [string, unknown] => {
      const name = camelCase(key);
      return [name, table[name]!.format.fromJson(value, `${where}.${key}`)];
    });
    return { type: 'controllerUserdata', ...Object.fromEntries(entries) };
  },
  kind: { kind: 'special', name: 'controllerUserdata' },
};

import { decimal } from '../json/formats.ts';
import { asObject, asText, camelCase, type JsonObject, snakeCase } from '../json/json.ts';
import { DecodeError, EncodeError, type Refusal } from './errors.ts';
import type { AnyField, Field } from './fields.ts';
import { patchLength, type Struct } from './struct.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/** One of several structures that begin with a type and a length. */
export interface Variant {
  readonly wireType: number;
  /** Everything but `type`. */
  readonly body: Struct<object>;
}

export interface TaggedOptions {
  /** How to answer for a type that the table does not hold, and for a length that makes no sense. */
  readonly unknown: Refusal;
  readonly length: Refusal;
  /** Whether padding to 8 bytes follows that the length does not count; otherwise the length itself is such a multiple. */
  readonly padOutside?: boolean;
  /** The length stands before the type. */
  readonly lengthFirst?: boolean;
  /** The variant that takes any type not in the table, with its number in the field `wireType`; its own number does not count. */
  readonly other?: string;
  /** The length need not be a multiple of 8. */
  readonly unaligned?: boolean;
}

const HEADER_LEN = 4;

/** Structures told apart by a 16-bit type beside a 16-bit length; `type` names the variant in the value. */
export function tagged<T extends { readonly type: string }>(
  variants: { readonly [K in T['type']]: Variant },
  options: TaggedOptions,
): Field<T> {
  const table = variants as Readonly<Record<string, Variant>>;
  const names = new Map(
    Object.entries(table)
      .filter(([name]) => name !== options.other)
      .map(([name, { wireType }]) => [wireType, name]),
  );
  const variantOf = (type: string, where: string): Variant => {
    if (!Object.hasOwn(table, type))
      throw new EncodeError(`${where}.type`, type, `one of ${Object.keys(table).join(', ')}`);
    return table[type]!;
  };
  return {
    read: (reader) => readTagged(reader, table, names, options) as T,
    write(writer, value, where) {
      if (typeof value !== 'object' || value === null) throw new EncodeError(where, value, 'an object with a type');
      const { wireType, body } = variantOf(value.type, where);
      writeTagged(
        writer,
        value.type === options.other ? numberIn(value, where) : wireType,
        body,
        value,
        options,
        where,
      );
    },
    toJson(value) {
      const body = variantOf(value.type, 'value').body;
      const other = value.type === options.other ? { wire_type: numberIn(value, value.type) } : {};
      return { type: snakeCase(value.type), ...other, ...asObject(body.toJson(value), value.type) };
    },
    fromJson(json, where) {
      const { type: tag, ...rest } = asObject(json, where);
      const type = camelCase(asText(tag, `${where}.type`));
      if (type === options.other) return otherFromJson(variantOf(type, where).body, type, rest, where) as T;
      return { type, ...variantOf(type, where).body.fromJson(rest, where) } as T;
    },
    kind: {
      kind: 'tagged',
      variants: Object.fromEntries(Object.entries(table).map(([name, { body }]) => [name, body as AnyField])),
    },
  };
}

function otherFromJson(body: Struct<object>, type: string, json: JsonObject, where: string): object {
  const { wire_type: wireType, ...rest } = json;
  return { type, wireType: decimal.fromJson(wireType ?? null, `${where}.wire_type`), ...body.fromJson(rest, where) };
}

/** The type of a variant that takes any, as the value has it. */
function numberIn(value: object, where: string): number {
  const { wireType } = value as { wireType?: unknown };
  if (typeof wireType !== 'number')
    throw new EncodeError(`${where}.wireType`, wireType, 'an integer from 0 to 2^16 - 1');
  return wireType;
}

function readTagged(
  reader: Reader,
  table: Readonly<Record<string, Variant>>,
  names: ReadonlyMap<number, string>,
  options: TaggedOptions,
): unknown {
  const at = reader.pos;
  reader.need(HEADER_LEN, options.length);
  const first = reader.u16();
  const second = reader.u16();
  const [wireType, length] = options.lengthFirst ? [second, first] : [first, second];
  const name = names.get(wireType) ?? options.other;
  if (name === undefined)
    throw new DecodeError('unknownType', at, `type ${wireType} is not known here`, options.unknown);
  if (length < HEADER_LEN || (!options.padOutside && !options.unaligned && length % 8 !== 0)) {
    throw new DecodeError('badLength', at, `a length of ${length} makes no sense for ${name}`, options.length);
  }
  const outer = reader.enter(length - HEADER_LEN, options.length);
  const around = reader.refusal;
  reader.refusal = options.length;
  const value = table[name]!.body.readInto(reader, name === options.other ? { type: name, wireType } : { type: name });
  reader.leave(outer);
  reader.refusal = around;
  if (options.padOutside) reader.skip(Math.min((8 - (length & 7)) & 7, reader.remaining));
  return value;
}

function writeTagged(
  writer: Writer,
  wireType: number,
  body: Struct<object>,
  value: object,
  options: TaggedOptions,
  where: string,
): void {
  const start = writer.length;
  writer.u16(options.lengthFirst ? 0 : wireType, 'type');
  writer.u16(options.lengthFirst ? wireType : 0, 'type');
  body.write(writer, value, where);
  if (!options.padOutside && !options.unaligned) writer.padTo8(start);
  patchLength(writer, start + (options.lengthFirst ? 0 : 2), writer.length - start, where);
  if (options.padOutside) writer.padTo8(start);
}

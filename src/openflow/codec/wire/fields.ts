/**
 * The building blocks of every structure: a field knows how it is read, written and told in JSON. Structures list their
 * fields in wire order (see struct.ts), and everything else follows from that list.
 */
import type { Format, Json } from '../json/json.ts';
import { asList } from '../json/json.ts';
import * as formats from '../json/formats.ts';
import { DecodeError, EncodeError, REFUSE, type Refusal } from './errors.ts';
import type { Reader } from './reader.ts';
import { bytesFromText, textFromBytes } from './text.ts';
import type { Writer } from './writer.ts';

/** What kind of values a field holds: for generators of test messages and for the docs. */
export type Kind =
  | { readonly kind: 'uint'; readonly bits: number; readonly among?: readonly number[] }
  | { readonly kind: 'wide'; readonly bits: number }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'text'; readonly length: number }
  | { readonly kind: 'list'; readonly of: AnyField; readonly length?: number }
  | { readonly kind: 'struct'; readonly fields: Readonly<Record<string, AnyField>> }
  | { readonly kind: 'tagged'; readonly variants: Readonly<Record<string, AnyField>> }
  | { readonly kind: 'constant'; readonly value: unknown }
  | { readonly kind: 'special'; readonly name: string };

export interface Field<T> {
  read(reader: Reader): T;
  /** `name` is for the error that a wrong value raises. */
  write(writer: Writer, value: T, name: string): void;
  toJson(value: T): Json;
  fromJson(json: Json, name: string): T;
  readonly kind: Kind;
  /** The field is not there where the structure ends before it. */
  readonly optional?: true;
}

/** A field of any value: what a list of unlike fields holds. */
export type AnyField = Field<never> | Field<unknown>;

/** Values that a field may hold, by the spec; anything else is refused with `refusal`. */
export interface Among {
  readonly table: Readonly<Record<string, number>>;
  readonly refusal: Refusal;
}

function uint(
  bits: number,
  format: Format<number>,
  read: (reader: Reader) => number,
  write: Field<number>['write'],
): Field<number> {
  return { ...formatOf(format), read, write, kind: { kind: 'uint', bits } };
}

function formatOf<T>(format: Format<T>): Format<T> {
  return { toJson: (value) => format.toJson(value), fromJson: (json, name) => format.fromJson(json, name) };
}

export const u8 = (format: Format<number> = formats.decimal): Field<number> =>
  uint(
    8,
    format,
    (reader) => reader.u8(),
    (writer, value, name) => writer.u8(value, name),
  );
export const u16 = (format: Format<number> = formats.decimal): Field<number> =>
  uint(
    16,
    format,
    (reader) => reader.u16(),
    (writer, value, name) => writer.u16(value, name),
  );
export const u32 = (format: Format<number> = formats.decimal): Field<number> =>
  uint(
    32,
    format,
    (reader) => reader.u32(),
    (writer, value, name) => writer.u32(value, name),
  );
export const macAddress = (): Field<number> =>
  uint(
    48,
    formats.mac,
    (reader) => reader.u48(),
    (writer, value, name) => writer.u48(value, name),
  );

export const u64 = (format: Format<bigint> = formats.counter): Field<bigint> => ({
  ...formatOf(format),
  read: (reader) => reader.u64(),
  write: (writer, value, name) => writer.u64(value, name),
  kind: { kind: 'wide', bits: 64 },
});

/** A number whose values the spec lists; others are refused both ways. */
export function among(base: Field<number>, { table, refusal }: Among): Field<number> {
  const values = Object.values(table);
  const format = formats.named(table);
  const check = (value: number, name: string): void => {
    if (!values.includes(value)) throw new EncodeError(name, value, `one of ${values.join(', ')}`);
  };
  return {
    ...formatOf(format),
    read(reader) {
      const at = reader.pos;
      const value = base.read(reader);
      if (!values.includes(value)) {
        throw new DecodeError('badValue', at, `${value} is none of ${values.join(', ')}`, refusal);
      }
      return value;
    },
    write(writer, value, name) {
      check(value, name);
      base.write(writer, value, name);
    },
    kind: { ...base.kind, among: values } as Kind,
  };
}

/** All bytes up to the end of the structure. */
export const restBytes = (format: Format<Uint8Array> = formats.hexBytes): Field<Uint8Array> => ({
  ...formatOf(format),
  read: (reader) => reader.rest(),
  write: (writer, value, name) => writer.bytes(value, name),
  kind: { kind: 'bytes' },
});

/** All bytes up to the end of the structure; absent where there are none. */
export const optionalRest: Field<Uint8Array> = { ...restBytes(), optional: true };

/** Text in a fixed number of bytes, ended by a zero byte. */
export function fixedText(length: number): Field<string> {
  return {
    ...formatOf(formats.text),
    read(reader) {
      const bytes = reader.take(length);
      const end = bytes.indexOf(0);
      return textFromBytes(bytes.subarray(0, end < 0 ? length - 1 : end));
    },
    write(writer, value, name) {
      if (typeof value !== 'string') throw new EncodeError(name, value, 'text');
      const bytes = bytesFromText(value);
      if (bytes.length >= length) throw new EncodeError(name, value, `at most ${length - 1} bytes of UTF-8`);
      if (bytes.includes(0)) throw new EncodeError(name, value, 'text without zero characters');
      writer.bytes(bytes, name);
      writer.pad(length - bytes.length);
    },
    kind: { kind: 'text', length },
  };
}

/** So many elements, neither more nor fewer. */
export function fixedList<T>(count: number, element: Field<T>): Field<readonly T[]> {
  const checked = (list: readonly T[], name: string): readonly T[] => {
    if (!Array.isArray(list) || list.length !== count) throw new EncodeError(name, list, `a list of ${count}`);
    return list;
  };
  return {
    read: (reader) => Array.from({ length: count }, () => element.read(reader)),
    write: (writer, list, name) => checked(list, name).forEach((value) => element.write(writer, value, name)),
    toJson: (list) => list.map((value) => element.toJson(value)),
    fromJson: (json, name) =>
      checked(
        asList(json, name).map((value) => element.fromJson(value, name)),
        name,
      ),
    kind: { kind: 'list', of: element as AnyField, length: count },
  };
}

/** 16-bit numbers with their count before them, and `gap` zero bytes between. */
export function countedU16(gap: number): Field<readonly number[]> {
  return {
    read(reader) {
      const count = reader.u16();
      reader.skip(gap);
      reader.need(2 * count);
      return Array.from({ length: count }, () => reader.u16());
    },
    write(writer, list, name) {
      if (!Array.isArray(list)) throw new EncodeError(name, list, 'a list of numbers');
      writer.u16(list.length, name);
      writer.pad(gap);
      for (const value of list) writer.u16(value, name);
    },
    toJson: (list) => list,
    fromJson: (json, name) => asList(json, name).map((value) => formats.decimal.fromJson(value, name)),
    kind: { kind: 'list', of: u16() },
  };
}

/** No bytes at all: the body of a request that has none. */
export const nothing: Field<undefined> = {
  read: () => undefined,
  write: () => undefined,
  toJson: () => null,
  fromJson: () => undefined,
  kind: { kind: 'constant', value: undefined },
};

/** Elements up to the end of the structure. Each must take at least one byte, so that the loop ends. */
export function restList<T>(element: Field<T>, refusal: Refusal = REFUSE.requestLength): Field<readonly T[]> {
  return {
    read(reader) {
      const list: T[] = [];
      while (reader.pos < reader.end) {
        const before = reader.pos;
        list.push(element.read(reader));
        if (reader.pos <= before) throw new DecodeError('badLength', before, 'an element of a list is empty', refusal);
      }
      return list;
    },
    write(writer, list, name) {
      if (!Array.isArray(list)) throw new EncodeError(name, list, 'a list');
      for (let i = 0; i < list.length; i++) {
        try {
          element.write(writer, list[i] as T, `[${i}]`);
        } catch (error) {
          throw error instanceof EncodeError ? error.within(name) : error;
        }
      }
    },
    toJson: (list) => list.map((value) => element.toJson(value)),
    fromJson: (json, name) => asList(json, name).map((value, i) => element.fromJson(value, `${name}[${i}]`)),
    kind: { kind: 'list', of: element as AnyField },
  };
}

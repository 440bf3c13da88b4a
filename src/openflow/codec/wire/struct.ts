import { asObject, type Json, onlyKeys, snakeCase } from '../json/json.ts';
import { DecodeError, EncodeError, REFUSE, type Refusal } from './errors.ts';
import type { AnyField, Field } from './fields.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/** Zero bytes that carry nothing; any value is accepted in them. */
export interface Pad {
  readonly pad: number;
}

/** A 16-bit length of the whole structure, itself included. */
export interface OwnLength {
  readonly ownLength: Refusal;
}

/**
 * The fields of T in wire order, under T's own names, so that the compiler finds one that is missing or of the wrong
 * type. What is no field of T has a name that begins with an underscore.
 */
export type Layout<T> = { readonly [K in keyof T]-?: Field<Exclude<T[K], undefined>> } & {
  readonly [filler: `_${string}`]: Pad | OwnLength;
};

export const pad = (bytes: number): Pad => ({ pad: bytes });
export const ownLength = (refusal: Refusal = REFUSE.requestLength): OwnLength => ({ ownLength: refusal });

type Step =
  | { readonly name: string; readonly field: Field<unknown> }
  | (Pad & { readonly field?: undefined })
  | (OwnLength & { readonly field?: undefined; readonly pad?: undefined });

export interface Struct<T> extends Field<T> {
  /** The fields' names in JSON, in wire order. */
  readonly jsonNames: readonly string[];
  /** Reads the fields into an object that holds something already, such as a `type`. */
  readInto(reader: Reader, value: object): T;
}

/** A structure from its layout: reading, writing and JSON in one. */
export function struct<T extends object>(layout: Layout<T>): Struct<T> {
  const steps = Object.entries(layout as Readonly<Record<string, Field<unknown> | Pad | OwnLength>>).map(
    ([name, part]): Step => ('read' in part ? { name, field: part } : part),
  );
  const named = steps.filter((step) => step.field !== undefined);
  const fields = Object.fromEntries(named.map(({ name, field }) => [name, field as AnyField]));
  const jsonNames = named.map(({ name }) => snakeCase(name));
  return {
    jsonNames,
    read: (reader) => readSteps(steps, reader, {}) as T,
    readInto: (reader, value) => readSteps(steps, reader, value as Record<string, unknown>) as T,
    write: (writer, value, name) => writeSteps(steps, writer, value as Record<string, unknown>, name),
    toJson(value) {
      const json: Record<string, Json> = {};
      named.forEach(
        ({ name, field }, i) => (json[jsonNames[i]!] = field.toJson((value as Record<string, unknown>)[name])),
      );
      return json;
    },
    fromJson(json, where) {
      const object = asObject(json, where);
      onlyKeys(object, jsonNames, where);
      const value: Record<string, unknown> = {};
      named.forEach(({ name, field }, i) => {
        const key = jsonNames[i]!;
        if (!(key in object)) throw new EncodeError(`${where}.${key}`, undefined, 'present');
        value[name] = field.fromJson(object[key]!, `${where}.${key}`);
      });
      return value as T;
    },
    kind: { kind: 'struct', fields },
  };
}

function readSteps(steps: readonly Step[], reader: Reader, value: Record<string, unknown>): Record<string, unknown> {
  const start = reader.pos;
  let outer = -1;
  let refusal: Refusal | undefined;
  for (const step of steps) {
    if (step.field) value[step.name] = step.field.read(reader);
    else if (step.pad !== undefined) reader.skip(step.pad);
    else {
      refusal = step.ownLength;
      const length = reader.u16();
      const rest = length - (reader.pos - start);
      if (rest < 0) throw new DecodeError('badLength', start, `a length of ${length} is too short`, refusal);
      outer = reader.enter(rest, refusal);
    }
  }
  if (outer >= 0) reader.leave(outer, refusal);
  return value;
}

function writeSteps(steps: readonly Step[], writer: Writer, value: Record<string, unknown>, where: string): void {
  if (typeof value !== 'object' || value === null) throw new EncodeError(where, value, 'an object');
  const start = writer.length;
  let lengthAt = -1;
  try {
    for (const step of steps) {
      if (step.field) step.field.write(writer, value[step.name], step.name);
      else if (step.pad !== undefined) writer.pad(step.pad);
      else {
        lengthAt = writer.length;
        writer.u16(0, 'length');
      }
    }
  } catch (error) {
    throw error instanceof EncodeError && where !== '' ? error.within(where) : error;
  }
  if (lengthAt >= 0) patchLength(writer, lengthAt, writer.length - start, where);
}

/** Writes a length that is known only now. */
export function patchLength(writer: Writer, at: number, length: number, where: string): void {
  if (length > 0xffff) throw new EncodeError(where, `${length} bytes`, 'at most 65535 bytes long');
  writer.patchU16(at, length);
}

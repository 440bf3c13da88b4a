import { asObject, type Json, onlyKeys, snakeCase } from '../json/json.ts';
import { DecodeError, EncodeError, REFUSE, type Refusal } from './errors.ts';
import type { AnyField, Field } from './fields.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/** What stands in a structure besides its fields. `read` and `write` may note something for the end of the structure. */
export type Filler =
  /** Bytes that carry nothing; any value is accepted in them, and zeros are written. */
  | { readonly filler: 'pad'; readonly bytes: number }
  /** Fewer than 8 bytes up to the end of the structure that carry nothing; whoever writes the structure pads it. */
  | { readonly filler: 'padRest' }
  /** A 16-bit length of the whole structure, itself included. */
  | { readonly filler: 'ownLength'; readonly refusal: Refusal }
  /** A 16-bit length of the field `match` further on, without its padding: told twice, since the match tells it too. */
  | { readonly filler: 'matchLength' };

export const pad = (bytes: number): Filler => ({ filler: 'pad', bytes });
export const padRest: Filler = { filler: 'padRest' };
export const ownLength = (refusal: Refusal = REFUSE.requestLength): Filler => ({ filler: 'ownLength', refusal });
export const matchLength: Filler = { filler: 'matchLength' };

/**
 * The fields of T in wire order, under T's own names, so that the compiler finds one that is missing or of the wrong
 * type. What is no field of T has a name that begins with an underscore.
 */
export type Layout<T> = { readonly [K in keyof T]-?: Field<Exclude<T[K], undefined>> } & {
  readonly [filler: `_${string}`]: Filler;
};

type Step = { readonly name: string; readonly field: Field<unknown> } | (Filler & { readonly field?: undefined });

export interface Struct<T> extends Field<T> {
  /** The fields' names in JSON, in wire order. */
  readonly jsonNames: readonly string[];
  /** Of a structure of one field: its value from that field's JSON, which stands for the whole. */
  fromArgument(json: Json, where: string): T;
  /** Reads the fields into an object that holds something already, such as a `type`. */
  readInto(reader: Reader, value: object): T;
}

/** A structure from its layout: reading, writing and JSON in one. */
export function struct<T extends object>(layout: Layout<T>): Struct<T> {
  const steps = Object.entries(layout as Readonly<Record<string, Field<unknown> | Filler>>).map(([name, part]): Step =>
    'read' in part ? { name, field: part } : part,
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
      named.forEach(({ name, field }, i) => {
        const part = (value as Record<string, unknown>)[name];
        if (part !== undefined || !field.optional) json[jsonNames[i]!] = field.toJson(part);
      });
      return json;
    },
    fromJson(json, where) {
      const object = asObject(json, where);
      onlyKeys(object, jsonNames, where);
      const value: Record<string, unknown> = {};
      named.forEach(({ name, field }, i) => {
        const key = jsonNames[i]!;
        if (!(key in object) && field.optional) return;
        if (!(key in object)) throw new EncodeError(`${where}.${key}`, undefined, 'present');
        value[name] = field.fromJson(object[key]!, `${where}.${key}`);
      });
      return value as T;
    },
    fromArgument(json, where) {
      const [{ name, field }] = named as [(typeof named)[0]];
      return { [name]: field.fromJson(json, where) } as T;
    },
    kind: { kind: 'struct', fields },
  };
}

function readSteps(steps: readonly Step[], reader: Reader, value: Record<string, unknown>): Record<string, unknown> {
  const start = reader.pos;
  let outer = -1;
  const around = reader.refusal;
  let toldMatchLength = -1;
  for (const step of steps) {
    if (step.field) {
      if (step.field.optional && reader.pos === reader.end) continue;
      if (toldMatchLength >= 0 && step.name === 'match') checkMatchLength(reader, toldMatchLength);
      value[step.name] = step.field.read(reader);
    } else if (step.filler === 'pad') reader.skip(step.bytes);
    else if (step.filler === 'padRest') skipRest(reader);
    else if (step.filler === 'matchLength') toldMatchLength = reader.u16();
    else {
      outer = enterOwnLength(reader, start, step.refusal);
    }
  }
  if (outer >= 0) reader.leave(outer);
  reader.refusal = around;
  return value;
}

function enterOwnLength(reader: Reader, start: number, refusal: Refusal): number {
  const length = reader.u16();
  const rest = length - (reader.pos - start);
  if (rest < 0) throw new DecodeError('badLength', start, `a length of ${length} is too short`, refusal);
  const outer = reader.enter(rest, refusal);
  reader.refusal = refusal;
  return outer;
}

/** Compares the length told before with the one in the match's own header, two bytes on. */
function checkMatchLength(reader: Reader, told: number): void {
  reader.need(4, REFUSE.matchLength);
  const own = (reader.bytes[reader.pos + 2]! << 8) | reader.bytes[reader.pos + 3]!;
  if (own !== told) {
    throw new DecodeError(
      'badLength',
      reader.pos,
      `a match of ${own} bytes is said to have ${told}`,
      REFUSE.matchLength,
    );
  }
}

function skipRest(reader: Reader): void {
  if (reader.remaining < 8) reader.pos = reader.end;
}

function writeSteps(steps: readonly Step[], writer: Writer, value: Record<string, unknown>, where: string): void {
  if (typeof value !== 'object' || value === null) throw new EncodeError(where, value, 'an object');
  const start = writer.length;
  let lengthAt = -1;
  let matchLengthAt = -1;
  try {
    for (const step of steps) {
      if (step.field) {
        if (step.field.optional && value[step.name] === undefined) continue;
        const at = writer.length;
        step.field.write(writer, value[step.name], step.name);
        if (matchLengthAt >= 0 && step.name === 'match') writer.patchU16(matchLengthAt, writer.u16At(at + 2));
      } else if (step.filler === 'pad') writer.pad(step.bytes);
      else if (step.filler === 'padRest') continue;
      else {
        if (step.filler === 'ownLength') lengthAt = writer.length;
        else matchLengthAt = writer.length;
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

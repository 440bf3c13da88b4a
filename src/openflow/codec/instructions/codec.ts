import type { Instruction } from '../action-types.ts';
import type { Json } from '../json/json.ts';
import type { Kind } from '../wire/fields.ts';
import type { Reader } from '../wire/reader.ts';
import { type Layout, struct } from '../wire/struct.ts';
import type { Writer } from '../wire/writer.ts';

/** How one type of instruction stands on the wire and in JSON: what follows its type and length. */
export interface InstructionCodec<I extends Instruction = Instruction> {
  readonly type: I['type'];
  /** OFPIT number. */
  readonly wireType: number;
  read(reader: Reader): I;
  write(writer: Writer, instruction: I): void;
  /** The argument in `{ "goto_table": argument }`. */
  toJson(instruction: I): Json;
  fromJson(json: Json, where: string): I;
  readonly kind: Kind;
}

/** An instruction whose body is a plain structure. One argument stands for itself in JSON, several as an object. */
export function instruction<I extends Instruction>(
  type: I['type'],
  wireType: number,
  layout: Layout<Omit<I, 'type'>>,
): InstructionCodec<I> {
  const body = struct<Omit<I, 'type'>>(layout);
  const only = body.jsonNames.length === 1 ? body.jsonNames[0]! : undefined;
  return {
    type,
    wireType,
    read: (reader) => body.readInto(reader, { type }) as I,
    write: (writer, value) => body.write(writer, value, ''),
    toJson(value) {
      const json = body.toJson(value) as { readonly [key: string]: Json };
      return only === undefined ? json : json[only]!;
    },
    fromJson(json, where) {
      if (body.jsonNames.length === 0) return { type } as I;
      const argument = only === undefined ? body.fromJson(json, where) : body.fromArgument(json, where);
      return { type, ...argument } as I;
    },
    kind: body.kind,
  };
}

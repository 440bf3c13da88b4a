import type { Action } from '../action-types.ts';
import { asObject, type Json } from '../json/json.ts';
import type { Reader } from '../wire/reader.ts';
import type { Kind } from '../wire/fields.ts';
import { type Layout, struct } from '../wire/struct.ts';
import type { Writer } from '../wire/writer.ts';

/** How one type of action stands on the wire and in JSON: what follows its type and length. */
export interface ActionCodec<A extends Action = Action> {
  readonly type: A['type'];
  /** OFPAT number; for EXPERIMENTER see `experimenter`. */
  readonly wireType: number;
  /** Whose action it is, and the subtype there; undefined for the spec's own. */
  readonly experimenter?: { readonly id: number; readonly subtype: number };
  /** The reader holds the body of this action only. Some bytes are told as another, simpler action. */
  read(reader: Reader): Action;
  write(writer: Writer, action: A): void;
  /** The argument in `{ "set_queue": argument }`. */
  toJson(action: A): Json;
  fromJson(json: Json, where: string): A;
  readonly kind: Kind;
}

type Arguments<A> = Layout<Omit<A, 'type'>>;
type Vendor = NonNullable<ActionCodec['experimenter']>;

/** An action whose body is a plain structure. One argument stands for itself in JSON, several as an object. */
export function action<A extends Action>(
  type: A['type'],
  wireType: number,
  layout: Arguments<A>,
  vendor?: Vendor,
): ActionCodec<A> {
  const body = struct<Omit<A, 'type'>>(layout);
  const only = body.jsonNames.length === 1 ? body.jsonNames[0]! : undefined;
  return {
    type,
    wireType,
    ...(vendor && { experimenter: vendor }),
    read: (reader) => body.readInto(reader, { type }) as A,
    write: (writer, value) => body.write(writer, value, ''),
    toJson(value) {
      const json = asObject(body.toJson(value), type);
      return only === undefined ? json : Object.values(json)[0]!;
    },
    fromJson(json, where) {
      if (body.jsonNames.length === 0) return { type } as A;
      const argument = only === undefined ? body.fromJson(json, where) : body.fromArgument(json, where);
      return { type, ...argument } as A;
    },
    kind: body.kind,
  };
}

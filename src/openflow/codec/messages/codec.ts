import type { Message } from '../message-types.ts';
import type { Json, JsonObject } from '../json/json.ts';
import type { Kind } from '../wire/fields.ts';
import type { Reader } from '../wire/reader.ts';
import { type Layout, struct } from '../wire/struct.ts';
import type { Writer } from '../wire/writer.ts';

/** The common header of every message (OpenFlow 1.3.5 section 7.1). */
export interface Header {
  readonly version: number;
  readonly wireType: number;
  readonly length: number;
  readonly xid: number;
}

/** Whose experimenter message it is, and which there. */
export interface Vendor {
  readonly id: number;
  readonly expType: number;
}

/** How one type of message stands on the wire and in JSON: what follows the header (and the experimenter's ids). */
export interface MessageCodec<M extends Message = Message> {
  readonly type: M['type'];
  /** OFPT number. */
  readonly wireType: number;
  readonly vendor?: Vendor;
  /** The reader holds the body of this message only. */
  read(reader: Reader, header: Header): M;
  write(writer: Writer, message: M): void;
  /** Everything but `type` and `xid`. */
  toJson(message: M): JsonObject;
  fromJson(json: JsonObject, header: { readonly xid: number }): M;
  readonly kind: Kind;
}

type Body<M> = Omit<M, 'type' | 'xid'>;

/** A message whose body is a plain structure. */
export function message<M extends Message>(
  type: M['type'],
  wireType: number,
  layout: Layout<Body<M>>,
  vendor?: Vendor,
): MessageCodec<M> {
  const body = struct<Body<M>>(layout);
  return {
    type,
    wireType,
    ...(vendor && { vendor }),
    read: (reader, { xid }) => body.readInto(reader, { type, xid }) as unknown as M,
    write: (writer, value) => body.write(writer, value, ''),
    toJson: (value) => body.toJson(value) as { readonly [key: string]: Json },
    fromJson: (json, { xid }) => ({ type, xid, ...body.fromJson(json, type) }) as unknown as M,
    kind: body.kind,
  };
}

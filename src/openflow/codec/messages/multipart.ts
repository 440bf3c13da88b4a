/** MULTIPART requests and replies: the header they share, and the body of their kind (section 7.3.5). */
import { OFPBRC, OFPET } from '../constants/errors.ts';
import { OFPT } from '../constants/header.ts';
import { OFPMP, OFPMPF_MORE } from '../constants/switch.ts';
import { asText, camelCase, type Json, type JsonObject, onlyKeys, snakeCase } from '../json/json.ts';
import type { MultipartKind, MultipartReply, MultipartRequest } from '../message-types.ts';
import type { MultipartCodec } from '../multipart/codec.ts';
import { kindByVendor, kindByWireType, MULTIPARTS } from '../multipart/kinds.ts';
import { DecodeError, EncodeError } from '../wire/errors.ts';
import type { Field } from '../wire/fields.ts';
import type { Reader } from '../wire/reader.ts';
import type { Writer } from '../wire/writer.ts';
import type { MessageCodec } from './codec.ts';

const BAD_MULTIPART = { errorType: OFPET.BAD_REQUEST, code: OFPBRC.BAD_MULTIPART };

function codecOf(kind: string): MultipartCodec {
  if (!Object.hasOwn(MULTIPARTS, kind))
    throw new EncodeError('kind', kind, `one of ${Object.keys(MULTIPARTS).join(', ')}`);
  return MULTIPARTS[kind as MultipartKind];
}

type Side = 'request' | 'reply';
type Multipart = MultipartRequest | MultipartReply;

function bodyField(kind: string, side: Side): Field<unknown> {
  return codecOf(kind)[side];
}

function read(reader: Reader, side: Side): { kind: MultipartKind; more: boolean; body: unknown } {
  const at = reader.pos;
  const wireType = reader.u16();
  const more = (reader.u16() & OFPMPF_MORE) !== 0;
  reader.skip(4);
  const kind = wireType === OFPMP.EXPERIMENTER ? vendorKind(reader) : kindByWireType(wireType);
  if (!kind) throw new DecodeError('unknownType', at, `multipart type ${wireType} is not known`, BAD_MULTIPART);
  return { kind, more, body: bodyField(kind, side).read(reader) };
}

/** The kind of an experimenter's multipart; skips its ids where they are known. */
function vendorKind(reader: Reader): MultipartKind {
  const start = reader.pos;
  const kind = kindByVendor(reader.u32(), reader.u32());
  if (kind === 'experimenter') reader.pos = start;
  return kind;
}

function write(writer: Writer, message: Multipart, side: Side): void {
  const { wireType, vendor } = codecOf(message.kind);
  writer.u16(wireType, 'kind');
  writer.u16(message.more ? OFPMPF_MORE : 0, 'more');
  writer.pad(4);
  if (vendor) {
    writer.u32(vendor.id, 'experimenter');
    writer.u32(vendor.expType, 'expType');
  }
  bodyField(message.kind, side).write(writer, message.body, 'body');
}

function toJson(message: Multipart, side: Side): JsonObject {
  const body = bodyField(message.kind, side).toJson(message.body);
  return { kind: snakeCase(message.kind), more: message.more, ...(message.body !== undefined && { body }) };
}

function fromJson(json: JsonObject, side: Side): { kind: MultipartKind; more: boolean; body: unknown } {
  onlyKeys(json, ['kind', 'more', 'body'], 'multipart');
  const kind = camelCase(asText(json['kind'], 'multipart.kind'));
  const field = bodyField(kind, side);
  const more = (json['more'] ?? false) as Json;
  if (typeof more !== 'boolean') throw new EncodeError('multipart.more', more, 'true or false');
  return { kind: kind as MultipartKind, more, body: field.fromJson(json['body'] ?? null, 'multipart.body') };
}

export const multipartRequest: MessageCodec<MultipartRequest> = {
  type: 'multipartRequest',
  wireType: OFPT.MULTIPART_REQUEST,
  read: (reader, { xid }) => ({ type: 'multipartRequest', xid, ...read(reader, 'request') }) as MultipartRequest,
  write: (writer, message) => write(writer, message, 'request'),
  toJson: (message) => toJson(message, 'request'),
  fromJson: (json, { xid }) => ({ type: 'multipartRequest', xid, ...fromJson(json, 'request') }) as MultipartRequest,
  kind: { kind: 'special', name: 'multipartRequest' },
};

export const multipartReply: MessageCodec<MultipartReply> = {
  type: 'multipartReply',
  wireType: OFPT.MULTIPART_REPLY,
  read: (reader, { xid }) => ({ type: 'multipartReply', xid, ...read(reader, 'reply') }) as MultipartReply,
  write: (writer, message) => write(writer, message, 'reply'),
  toJson: (message) => toJson(message, 'reply'),
  fromJson: (json, { xid }) => ({ type: 'multipartReply', xid, ...fromJson(json, 'reply') }) as MultipartReply,
  kind: { kind: 'special', name: 'multipartReply' },
};

/** Multipart bodies of more than one message (OpenFlow 1.3.5 section 7.3.5): cutting them up and putting them together. */
import { OFP_HEADER_LEN, OFP_MAX_MESSAGE_LEN } from '../constants/header.ts';
import type { MultipartReply, MultipartRequest } from '../message-types.ts';
import { EncodeError } from '../wire/errors.ts';
import type { AnyField, Field } from '../wire/fields.ts';
import { Writer } from '../wire/writer.ts';
import type { MultipartCodec } from './codec.ts';
import { MULTIPARTS } from './kinds.ts';

type Multipart = MultipartRequest | MultipartReply;

/** Type, flags and padding, and room for an experimenter's ids. */
const MULTIPART_HEADER_LEN = 16;
const BODY_MAX = OFP_MAX_MESSAGE_LEN - OFP_HEADER_LEN - MULTIPART_HEADER_LEN;

function bodyField(message: Multipart): Field<unknown> {
  const codec: MultipartCodec = MULTIPARTS[message.kind];
  return message.type === 'multipartRequest' ? codec.request : codec.reply;
}

/**
 * The same message as one or more that each fit in 65,535 bytes; all but the last say that more follow.
 * @throws EncodeError where an element of the body is too long by itself, or the body is no list.
 */
export function splitMultipart<M extends Multipart>(message: M): M[] {
  const field = bodyField(message);
  if (field.kind.kind !== 'list') return [message];
  const element = field.kind.of as Field<unknown>;
  const parts: unknown[][] = [[]];
  let length = 0;
  for (const [i, value] of (message.body as readonly unknown[]).entries()) {
    const bytes = lengthOf(element, value, `body[${i}]`);
    if (bytes > BODY_MAX) throw new EncodeError(`body[${i}]`, `${bytes} bytes`, `at most ${BODY_MAX} bytes long`);
    if (length + bytes > BODY_MAX) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)!.push(value);
    length += bytes;
  }
  return parts.map((body, i) => ({ ...message, more: i < parts.length - 1 || message.more, body }));
}

const scratch = new Writer();

function lengthOf(element: AnyField, value: unknown, name: string): number {
  try {
    (element as Field<unknown>).write(scratch, value, name);
    return scratch.length;
  } finally {
    scratch.truncate(0);
  }
}

/**
 * One message with the body of all parts, in the order in which they came; the caller has waited for the one that says
 * that no more follow, and bounds how many it keeps.
 * @throws RangeError where the parts are none, or not of one request.
 */
export function joinMultipart<M extends Multipart>(parts: readonly M[]): M {
  const [first, ...rest] = parts;
  if (!first) throw new RangeError('there are no parts to join');
  for (const part of rest) {
    if (part.type !== first.type || part.kind !== first.kind || part.xid !== first.xid) {
      throw new RangeError(
        `a part of ${part.kind}, xid ${part.xid}, does not belong to ${first.kind}, xid ${first.xid}`,
      );
    }
  }
  if (rest.length === 0) return { ...first, more: false };
  if (Array.isArray(first.body))
    return { ...first, more: false, body: parts.flatMap((part) => part.body as readonly unknown[]) };
  if (first.kind === 'experimenter') {
    const data = Buffer.concat(parts.map((part) => (part as Extract<Multipart, { kind: 'experimenter' }>).body.data));
    return { ...first, more: false, body: { ...first.body, data } };
  }
  throw new RangeError(`the body of ${first.kind} is one structure and cannot come in ${parts.length} parts`);
}

/** Any message as JSON and back. Names are the spec's in snake case; `type` comes first, then `xid`. */
import type { Message } from '../message-types.ts';
import { messageByName, MESSAGES } from '../registry.ts';
import { EncodeError } from '../wire/errors.ts';
import { decimal } from './formats.ts';
import { asObject, asText, camelCase, type Json, type JsonObject, snakeCase } from './json.ts';

/** Every `type` that a message may have in JSON. */
export const MESSAGE_TYPES: readonly string[] = Object.keys(MESSAGES).map(snakeCase);

/** `{ "type": "flow_mod", "xid": 7, "command": "add", "match": { … }, … }`. */
export function messageToJson(message: Message): JsonObject {
  const codec = messageByName(message.type);
  if (!codec) throw new EncodeError('type', message.type, 'the type of a message');
  return { type: snakeCase(message.type), xid: message.xid, ...codec.toJson(message) };
}

/**
 * The message that `messageToJson` would write so. `xid` may be left out and is 0 then.
 * @throws EncodeError naming the place, the value and what it must be.
 */
export function messageFromJson(json: Json): Message {
  const { type, xid, ...body } = asObject(json, 'message');
  const codec = messageByName(camelCase(asText(type, 'type')));
  if (!codec) throw new EncodeError('type', type, 'the type of a message, like "flow_mod"');
  return codec.fromJson(body, { xid: xid === undefined ? 0 : decimal.fromJson(xid, 'xid') });
}

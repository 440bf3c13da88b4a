/** Any message in a line or a few for people: what its JSON says, without the noise of quotes. */
import type { Message } from '../message-types.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { messageToJson } from './message-json.ts';

/** Values longer than this (packets, echoed bytes) are cut, with their length. */
const HEX_SHOWN_MAX = 64;
const INDENT = '  ';

/** `FLOW_MOD xid=7 command=add priority=100 match={eth_type=ipv4} instructions=[apply_actions=[output=3]]`; lists of records take a line each. */
export function messageToText(message: Message): string {
  const { type, xid, ...body } = messageToJson(message);
  return [`${(type as string).toUpperCase()} xid=${xid as number}`, fields(body)]
    .filter((part) => part !== '')
    .join(' ');
}

function fields(object: JsonObject): string {
  const entries = Object.entries(object).filter(([, value]) => !isRecords(value));
  const lists = Object.entries(object).filter(([, value]) => isRecords(value));
  const line = entries.map(([key, value]) => `${key}=${text(value)}`).join(' ');
  const rest = lists.map(([key, value]) => `\n${INDENT}${key}:${records(value as readonly JsonObject[])}`);
  return line + rest.join('');
}

function records(list: readonly JsonObject[]): string {
  return list
    .map(
      (record) =>
        `\n${INDENT}${INDENT}${Object.entries(record)
          .map(([key, value]) => `${key}=${text(value)}`)
          .join(' ')}`,
    )
    .join('');
}

/** A list of structures of several fields, such as ports or flows; not of actions, which have one key each. */
function isRecords(value: Json): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    (value as readonly Json[]).every((one) => isObject(one) && Object.keys(one).length > 1)
  );
}

function text(value: Json): string {
  if (typeof value === 'string') return cut(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(text).join(' ')}]`;
  if (isObject(value)) {
    const entries = Object.entries(value);
    const pairs = entries.map(([key, inner]) =>
      isObject(inner) && Object.keys(inner).length === 0 ? key : `${key}=${text(inner)}`,
    );
    return entries.length === 1 ? pairs[0]! : `{${pairs.join(' ')}}`;
  }
  return JSON.stringify(value);
}

function cut(value: string): string {
  if (value.length > HEX_SHOWN_MAX && /^[0-9a-f]+$/.test(value)) {
    return `${value.slice(0, HEX_SHOWN_MAX)}…(${value.length / 2} bytes)`;
  }
  return /[\s="]/.test(value) || value === '' ? JSON.stringify(value) : value;
}

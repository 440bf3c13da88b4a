import { asObject, type Json } from '../json/json.ts';
import { hexBytes } from '../json/formats.ts';
import type { Masked, Match } from '../match-types.ts';
import { EncodeError } from '../wire/errors.ts';
import type { OxmField } from './field.ts';
import { fieldByName, fieldBySnakeName } from './fields.ts';

type Value = number | bigint;
type Entry = Value | Masked<Value> | Uint8Array;

/** A match under the spec's names with values for people: `{ eth_type: 'ipv4', ipv4_src: '10.0.0.0/24' }`. */
export function matchToJson(match: Match): { readonly [name: string]: Json } {
  const json: Record<string, Json> = {};
  for (const [name, value] of Object.entries(match) as [string, Entry | undefined][]) {
    if (value === undefined) continue;
    const field = fieldByName(name);
    if (field) json[field.snakeName] = fieldToJson(field, value);
    else json[name] = hexBytes.toJson(value as Uint8Array);
  }
  return json;
}

function fieldToJson(field: OxmField, value: Entry): Json {
  if (typeof value !== 'object') return field.text.exact(value);
  const { value: bits, mask } = value as Masked<Value>;
  return field.text.masked(bits, mask);
}

/**
 * The match that `matchToJson` would write so.
 * @throws EncodeError naming the field, its value and what it must be.
 */
export function matchFromJson(json: Json, where = 'match'): Match {
  const match: Record<string, Entry> = {};
  for (const [name, value] of Object.entries(asObject(json, where))) {
    const field = fieldBySnakeName(name);
    if (field) match[field.name] = fieldFromJson(field, value, `${where}.${name}`);
    else if (name.startsWith('oxm:')) match[name] = hexBytes.fromJson(value, `${where}.${name}`);
    else throw new EncodeError(`${where}.${name}`, value, 'absent: no match field has this name');
  }
  return match as Match;
}

function fieldFromJson(field: OxmField, json: Json, where: string): Entry {
  const value = field.text.parse(json);
  if (value === undefined) throw new EncodeError(where, json, field.text.rule);
  checkRange(field, typeof value === 'object' ? value.value : value, json, where);
  if (typeof value !== 'object') return value;
  if (!field.maskable) throw new EncodeError(where, json, 'a value without a mask: this field takes none');
  checkRange({ bits: field.bytes * 8 }, value.mask, json, where); // switches take masks wider than the value
  if ((BigInt(value.value) & ~BigInt(value.mask)) !== 0n) {
    throw new EncodeError(where, json, 'a value without bits outside its mask');
  }
  return value;
}

function checkRange({ bits }: { readonly bits: number }, value: Value, json: Json, where: string): void {
  if (BigInt(value) >= 1n << BigInt(bits)) throw new EncodeError(where, json, `below 2^${bits}`);
}

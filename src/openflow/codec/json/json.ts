import { EncodeError } from '../wire/errors.ts';

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** How one value is written in JSON, and read back. `field` names the place for errors. */
export interface Format<T> {
  toJson(value: T): Json;
  /** @throws EncodeError naming `field`, the value and the rule it breaks. */
  fromJson(json: Json, field: string): T;
}

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

export function asObject(json: Json | undefined, field: string): JsonObject {
  if (!isObject(json)) throw new EncodeError(field, json, 'an object');
  return json;
}

export function asText(json: Json | undefined, field: string): string {
  if (typeof json !== 'string') throw new EncodeError(field, json, 'text');
  return json;
}

export function asList(json: Json | undefined, field: string): readonly Json[] {
  if (!Array.isArray(json)) throw new EncodeError(field, json, 'a list');
  return json as readonly Json[];
}

/** Refuses keys that nobody reads: a misspelt one must not pass in silence. */
export function onlyKeys(json: JsonObject, allowed: readonly string[], field: string): void {
  for (const key in json) {
    if (!allowed.includes(key))
      throw new EncodeError(`${field}.${key}`, json[key], `absent: known here are ${allowed.join(', ')}`);
  }
}

/** `ethDst` as `eth_dst`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `eth_dst` as `ethDst`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

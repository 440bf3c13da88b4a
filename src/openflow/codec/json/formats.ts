/** How numbers, addresses, names and flags are written in JSON. */
import { formatIpv4, formatIpv6, formatMac, parseIpv4, parseIpv6, parseMac } from '../../../core/addresses.ts';
import { nameOf } from '../constants/errors.ts';
import { OFPG, OFPM } from '../constants/groups.ts';
import { OFPP } from '../constants/ports.ts';
import { EncodeError } from '../wire/errors.ts';
import type { Format, Json } from './json.ts';

const INTEGER_TEXT = /^(0x[0-9a-f]+|\d+)$/i;
const DIGITS_MAX = 80; // no text of a number needs more, and BigInt() of a long one takes long

/** A number from a JSON number or from decimal or 0x text; undefined where it is none of these. */
export function parseInteger(json: Json): number | undefined {
  if (typeof json === 'number') return Number.isSafeInteger(json) && json >= 0 ? json : undefined;
  if (typeof json !== 'string' || json.length > DIGITS_MAX || !INTEGER_TEXT.test(json)) return undefined;
  const value = Number(json);
  return Number.isSafeInteger(value) ? value : undefined;
}

export function parseBigint(json: Json): bigint | undefined {
  if (typeof json === 'number') return Number.isSafeInteger(json) && json >= 0 ? BigInt(json) : undefined;
  return typeof json === 'string' && json.length <= DIGITS_MAX && INTEGER_TEXT.test(json) ? BigInt(json) : undefined;
}

/** A format from a printer and a parser that answers undefined for what it does not understand. */
export function format<T>(toJson: (value: T) => Json, parse: (json: Json) => T | undefined, rule: string): Format<T> {
  return {
    toJson,
    fromJson(json, field) {
      const value = parse(json);
      if (value === undefined) throw new EncodeError(field, json, rule);
      return value;
    },
  };
}

function fromText<T>(parse: (text: string) => T | undefined): (json: Json) => T | undefined {
  return (json) => (typeof json === 'string' ? parse(json) : undefined);
}

export const decimal: Format<number> = format((value) => value, parseInteger, 'a whole number');

export const hex: Format<number> = format((value) => `0x${value.toString(16)}`, parseInteger, 'a number like "0x1f"');

export const hex16: Format<number> = format(
  (value) => `0x${value.toString(16).padStart(4, '0')}`,
  parseInteger,
  'a number like "0x8100"',
);

/** A 64-bit counter: a number while JSON can hold it exactly, decimal text beyond. */
export const counter: Format<bigint> = format(
  (value) => (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString()),
  parseBigint,
  'a whole number, as text beyond 2^53',
);

export const hexWide: Format<bigint> = format(
  (value) => `0x${value.toString(16)}`,
  parseBigint,
  'a number like "0x1f", as text',
);

export const dpidText: Format<bigint> = format(
  (value) => value.toString(16).padStart(16, '0'),
  fromText((text) => (/^[0-9a-f]{16}$/i.test(text) ? BigInt(`0x${text}`) : undefined)),
  'a datapath id of 16 hex digits',
);

export const mac: Format<number> = format(formatMac, fromText(parseMac), 'a MAC address like "00:00:00:00:00:01"');
export const ipv4: Format<number> = format(formatIpv4, fromText(parseIpv4), 'an IPv4 address like "10.0.0.1"');
export const ipv6: Format<bigint> = format(formatIpv6, fromText(parseIpv6), 'an IPv6 address like "fe80::1"');

export const text: Format<string> = format(
  (value) => value,
  fromText((value) => value),
  'text',
);

const HEX_BYTES = /^([0-9a-f]{2})*$/i;

/** Bytes as hex digits. */
export const hexBytes: Format<Uint8Array> = format(
  (value) => Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex'),
  fromText((value) => (HEX_BYTES.test(value) ? Buffer.from(value, 'hex') : undefined)),
  'bytes as pairs of hex digits',
);

/** A number with names: printed as the name in lower case where there is one. */
export function named(table: Readonly<Record<string, number>>, fallback: Format<number> = decimal): Format<number> {
  const names = new Map(Object.entries(table).map(([name, value]) => [name.toLowerCase(), value]));
  return format(
    (value) => nameOf(table, value)?.toLowerCase() ?? fallback.toJson(value),
    (json) => (typeof json === 'string' ? names.get(json.toLowerCase()) : undefined) ?? parseInteger(json),
    `a number or one of ${[...names.keys()].join(', ')}`,
  );
}

export const port: Format<number> = named({
  in_port: OFPP.IN_PORT,
  table: OFPP.TABLE,
  normal: OFPP.NORMAL,
  flood: OFPP.FLOOD,
  all: OFPP.ALL,
  controller: OFPP.CONTROLLER,
  local: OFPP.LOCAL,
  any: OFPP.ANY,
});
export const group: Format<number> = named({ all: OFPG.ALL, any: OFPG.ANY });
export const meter: Format<number> = named({
  slowpath: OFPM.SLOWPATH,
  controller: OFPM.CONTROLLER,
  all: OFPM.ALL,
});

/** Flags as a list of their names; bits without a name as one hex number at the end. */
export function flags(table: Readonly<Record<string, number>>): Format<number> {
  const entries = Object.entries(table).map(([name, bit]) => [name.toLowerCase(), bit] as const);
  const names = new Map(entries);
  const rule = `a list of ${[...names.keys()].join(', ')} and numbers`;
  const bitOf = (json: Json): number | undefined =>
    (typeof json === 'string' ? names.get(json.toLowerCase()) : undefined) ?? parseInteger(json);
  return format(
    (value) => {
      const set = entries.filter(([, bit]) => (value & bit) !== 0);
      const left = set.reduce((rest, [, bit]) => (rest & ~bit) >>> 0, value);
      return [...set.map(([name]) => name), ...(left === 0 ? [] : [`0x${left.toString(16)}`])];
    },
    (json) => {
      if (!Array.isArray(json)) return parseInteger(json);
      const bits = (json as readonly Json[]).map(bitOf);
      return bits.some((bit) => bit === undefined)
        ? undefined
        : bits.reduce((all: number, bit) => (all | bit!) >>> 0, 0);
    },
    rule,
  );
}

import type { Masked, Match } from '../match-types.ts';
import { fieldByName } from './fields.ts';

const WIDE_ALL = new Map([64, 128].map((bits) => [bits, (1n << BigInt(bits)) - 1n]));

/**
 * A text that is equal for matches that mean the same, whatever the order of their keys: a mask of all ones counts as
 * an exact value, a mask of zeros as no field at all, and value bits outside a mask as zero. For use as a Map key.
 */
export function matchKey(match: Match): string {
  const parts: string[] = [];
  for (const name in match) {
    const value = match[name as keyof Match];
    if (value === undefined) continue;
    const part = partOf(name, value);
    if (part !== undefined) insert(parts, part);
  }
  return parts.join(',');
}

function partOf(
  name: string,
  value: number | bigint | Masked<number> | Masked<bigint> | Uint8Array,
): string | undefined {
  if (typeof value !== 'object') return `${name}=${value.toString(36)}`;
  if (value instanceof Uint8Array) return `${name}=${Buffer.from(value).toString('hex')}`;
  const field = fieldByName(name);
  const bits = field?.bits ?? 64;
  if (typeof value.mask === 'bigint') {
    const all = WIDE_ALL.get(bits) ?? (1n << BigInt(bits)) - 1n;
    return masked(name, BigInt(value.value), value.mask & all, all);
  }
  if (bits > 32) return masked(name, BigInt(value.value), BigInt(value.mask), BigInt(field!.max));
  const mask = (value.mask & (field?.max ?? -1)) >>> 0;
  return masked(name, (Number(value.value) & mask) >>> 0, mask, field?.max ?? 0xffffffff);
}

function masked<T extends number | bigint>(name: string, value: T, mask: T, all: T): string | undefined {
  if (mask === (typeof mask === 'bigint' ? 0n : 0)) return undefined;
  const kept = typeof value === 'bigint' ? value & (mask as bigint) : value;
  return mask === all ? `${name}=${kept.toString(36)}` : `${name}=${kept.toString(36)}/${mask.toString(36)}`;
}

/** Keeps the parts in order: they are few, and mostly come in order. */
function insert(parts: string[], part: string): void {
  let i = parts.length;
  parts.push(part);
  while (i > 0 && parts[i - 1]! > part) {
    parts[i] = parts[i - 1]!;
    i--;
  }
  parts[i] = part;
}

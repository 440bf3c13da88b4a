/** What the resources' JSON has in common: lists, times, identifiers. */
import { z } from 'zod';
import { NOT_COUNTED } from '../../topology/traffic/counters.ts';
import type { NetworkView } from '../../topology/view.ts';

export const DpidJson = z.string().meta({ description: '16 lower-case hex digits', example: '0000000000000001' });
export const MacJson = z.string().meta({ description: 'Lower case with colons', example: '00:00:00:00:00:01' });
export const PortNumberJson = z.int().meta({ example: 1 });
export const VersionJson = z.int().meta({ description: 'The number of the network view this was read from' });
export const CounterJson = z.number().nullable().meta({ description: 'Null where the switch does not count it' });

export function timeJson(description: string) {
  return z.string().meta({ format: 'date-time', description });
}

/** A list of one kind of thing, as every list answers. */
export function listJson<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), version: VersionJson });
}

export function list<T>(view: NetworkView, items: T[]): { items: T[]; version: number } {
  return { items, version: view.version };
}

/** ISO 8601, UTC, of milliseconds since the epoch. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** A JSON number. Beyond 2^53 its last digits are rounded: bytes get there after 83 days at 10 Gbit/s. */
export function counter(value: bigint): number | null {
  return value === NOT_COUNTED ? null : Number(value);
}

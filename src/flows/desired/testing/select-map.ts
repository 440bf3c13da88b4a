/**
 * How Open vSwitch picks a bucket of a select group (`group_setup_dp_hash_table` and `pick_dp_hash_select_group` in its sources): a
 * hash's lowest bits are an index into a map of buckets; where that one is down, the map is walked on to the next that is not.
 */
import { takeTurns } from '../webster.ts';

const MIN_MAP = 16;
const MAX_MAP = 256;

/** The buckets of these weights, by index in the list, at each value of the hash's lowest bits. */
export function selectMap(weights: readonly number[]): readonly number[] {
  const needed = Math.ceil(weights.reduce((sum, weight) => sum + weight, 0) / Math.min(...weights));
  let size = MIN_MAP;
  while (size < needed) size *= 2;
  if (size > MAX_MAP) throw new Error(`a map of ${size} entries is too large: each flow is hashed by itself`);
  return takeTurns(weights, size);
}

/** What the map leads to where not everything is up. */
export function walk<T>(map: readonly T[], hash: number, isUp: (entry: T) => boolean): T | undefined {
  for (let step = 0; step < map.length; step++) {
    const entry = map[(hash + step) % map.length]!;
    if (isUp(entry)) return entry;
  }
  return undefined;
}

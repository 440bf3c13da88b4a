/**
 * In which order, and how often, next hops stand in a group, so that switches one after the other spread flows independently.
 *
 * Open vSwitch looks a frame's hash up in a map: its lowest bits are the index, 4 to 8 of them, and the buckets have their turns
 * in it by weight (`takeTurns`). The hash is the same on every switch. Did all look at it alike, the flows that come to a switch
 * because of their hash would all leave it by the same bucket. So the index is read as a number: switches at an even distance go
 * by its remainder, those at an odd one by which part of the range it is in. In any part all remainders are equally frequent, but
 * for one. Where next hops are few enough there is room for a second digit of each kind, and flows meet themselves again only
 * four stages later.
 */
import { takeTurns } from './webster.ts';

/** A bucket to be: which next hop, and its weight. */
export interface Turn {
  readonly hop: number;
  readonly weight: number;
}

/** Distances that differ by this many go by the same digit. */
export const TIERS = 4;
/** Open vSwitch's map has no fewer entries, and no more: beyond it hashes every flow in its slow path (64 before release 2.17). */
const MIN_MAP = 16;
const MAX_MAP = 256;
/** For so many there is room for two digits of each kind. */
const FEW = 3;
/** For others than 2 and 4: smaller maps would do for some numbers, but not beside switches that have another number. */
const USUAL_MAP = 64;
/** What a next hop may get beyond its share of what comes to a switch, where the largest map allows. */
const EVEN_ENOUGH = 1.3;

export interface Place {
  /** The distance, modulo TIERS. */
  readonly tier: number;
  /** Another at each switch: what is uneven still then is so for other next hops. */
  readonly offset: number;
}

/** The buckets of next hops with these weights. */
export function spread(weights: readonly number[], { tier, offset }: Place): Turn[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (sum > MAX_MAP) return weights.map((weight, hop) => ({ hop, weight }));
  const start = offset % sum;
  const order = takeTurns(weights, sum);
  const cycle = [...order.slice(start), ...order.slice(0, start)];
  const size = mapSize(sum, sum === weights.length);
  const isFew = sum <= FEW;
  if (tier % 2 === 0) {
    const step = isFew && tier === 2 ? sum : 1;
    if (step === 1 && size % sum !== 0) return remainders(cycle, size);
    return shortest(size, (index) => cycle[Math.floor(index / step) % sum]!);
  }
  const parts = isFew && tier === 1 ? sum * sum : sum;
  return shortest(size, (index) => cycle[Math.floor((index * parts) / size) % sum]!);
}

/** The smallest map in which every part of the range has all remainders nearly alike; unequal parts need not be told as finely. */
function mapSize(sum: number, areEqual: boolean): number {
  if (MIN_MAP % (sum * sum) === 0) return MIN_MAP;
  if (!areEqual) return USUAL_MAP;
  const excess = (part: number): number => (Math.ceil(part / sum) / part) * sum;
  const isUneven = (size: number): boolean =>
    [Math.floor, Math.ceil].some((round) => excess(round(size / sum)) > EVEN_ENOUGH);
  let size = USUAL_MAP;
  while (size < MAX_MAP && isUneven(size)) size *= 2;
  return size;
}

/** Entries of the map as unit weights; as few as take turns to the same map. */
function shortest(size: number, hopAt: (index: number) => number): Turn[] {
  const map = Array.from({ length: size }, (_, index) => hopAt(index));
  let length = 1;
  while (!map.every((hop, index) => hop === map[(index % mapFor(length)) % length])) length++;
  return map.slice(0, length).map((hop) => ({ hop, weight: 1 }));
}

/** Entries in the map of so many buckets of weight 1. */
function mapFor(buckets: number): number {
  return Math.max(MIN_MAP, 2 ** Math.ceil(Math.log2(buckets)));
}

/**
 * The cycle again and again in a map that it does not divide. Its buckets take turns by themselves; one more, of weight 1 beside
 * the others' larger ones, is what makes the map so large. It has one turn, amid the map, and is whoever would have had the turn
 * after the last in that part of the range.
 */
function remainders(cycle: readonly number[], size: number): Turn[] {
  const weight = Math.floor((size - 1) / cycle.length);
  const at = cycle.length * Math.floor((weight + 1) / 2);
  const part = Math.floor((at * cycle.length) / size);
  const end = Math.ceil(((part + 1) * size) / cycle.length);
  const extra = cycle[(end - at - 1) % cycle.length]!;
  return [...cycle.map((hop) => ({ hop, weight })), { hop: extra, weight: 1 }];
}

import { describe, expect, it } from 'vitest';
import { spread } from './spread.ts';
import { selectMap, walk } from './testing/select-map.ts';
import { sharesOf } from './weights.ts';

const TIERS = [0, 1, 2, 3];
/** Values of all hash bits that any map looks at. */
const HASHES = Array.from({ length: 256 }, (_, hash) => hash);

interface Stage {
  readonly weights: readonly number[];
  readonly distance: number;
  readonly offset?: number;
}

const known = new Map<string, readonly number[]>();

/** The next hop of each hash at a switch. */
function hopsOf(stage: Stage): readonly number[] {
  const name = JSON.stringify(stage);
  const hops = known.get(name) ?? makeHops(stage);
  known.set(name, hops);
  return hops;
}

function makeHops({ weights, distance, offset = 0 }: Stage): readonly number[] {
  const turns = spread(weights, { tier: distance % 4, offset });
  const map = selectMap(turns.map(({ weight }) => weight)).map((bucket) => turns[bucket]!.hop);
  return HASHES.map((hash) => map[hash % map.length]!);
}

function count(weights: readonly number[], hops: readonly number[]): number[] {
  const counts = weights.map(() => 0);
  for (const hop of hops) counts[hop]!++;
  return counts;
}

/** The fullest next hop, as a multiple of its share. */
function worst(weights: readonly number[], hops: readonly number[]): number {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return Math.max(...count(weights, hops).map((load, hop) => (load / hops.length) * (sum / weights[hop]!)));
}

/** The fullest next hop at the last stage, of the flows that took the same next hops before, whichever those are. */
function worstAfter(stages: readonly Stage[]): number {
  const hops = stages.map(hopsOf);
  const alike = new Map<string, number[]>();
  for (const hash of HASHES) {
    const way = hops
      .slice(0, -1)
      .map((stage) => stage[hash]!)
      .join();
    alike.set(way, [...(alike.get(way) ?? []), hops.at(-1)![hash]!]);
  }
  return Math.max(...[...alike.values()].map((left) => worst(stages.at(-1)!.weights, left)));
}

/** Switches one after the other that have as many next hops each, wherever they are. */
function worstOfChains(weights: readonly number[], length: number, offset = 0): number {
  const chain = (last: number) =>
    Array.from({ length }, (_, stage) => ({ weights, distance: last + length - 1 - stage, offset: stage * offset }));
  return Math.max(...TIERS.map((last) => worstAfter(chain(last))));
}

const equal = (hops: number): number[] => Array.from({ length: hops }, () => 1);
const upTo16 = Array.from({ length: 15 }, (_, index) => index + 2);

describe('next hops of equal weight', () => {
  it.each(upTo16)('have even shares, %i of them', (hops) => {
    for (const distance of TIERS) {
      for (const offset of [0, 1, 7])
        expect(worst(equal(hops), hopsOf({ weights: equal(hops), distance, offset }))).toBeLessThan(1.13);
    }
  });

  // In the largest map there are 256 entries for hops² pairs: with 15, next hops have one or two of the 17 that came by another.
  const limits = new Map([
    [11, 1.44],
    [13, 1.37],
    [14, 1.56],
    [15, 1.77],
  ]);
  it.each(upTo16)('share evenly what comes from another that has as many, %i of them', (hops) => {
    for (const offset of [0, 1]) {
      expect(worstOfChains(equal(hops), 2, offset)).toBeLessThanOrEqual(limits.get(hops) ?? 1.3);
    }
  });

  it('share evenly what comes through two and three others', () => {
    expect(worstOfChains(equal(2), 3)).toBe(1);
    expect(worstOfChains(equal(2), 4)).toBe(1);
    expect(worstOfChains(equal(3), 3)).toBeLessThanOrEqual(1.5);
    // Room for it costs four times as many buckets.
    expect(worstOfChains(equal(4), 3)).toBe(4);
  });

  it('share evenly what comes from another that has fewer or more of them', () => {
    const pairs = (most: number) => {
      const some = upTo16.filter((hops) => hops <= most);
      return some.flatMap((first) => some.map((second): [number, number] => [first, second]));
    };
    const worstOf = (first: number, second: number): number =>
      Math.max(
        ...TIERS.map((distance) =>
          worstAfter([
            { weights: equal(first), distance: distance + 1 },
            { weights: equal(second), distance },
          ]),
        ),
      );
    for (const [first, second] of pairs(7)) expect(worstOf(first, second)).toBeLessThanOrEqual(1.6);
    for (const [first, second] of pairs(16)) {
      // 16 take all bits of the small map, in which 4 have theirs: those count on offsets.
      const most = first * second === 64 && first !== second ? 4 : 2.4;
      expect(worstOf(first, second)).toBeLessThanOrEqual(most);
    }
  });

  it('share evenly what comes from switches of many offsets, whatever each of them sends', () => {
    for (const first of upTo16) {
      for (const second of upTo16) {
        for (const distance of TIERS) {
          const last = hopsOf({ weights: equal(second), distance });
          const sent = Array.from({ length: first }, (_, offset) =>
            hopsOf({ weights: equal(first), distance: distance + 1, offset }),
          );
          const arrived = sent.flatMap((hops) => HASHES.filter((hash) => hops[hash] === 0).map((hash) => last[hash]!));
          expect(worst(equal(second), arrived)).toBeLessThan(1.15);
        }
      }
    }
  });
});

describe('next hops of other weights', () => {
  const speeds = [
    [100, 40],
    [40, 10],
    [100, 10],
    [40, 25],
    [50, 40],
    [100, 100, 40],
    [100, 100, 100, 100, 10],
    [400, 10],
  ];

  it.each(speeds.map((set) => ({ weights: sharesOf(set) })))('have their shares, $weights', ({ weights }) => {
    for (const distance of TIERS) expect(worst(weights, hopsOf({ weights, distance }))).toBeLessThan(1.3);
  });

  it.each(speeds.map((set) => ({ weights: sharesOf(set) })))(
    'have their shares of what comes from another switch, $weights, those of a quarter or more',
    ({ weights }) => {
      const sum = weights.reduce((all, weight) => all + weight, 0);
      for (const distance of TIERS) {
        const before = hopsOf({ weights, distance: distance + 1 });
        const after = hopsOf({ weights, distance });
        for (const hop of weights.keys()) {
          if (weights[hop]! * 4 < sum) continue;
          const left = count(
            weights,
            HASHES.filter((hash) => before[hash] === hop).map((hash) => after[hash]!),
          );
          const all = left.reduce((total, one) => total + one, 0);
          for (const [next, weight] of weights.entries()) {
            if (weight * 4 >= sum) expect((left[next]! / all) * (sum / weight)).toBeLessThan(1.3);
          }
        }
      }
    },
  );
});

describe('when half of the next hops are down', () => {
  /** The fullest of those left, as a multiple of an even share: at worst, and on average over all that may be down. */
  function loads(hops: number, distance: number): { most: number; mean: number } {
    const map = hopsOf({ weights: equal(hops), distance });
    const down = Math.floor(hops / 2);
    const sets = Array.from({ length: 2 ** hops }, (_, set) => set).filter(
      (set) => [...equal(hops).keys()].filter((hop) => (set >> hop) & 1).length === down,
    );
    const worsts = sets.map((set) => {
      const left = HASHES.map((hash) => walk(map, hash, (hop) => ((set >> hop) & 1) === 0)!);
      return Math.max(...count(equal(hops), left)) * ((hops - down) / HASHES.length);
    });
    return { most: Math.max(...worsts), mean: worsts.reduce((sum, one) => sum + one, 0) / worsts.length };
  }

  it.each([2, 3, 4, 5, 6, 7, 8])(
    'those left have shares of twice an even one at most, as a rule, %i in all',
    (hops) => {
      for (const distance of TIERS) {
        const { most, mean } = loads(hops, distance);
        expect(mean).toBeLessThan(1.8);
        // Those that are down stand side by side: whoever is next has all of theirs.
        expect(most).toBeLessThanOrEqual(hops <= 6 ? 2.1 : 2.5);
      }
    },
  );
});

describe('lists', () => {
  const lengths = (weights: readonly number[]): number[] =>
    TIERS.map((tier) => spread(weights, { tier, offset: 0 }).length);

  it('are short', () => {
    expect(lengths(equal(2))).toEqual([2, 8, 4, 16]);
    expect(lengths(equal(3))).toEqual([4, 64, 36, 64]);
    expect(lengths(equal(4))).toEqual([4, 16, 4, 16]);
    expect(lengths(equal(5))).toEqual([6, 64, 6, 64]);
    expect(lengths(equal(8))).toEqual([8, 64, 8, 64]);
    expect(lengths(equal(16))).toEqual([16, 256, 16, 256]);
    for (let hops = 2; hops <= 300; hops++)
      for (const length of lengths(equal(hops))) expect(length).toBeLessThanOrEqual(Math.max(256, hops));
  });

  it('name each next hop once where no map is large enough', () => {
    expect(spread(equal(257), { tier: 1, offset: 5 })).toEqual(equal(257).map((weight, hop) => ({ hop, weight })));
  });

  it('begin elsewhere with another offset', () => {
    expect(spread([1, 1, 1, 1], { tier: 0, offset: 6 }).map(({ hop }) => hop)).toEqual([2, 3, 0, 1]);
  });
});

/** How the next hops of one set share traffic: by the speeds of their links, as small whole numbers. */

/** The sum of a set's shares, unless it has more next hops. A link slower than this part of all gets more than it can take. */
const MAX_SUM = 64;
/** No link gets more than so many times what its speed asks for, where that is possible: exact ratios make long lists. */
const TOLERANCE = 1.06;

/**
 * A share for each speed (0 where it is not known), 1 at least. Where some speed is not known all are alike, since a guess would
 * be no better.
 */
export function sharesOf(speeds: readonly number[]): readonly number[] {
  const alike = speeds.map(() => 1);
  const fastest = Math.max(...speeds);
  if (speeds.includes(0)) return alike;
  const total = sumOf(speeds);
  let best = alike;
  let least = Infinity;
  for (let most = 1; most <= MAX_SUM; most++) {
    const shares = speeds.map((speed) => Math.max(1, Math.round((most * speed) / fastest)));
    const sum = sumOf(shares);
    if (sum > MAX_SUM) break;
    const load = (Math.max(...shares.map((share, i) => share / speeds[i]!)) * total) / sum;
    if (load < least) [least, best] = [load, shares];
    if (load <= TOLERANCE) break;
  }
  return best;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

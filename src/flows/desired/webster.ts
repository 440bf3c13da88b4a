/**
 * Webster's method: whose turn it is, one after the other, so that at any time each has had its weight's part of all turns, as
 * nearly as whole numbers allow. Of several that it may be, the first in the list: this is how Open vSwitch fills the map from
 * hashes to buckets.
 */
export function takeTurns(weights: readonly number[], turns: number): number[] {
  const claims = [...weights];
  const divisors = weights.map(() => 1);
  return Array.from({ length: turns }, () => {
    let next = 0;
    for (let i = 1; i < claims.length; i++) if (claims[i]! > claims[next]!) next = i;
    divisors[next]! += 2;
    claims[next] = weights[next]! / divisors[next]!;
    return next;
  });
}

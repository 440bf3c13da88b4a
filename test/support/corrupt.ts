/** Values made wrong in one place, as a caller without types might. */
import type { Random } from './random.ts';

const WRONG: readonly unknown[] = [
  undefined,
  null,
  true,
  -1,
  1.5,
  Number.NaN,
  2 ** 53,
  -1n,
  2n ** 200n,
  'nonsense',
  {},
  [],
  [null],
  new Uint8Array(3),
];

/** A copy with something else in one place, wherever chance leads. */
export function corrupt(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || random.oneIn(6))
    return random.pick(WRONG);
  const keys = Object.keys(value);
  if (keys.length === 0) return random.pick(WRONG);
  const chosen = random.pick(keys);
  if (Array.isArray(value)) return value.map((one: unknown, i) => (String(i) === chosen ? corrupt(one, random) : one));
  return { ...value, [chosen]: corrupt((value as Record<string, unknown>)[chosen], random) };
}

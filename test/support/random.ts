/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** A whole number from 0 to `below` - 1. */
  int(below: number): number;
  /** True once in `times`. */
  oneIn(times: number): boolean;
  pick<T>(list: readonly T[]): T;
  bytes(length: number): Buffer;
}

/** The xorshift32 generator: quick, and good enough to look everywhere. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0 || 0x9e3779b9;
  const next = (): number => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  for (let i = 0; i < 8; i++) next(); // small seeds begin alike
  const int = (below: number): number =>
    below <= 0x100000000 ? next() % below : (next() * 0x100000 + (next() >>> 12)) % below;
  return {
    int,
    oneIn: (times) => int(times) === 0,
    pick: (list) => list[int(list.length)]!,
    bytes: (length) => Buffer.from(Array.from({ length }, () => int(256))),
  };
}

/** How often a second something small can be done, beside something as small in the same run. */

const ROUNDS = 7;
const ROUND_MS = 200;
const WARM_UP_CALLS = 20_000;
/** Calls between two looks at the clock. */
const CALLS_PER_LOOK = 500;

export interface Rates {
  readonly perSecond: number;
  readonly plainPerSecond: number;
}

/** Calls per second of both, each the best of several rounds taken in turns: noise of a shared machine only ever slows. */
export function rates(step: () => void, plain: () => void): Rates {
  for (let i = 0; i < WARM_UP_CALLS; i++) {
    step();
    plain();
  }
  let perSecond = 0;
  let plainPerSecond = 0;
  for (let round = 0; round < ROUNDS; round++) {
    perSecond = Math.max(perSecond, oneRound(step));
    plainPerSecond = Math.max(plainPerSecond, oneRound(plain));
  }
  return { perSecond, plainPerSecond };
}

function oneRound(step: () => void): number {
  const start = process.hrtime.bigint();
  let calls = 0;
  let elapsedMs = 0;
  while (elapsedMs < ROUND_MS) {
    for (let i = 0; i < CALLS_PER_LOOK; i++) step();
    calls += CALLS_PER_LOOK;
    elapsedMs = Number(process.hrtime.bigint() - start) / 1e6;
  }
  return (calls / elapsedMs) * 1e3;
}

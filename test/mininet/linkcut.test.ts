// A link with a way around it is cut under traffic.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runScenario, TEST_TIMEOUT_MS } from '../support/scenario.ts';

const pairs = z.array(z.tuple([z.string(), z.string()]));
const figures = z.object({ gapMs: z.number(), lostBefore: pairs, lostPairs: pairs, lostPairsRestored: pairs });

/** The longest time without an answer to a ping at 10 ms intervals, in milliseconds. */
const GAP_BOUND_MS = 1_000;

test.each(['fattree:4', 'mesh:6'])(
  'in %s all pairs are whole again within a second of a cut',
  { timeout: TEST_TIMEOUT_MS },
  async (topo) => {
    const seen = await runScenario('linkcut', { args: ['--topo', topo], figures });
    expect(seen).toMatchObject({ lostBefore: [], lostPairs: [], lostPairsRestored: [] });
    expect(seen.gapMs).toBeLessThan(GAP_BOUND_MS);
  },
);

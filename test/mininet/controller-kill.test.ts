// The network forwards without its controller, and does not notice when it comes back.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runScenarioWithOwnController, TEST_TIMEOUT_MS } from '../support/scenario.ts';

const pairs = z.array(z.tuple([z.string(), z.string()]));
const figures = z.object({
  lost: z.number(),
  busySent: z.number(),
  strangersLost: z.number(),
  strangersSent: z.number(),
  lostPairsDead: pairs,
  lostPairs: pairs,
});

/** Four streams of 100 pings a second for more than 5 s; two that begin later. */
const FEWEST_PINGS = 1_000;

test('a controller killed and restarted under traffic costs no packet', { timeout: TEST_TIMEOUT_MS }, async () => {
  const seen = await runScenarioWithOwnController('controller_kill', { figures });
  expect(seen).toMatchObject({ lost: 0, strangersLost: 0, lostPairsDead: [], lostPairs: [] });
  expect(Math.min(seen.busySent, seen.strangersSent)).toBeGreaterThan(FEWEST_PINGS / 2);
});

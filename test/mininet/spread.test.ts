// 200 flows between the pods of a fat tree use all of its equal ways.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runScenario, TEST_TIMEOUT_MS } from '../support/scenario.ts';

const layer = z.object({ links: z.number(), worst: z.number(), idle: z.number() });
const figures = z.object({ lost: z.number(), layers: z.record(z.string(), layer) });

/** A link's load at most, as a multiple of an even share. The flows are always the same, and so is where they go. */
const MOST = 2;

test('no link of a fat tree carries more than twice its share of flows', { timeout: TEST_TIMEOUT_MS }, async () => {
  const seen = await runScenario('spread', { figures });
  expect(seen.lost).toBe(0);
  expect(Object.keys(seen.layers)).toHaveLength(4);
  for (const { links, worst, idle } of Object.values(seen.layers)) {
    expect(links).toBe(16);
    expect(idle).toBe(0);
    expect(worst).toBeLessThanOrEqual(MOST);
  }
});

// No broadcast ever crosses a link twice in the same direction, however the network came about or changes.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runScenario, TEST_TIMEOUT_MS } from '../support/scenario.ts';

const figures = z.object({
  maxCrossings: z.number(),
  repeats: z.number(),
  notCounted: z.number(),
  framesSent: z.number(),
  missing: z.number(),
  doubled: z.number(),
});

const noLoop = { maxCrossings: 1, repeats: 0, notCounted: 0, missing: 0, doubled: 0 };

test(
  'one broadcast in torus:3,3 reaches every host once over links that it crosses once',
  { timeout: TEST_TIMEOUT_MS },
  async () => {
    expect(await runScenario('broadcast', { figures })).toMatchObject(noLoop);
  },
);

test('no storm from the first second on, while links come and go for 30 s', { timeout: TEST_TIMEOUT_MS }, async () => {
  const seen = await runScenario('broadcast', { args: ['--storm', '30'], figures });
  expect(seen).toMatchObject(noLoop);
});

// A host moves to another switch under traffic: by its cable, and by another network card while its old port stays up.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runScenario, TEST_TIMEOUT_MS } from '../support/scenario.ts';

const pairs = z.array(z.tuple([z.string(), z.string()]));
const kind = z.object({ medianMs: z.number(), worstMs: z.number() });
const figures = z.object({
  cable: kind,
  card: kind,
  lostBefore: pairs,
  lostAfter: pairs,
  moves: z.array(z.object({ kind: z.string(), gapMs: z.number(), rulesLeft: z.number() })),
});

/** From its first frame at its new place to the first answered ping, in milliseconds: the median of the moves. */
const GAP_BOUND_MS = 1_000;

test(
  'a host that moves is reachable again within a second, and no rule for its old place is left',
  {
    timeout: TEST_TIMEOUT_MS,
  },
  async () => {
    const seen = await runScenario('mobility', { figures });
    expect(seen).toMatchObject({ lostBefore: [], lostAfter: [] });
    expect(seen.moves.map(({ rulesLeft }) => rulesLeft)).toEqual(seen.moves.map(() => 0));
    expect(Math.max(seen.cable.medianMs, seen.card.medianMs)).toBeLessThan(GAP_BOUND_MS);
  },
);

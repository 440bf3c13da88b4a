// A switch that loses everything gets it back without anybody's doing.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runScenario, TEST_TIMEOUT_MS } from '../support/scenario.ts';

const pairs = z.array(z.tuple([z.string(), z.string()]));
const restart = z.object({ lostPairs: pairs, wholeAgainS: z.number(), pingsWholeS: z.number() });
const figures = z.object({ lostBefore: pairs, bridge: restart, vswitchd: restart });

/** From the restart until all pairs ping, in seconds: OVS itself waits up to a second before it connects again. */
const WHOLE_BOUND_S = 10;

test.each([
  { topo: 'torus:3,3', bridge: 's2x2' },
  { topo: 'fattree:4', bridge: 's5' },
])(
  '$topo is whole again after $bridge was added anew and after ovs-vswitchd was killed',
  { timeout: TEST_TIMEOUT_MS },
  async ({ topo, bridge }) => {
    const seen = await runScenario('switch_restart', { args: ['--topo', topo, '--switch', bridge], figures });
    expect(seen).toMatchObject({ lostBefore: [], bridge: { lostPairs: [] }, vswitchd: { lostPairs: [] } });
    expect(Math.max(seen.bridge.pingsWholeS, seen.vswitchd.pingsWholeS)).toBeLessThan(WHOLE_BOUND_S);
  },
);

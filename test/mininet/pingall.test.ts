// Every pair of hosts reaches every other by its very first ping, in each topology that people try first.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runScenario, TEST_TIMEOUT_MS } from '../support/scenario.ts';

const pairs = z.array(z.tuple([z.string(), z.string()]));
const figures = z.object({
  hosts: z.number(),
  links: z.number(),
  discoveryS: z.number(),
  ipv4Lost: pairs,
  ipv6Lost: pairs.default([]),
  hostsSeen: z.number(),
});

const topologies = ['tree:3', 'linear:8', 'single:4', 'torus:3,3', 'fattree:4', 'mesh:6'];

/** From the last switch's connecting until every link is seen, in seconds. */
const DISCOVERY_BOUND_S = 1;

describe.each(topologies)('in %s', (topo) => {
  test('the first pingall loses nothing, over IPv4 and IPv6', { timeout: TEST_TIMEOUT_MS }, async () => {
    const seen = await runScenario('pingall', { args: ['--topo', topo], figures });
    expect(seen).toMatchObject({ ipv4Lost: [], ipv6Lost: [], hostsSeen: seen.hosts });
    expect(seen.discoveryS).toBeLessThan(DISCOVERY_BOUND_S);
  });

  test('hosts that never speak first are reached too (mn --mac --arp)', { timeout: TEST_TIMEOUT_MS }, async () => {
    const seen = await runScenario('pingall', { args: ['--topo', topo, '--silent'], figures });
    expect(seen).toMatchObject({ ipv4Lost: [], hostsSeen: seen.hosts });
  });
});

describe('with reactive forwarding', () => {
  test.each(['ring:6', 'fattree:4'])(
    'the first pingall in %s loses nothing',
    { timeout: TEST_TIMEOUT_MS },
    async (topo) => {
      const controllerArgs = ['--forwarding', 'reactive'];
      for (const args of [[], ['--silent']]) {
        const seen = await runScenario('pingall', { args: ['--topo', topo, ...args], controllerArgs, figures });
        expect(seen).toMatchObject({ ipv4Lost: [], ipv6Lost: [], hostsSeen: seen.hosts });
      }
    },
  );
});

const mnFigures = z.object({ droppedPercent: z.number(), received: z.number(), sent: z.number() });

describe('mn --test pingall with --switch ovs and no protocols=', () => {
  test.each([
    { topo: 'tree:3', args: [] },
    { topo: 'torus:3,3', args: ['--mac', '--arp'] },
  ])('$topo $args', { timeout: TEST_TIMEOUT_MS }, async ({ topo, args }) => {
    const seen = await runScenario('mn', { args: ['--topo', topo, '--', ...args], figures: mnFigures });
    expect(seen).toEqual({ droppedPercent: 0, received: seen.sent, sent: seen.sent });
  });
});

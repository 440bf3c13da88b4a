/**
 * The whole of desired state and reconciling on model switches, under random links, hosts, delays, lost answers and lost
 * sessions: no frame ever circles, at any moment, and in the end every switch holds what it shall and every pair is joined.
 */
import { describe, expect, it } from 'vitest';
import { BROADCAST, dpidOf, HASHES, HOST_PORT, HOSTS, macOf, SENDER, SWITCHES, World } from './world.ts';

/** More with SEEDS=2000 in the environment. */
const SEEDS = Number(process.env['SEEDS'] ?? 100);
const EVENTS = 60;

async function play(seed: number): Promise<World> {
  const world = new World(seed);
  for (let event = 0; event < EVENTS; event++) {
    world.event();
    await world.rest(world.random.int(15));
  }
  await world.settle();
  return world;
}

describe('reconciling model switches', () => {
  it.each(Array.from({ length: SEEDS }, (_, index) => index + 1))(
    'never lets a frame circle and ends as desired (seed %i)',
    async (seed) => {
      const world = await play(seed);
      expect(world.circles).toEqual([]);
      expect(world.differences()).toEqual([]);
      for (let from = 0; from < SWITCHES; from++) {
        for (let to = 0; to < HOSTS; to++) {
          const { at } = world.network.host(macOf(to))!;
          if (at.dpid === dpidOf(from)) continue;
          const start = { dpid: dpidOf(from), port: HOST_PORT };
          for (let hash = 0; hash < HASHES; hash++) {
            const frame = { ethDst: macOf(to), ethSrc: SENDER, ethType: 0x88b5 };
            expect(world.model.send(start, frame, hash).delivered).toEqual([at]);
          }
        }
        const { delivered } = world.model.send(
          { dpid: dpidOf(from), port: HOST_PORT },
          { ethDst: BROADCAST, ethSrc: SENDER, ethType: 0x88b5 },
        );
        expect(delivered).toHaveLength(SWITCHES - 1);
      }
    },
  );
});

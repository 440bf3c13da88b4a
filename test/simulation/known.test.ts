/**
 * Hosts become known and are forgotten while frames for them are under way, on switches that take each change when they like. Where
 * no cable changes, every frame for a host comes to it, and once: it is forwarded all the way or flooded all the way.
 */
import { expect, it } from 'vitest';
import { dpidOf, HASHES, HOST_PORT, HOSTS, macOf, SENDER, SWITCHES, World } from './world.ts';

/** More with SEEDS=2000 in the environment. */
const SEEDS = Number(process.env['SEEDS'] ?? 40);
const EVENTS = 12;

function homeOf(index: number): string {
  return dpidOf(index % SWITCHES);
}

/** Every way in which a frame for a host did not come out at its port once. */
function strayed(world: World): string[] {
  const found: string[] = [];
  for (let from = 0; from < SWITCHES; from++) {
    for (let to = 0; to < HOSTS; to++) {
      if (homeOf(to) === dpidOf(from)) continue;
      for (let hash = 0; hash < HASHES; hash++) {
        const frame = { ethDst: macOf(to), ethSrc: SENDER, ethType: 0x88b5 };
        const { delivered } = world.model.send({ dpid: dpidOf(from), port: HOST_PORT }, frame, hash);
        const arrived = delivered.filter(({ dpid }) => dpid === homeOf(to)).length;
        if (arrived !== 1) found.push(`${from + 1} to ${to + 1}, hash ${hash}: arrived ${arrived} times`);
      }
    }
  }
  return found;
}

it.each(Array.from({ length: SEEDS }, (_, index) => index + 1))(
  'no frame is lost or doubled when its host becomes known (seed %i)',
  async (seed) => {
    const world = new World(seed);
    for (let round = 0; round < 200 && world.differences().length > 0; round++) await world.rest(10);
    expect([...world.differences(), ...strayed(world)]).toEqual([]);
    const found: string[] = [];
    world.onApplied = () => found.push(...strayed(world));
    for (let event = 0; event < EVENTS; event++) {
      const index = world.random.int(HOSTS);
      if (world.network.host(macOf(index)) && world.random.oneIn(2)) world.forgetHost(index);
      else world.placeHost(index, homeOf(index));
      world.network.flush();
      await world.rest(world.random.int(15));
    }
    expect(found).toEqual([]);
  },
);

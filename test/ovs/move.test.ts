/**
 * Make before break, on real Open vSwitch: traffic flows through a network in which frames take time from switch to switch,
 * while the controller moves it from way to way. No frame may be lost, come twice, or pass a switch twice.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkId } from '../../src/core/ids.ts';
import type { Link } from '../../src/topology/view.ts';
import { startPrivateOvs } from '../support/private-ovs.ts';
import type { PrivateOvs } from '../support/private-ovs.ts';
import { seededRandom } from '../support/random.ts';
import { arpRequest, dpidOf, HOST_PORT, macOf } from '../support/ring.ts';
import { startRooms } from '../support/rooms.ts';
import type { Rooms } from '../support/rooms.ts';
import { startTraffic } from '../support/traffic.ts';
import type { Traffic } from '../support/traffic.ts';
import type { Flow } from '../support/traffic-types.ts';
import { bridgeOf, createWires } from '../support/wires.ts';
import type { Journey, Wires } from '../support/wires.ts';

/** Round a ring: from s1 to s4 there is a short way by s2 and s3, and a long one by s5, s6 and s7. */
const RING = [1, 2, 3, 4, 7, 6, 5];
const NEXT = 1;
const BEFORE = 2;
/** The ends of cables that are put in later. */
const SHORTCUT = { from: 2, to: 4, port: 3 };
const DIRECT = { from: 1, to: 4, port: 4 };

const FLOWS = [
  { flow: 0, from: 1, to: 4, perSecond: 2_000 },
  { flow: 1, from: 4, to: 1, perSecond: 500 },
];
/** Frames on each way before the next move. */
const FRAMES = 150;
/** More with TURNS=20 in the environment. */
const TURNS = Number(process.env['TURNS'] ?? 4);
/** Switches that traffic is led around, one after the other. */
const AROUND = Array.from({ length: TURNS }, (_, turn) => (turn % 2 === 0 ? 2 : 3));
/** And in no order, while rules are still on their way. */
const BETWEEN = [2, 3, 5, 6, 7];
const CHANGES = 10 * TURNS;
const MAX_FRAMES_BETWEEN = 30;
const SEED = 7;
/**
 * Frames that are under way when a switch changes have a time to arrive. A switch daemon that gets no processor for that long
 * would lose them, whatever the controller did.
 */
const SLOWNESS = 5;
/** Every wait has a shorter one of its own, and says what did not come. */
const TIMEOUT_MS = 300_000;

describe('traffic that is moved from way to way', () => {
  let ovs: PrivateOvs;
  let rooms: Rooms;
  let wires: Wires;
  let traffic: Traffic;
  const sockets = new Map<number, string>();

  beforeAll(async () => {
    rooms = await startRooms({ slowness: SLOWNESS });
    ovs = await startPrivateOvs();
    wires = createWires(ovs);
    for (const index of RING) {
      await ovs.addBridge(`s${index}`, { dpid: dpidOf(index) });
      sockets.set(index, await wires.hostPort({ bridge: `s${index}`, ofport: HOST_PORT }));
    }
    for (const [place, index] of RING.entries()) {
      const next = RING[(place + 1) % RING.length]!;
      await wires.join({ bridge: `s${index}`, ofport: NEXT }, { bridge: `s${next}`, ofport: BEFORE });
    }
    for (const index of RING) await ovs.vsctl('set-controller', `s${index}`, rooms.target);
    await rooms.settled({ holds: () => isWhole(rooms, RING.length) });
    for (const index of RING) await ovs.appctl('netdev-dummy/receive', `s${index}-${HOST_PORT}`, arpRequest(index));
    await rooms.settled({ holds: () => rooms.network.view.hosts.size === RING.length });
    traffic = await startTraffic(FLOWS.map((ends) => flowOf(ends, sockets)));
  });
  afterAll(async () => {
    traffic?.kill();
    await rooms?.stop();
    await ovs?.dispose();
  });

  /** Resolves when all rules of a view newer than now are confirmed and frames have gone by them. */
  const move = async (how: () => void): Promise<void> => {
    const { version } = rooms.network.view;
    how();
    await rooms.settled({ version });
    await traffic.pass(FRAMES);
  };
  const setAway = (index: number, away: boolean): void => {
    const known = rooms.network.switch(dpidOf(index));
    if (known) rooms.network.setSwitch(known.dpid, { ...known, away });
  };
  const plugIn = async ({ from, to, port }: typeof DIRECT): Promise<Link> => {
    const id = linkId({ dpid: dpidOf(from), port }, { dpid: dpidOf(to), port });
    await wires.join({ bridge: `s${from}`, ofport: port }, { bridge: `s${to}`, ofport: port });
    await rooms.settled({ holds: () => rooms.network.view.links.get(id)?.bidirectional === true });
    await traffic.pass(FRAMES);
    return rooms.network.view.links.get(id)!;
  };

  it(
    'loses no frame, doubles none and lets none pass a switch twice',
    async () => {
      await traffic.pass(FRAMES);
      for (const around of AROUND) {
        await move(() => setAway(around, true));
        await move(() => setAway(around, false));
      }
      await changeItsMind();
      await plugIn(SHORTCUT);
      const direct = await plugIn(DIRECT);
      rooms.stopProbing();
      await traffic.pass(FRAMES);
      for (let turn = 0; turn < TURNS; turn++) {
        // The cable stays: what is on it arrives.
        await move(() => rooms.network.setLink(direct.id, undefined));
        await move(() => rooms.network.setLink(direct.id, direct));
      }

      for (const { flow, sent, lost, duplicated } of await traffic.stop()) {
        const { from, to } = FLOWS[flow]!;
        const journeys = await wires.journeys(flow, `s${from}`);
        const ends = lost.map((seq) => `${seq} was last sent by ${journeys.get(seq)?.way.at(-1) ?? 'nobody'}`);
        expect({ flow, ends, duplicated }).toEqual({ flow, ends: [], duplicated: [] });
        expect(journeys.size).toBe(sent);
        for (const { way, strays } of journeys.values()) {
          expect(strays).toEqual([]);
          expect(way.at(-1)).toBe(`s${to}-${HOST_PORT}`);
        }
        expect(missingIn(waysOf(journeys), expectedWays(from))).toEqual([]);
      }
    },
    TIMEOUT_MS,
  );

  /** New marks come before those before them have settled. */
  async function changeItsMind(): Promise<void> {
    const random = seededRandom(SEED);
    for (let change = 0; change < CHANGES; change++) {
      setAway(random.pick(BETWEEN), random.oneIn(2));
      await traffic.pass(random.int(MAX_FRAMES_BETWEEN));
    }
    for (const index of BETWEEN) setAway(index, false);
    await rooms.settled({ holds: () => [...rooms.network.view.switches.values()].every(({ away }) => !away) });
    await traffic.pass(FRAMES);
  }
});

/** The ways that frames from one end must have taken, one after the other, with others between them or not. */
function expectedWays(from: number): string[] {
  const short = 's1 s2 s3 s4';
  const ways = [short, ...AROUND.flatMap(() => ['s1 s5 s6 s7 s4', short])];
  ways.push('s1 s2 s4', 's1 s4');
  for (let turn = 0; turn < TURNS; turn++) ways.push('s1 s2 s4', 's1 s4');
  return from === 1 ? ways : ways.map((way) => way.split(' ').reverse().join(' '));
}

/** What of a row does not stand in another row in its order. */
function missingIn(row: readonly string[], wanted: readonly string[]): string[] {
  let at = 0;
  for (const way of row) if (way === wanted[at]) at++;
  return wanted.slice(at);
}

function flowOf({ flow, from, to, perSecond }: (typeof FLOWS)[number], sockets: ReadonlyMap<number, string>): Flow {
  return {
    flow,
    perSecond,
    ethSrc: macOf(from),
    ethDst: macOf(to),
    from: sockets.get(from)!,
    to: sockets.get(to)!,
  };
}

function isWhole({ network: { view } }: Rooms, links: number): boolean {
  return (
    view.links.size === links &&
    [...view.links.values()].every(({ bidirectional }) => bidirectional) &&
    [...view.switches.values()].every(({ ports }) => ports.get(HOST_PORT)?.kind === 'host')
  );
}

/** The ways that frames took one after the other, as texts such as "s1 s2 s3 s4". */
function waysOf(journeys: ReadonlyMap<number, Journey>): string[] {
  const ways: string[] = [];
  for (const seq of [...journeys.keys()].sort((x, y) => x - y)) {
    const way = journeys.get(seq)!.way.map(bridgeOf).join(' ');
    if (way !== ways.at(-1)) ways.push(way);
  }
  return ways;
}

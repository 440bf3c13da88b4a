/** What is flooded, on real switches with wires between them: it is marked there, and a host never sees that. */
import { once, EventEmitter } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unicast } from '../support/ring.ts';
import { items, until } from '../support/rest.ts';
import { tagged } from '../support/untagged.ts';
import { WiredLab } from '../support/wired-lab.ts';
import type { Edge } from '../support/small-graphs.ts';
import type { Journey } from '../support/wired-network.ts';

const SIZE = 6;
const RING: readonly Edge[] = Array.from({ length: SIZE }, (_, index) => [index + 1, ((index + 1) % SIZE) + 1]);
/** Across the ring, so that the tree and the shortest ways differ. */
const CHORDS: readonly Edge[] = [
  [1, 4],
  [2, 5],
];
const KNOWN = 1;
const NOBODY = 99;
const USERS_VLAN = 7;
const RESERVED_VLAN = 4095;

describe('flooding on real switches', () => {
  let lab: WiredLab;
  const heard = new EventEmitter<{ frame: [bridge: number, frame: string] }>();

  beforeAll(async () => {
    lab = await WiredLab.start(SIZE, [...RING, ...CHORDS], [KNOWN]);
    lab.network.onHeard = (bridge, frame) => heard.emit('frame', bridge, frame.toString('hex'));
  }, 60_000);
  afterAll(() => lab?.stop());

  const others = (host: number): number[] => lab.network.bridges.filter((bridge) => bridge !== host);
  const toNobody = (from: number): Buffer => Buffer.from(unicast(from, NOBODY), 'hex');

  /** Bridges at whose host ports this very frame came out. */
  const whoHears = async (frame: Buffer, from: number): Promise<number[]> => {
    const bridges: number[] = [];
    const note = (bridge: number, text: string): void => {
      if (text === frame.toString('hex')) bridges.push(bridge);
    };
    heard.on('frame', note);
    lab.network.inject(from, frame);
    await lab.network.atRest();
    heard.off('frame', note);
    return bridges.sort((x, y) => x - y);
  };

  it('brings every host the frame as it was sent, once, with the tag that it had', async () => {
    for (const from of [1, 3]) {
      expect(await whoHears(toNobody(from), from)).toEqual(others(from));
      const own = tagged(toNobody(from), USERS_VLAN);
      expect(await whoHears(own, from)).toEqual(others(from));
      expect(await whoHears(tagged(own, USERS_VLAN + 1), from)).toEqual(others(from));
    }
  });

  it('takes no frame from a host that bears the mark', async () => {
    expect(await whoHears(tagged(toNobody(2), RESERVED_VLAN), 2)).toEqual([]);
  });

  it('loses no frame to a host that becomes known meanwhile, and doubles none', async () => {
    const { network } = lab;
    for (const to of others(KNOWN)) {
      const sent: Journey[] = [];
      const sending = setInterval(() => {
        for (const from of others(to)) sent.push(network.send({ from, to, flow: sent.length }));
      }, 1);
      await once(heard, 'frame');
      network.speak(to);
      await until(
        () => items<{ switch: string }>(lab.baseUrl, '/hosts'),
        (hosts) => hosts.some((host) => Number.parseInt(host.switch, 16) === to),
      );
      await lab.settled();
      clearInterval(sending);
      await network.atRest();
      expect(sent.length).toBeGreaterThan(SIZE * 10);
      const wrong = sent.filter(({ hosts }) => hosts.filter((bridge) => bridge === to).length !== 1);
      expect(wrong.map(({ from, way, hosts }) => ({ from, to, way, hosts }))).toEqual([]);
    }
  });
});

/** Who may say that a place or an address is theirs, on real Open vSwitch: thieves, flapping MACs, frames from the fabric. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHostRing } from '../support/host-ring.ts';
import type { HostJson, HostRing } from '../support/host-ring.ts';
import { get, until } from '../support/rest.ts';
import { dpidOf, inject, unicast } from '../support/ring.ts';

const SIZE = 3;
const IP = '10.0.0.1';

describe('hosts on a ring of real switches', () => {
  let ring: HostRing;

  const hostOf = async (ip: string): Promise<string> =>
    (await get<HostJson>(ring.controller.baseUrl, `/hosts/${ip}`)).mac;

  beforeAll(async () => {
    ring = await startHostRing(SIZE);
    await ring.setAddress(1, IP);
    await ring.setAddress(3, '10.0.0.3');
    for (const ip of [IP, '10.0.0.3']) await hostOf(ip);
  });
  afterAll(() => ring?.dispose());

  it('keep their address from a thief while they answer, with a warning that names both', async () => {
    await ring.announce(3, ring.mac(3), IP);
    const [event] = await until(
      () => ring.events('host.address-kept'),
      (events) => events.length > 0,
    );
    expect(event).toMatchObject({ severity: 'warning' });
    for (const name of [IP, ring.mac(1), ring.mac(3)]) expect(event?.message).toContain(name);
    expect(await hostOf(IP)).toBe(ring.mac(1));
    const { items } = await get<{ items: { hops: { dpid: string }[] }[] }>(
      ring.controller.baseUrl,
      `/paths?from=10.0.0.3&to=${IP}`,
    );
    expect(items[0]?.hops.at(-1)?.dpid).toBe(dpidOf(1));
  });

  it('give their address to another when they do not answer for it any more', async () => {
    await ring.setAddress(1, '0.0.0.0');
    await until(
      async () => {
        await ring.announce(3, ring.mac(3), IP);
        return hostOf(IP);
      },
      (mac) => mac === ring.mac(3),
    );
    expect(await ring.events('host.address-taken')).toHaveLength(1);
  });

  it('do not move by a frame that comes over a link between switches', async () => {
    const mac = '02:00:00:00:00:05';
    const frame = unicast(5, 9);
    await inject(ring.ovs, 1, frame);
    await until(
      () => ring.place(mac),
      (place) => place === dpidOf(1),
    );
    for (const bridge of ['s2', 's3']) {
      for (const port of [1, 2]) {
        // As if it came in by that port: it goes through the switch's tables.
        await ring.ovs.ofctl('packet-out', bridge, `in_port=${port} packet=${frame} actions=table`);
      }
    }
    // What would have been shown to the controller came before this.
    const other = unicast(6, 9);
    await inject(ring.ovs, 2, other);
    await until(
      () => ring.place('02:00:00:00:00:06'),
      (place) => place === dpidOf(2),
    );
    expect(await ring.place(mac)).toBe(dpidOf(1));
    for (const type of ['host.moved', 'host.duplicate']) expect(await ring.events(type)).toEqual([]);
  });

  it('that flap are frozen where they are, with an alarm', async () => {
    const mac = '02:00:00:00:00:07';
    const frame = unicast(7, 9);
    const alarms = () => ring.events('host.flapping');
    await inject(ring.ovs, 1, frame);
    await until(
      () => ring.place(mac),
      (place) => place !== undefined,
    );
    await until(
      async () => {
        await inject(ring.ovs, (await ring.place(mac)) === dpidOf(1) ? 2 : 1, frame);
        return alarms();
      },
      (events) => events.length > 0,
    );
    expect(await alarms()).toMatchObject([{ severity: 'alarm', subject: { id: mac } }]);
    const frozenAt = await ring.place(mac);
    const moves = (await ring.events('host.moved')).length;
    for (let turn = 0; turn < 20; turn++) await inject(ring.ovs, 1 + (turn % 2), frame);
    expect(await ring.place(mac)).toBe(frozenAt);
    expect(await ring.events('host.moved')).toHaveLength(moves);
  });
});

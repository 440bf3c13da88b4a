/** Hosts that never spoke, on real Open vSwitch: found by their address, by a policy, and by name when they were forgotten. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHostRing } from '../support/host-ring.ts';
import type { HostJson, HostRing } from '../support/host-ring.ts';
import { get, until } from '../support/rest.ts';
import { dpidOf } from '../support/ring.ts';

const SIZE = 3;

describe('a host that never spoke', () => {
  let ring: HostRing;

  const send = (method: string, path: string, body: unknown): Promise<Response> =>
    fetch(`${ring.controller.baseUrl}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  beforeAll(async () => {
    ring = await startHostRing(SIZE);
    for (let index = 1; index <= SIZE; index++) await ring.setAddress(index, `10.0.0.${index}`);
  });
  afterAll(() => ring?.dispose());

  it('is found by its address', async () => {
    expect(await ring.hosts()).toEqual([]);
    expect(await get<HostJson>(ring.controller.baseUrl, '/hosts/10.0.0.1')).toMatchObject({
      mac: ring.mac(1),
      switch: dpidOf(1),
      ips: ['10.0.0.1'],
    });
    expect(await ring.hosts()).toHaveLength(1);
  });

  it('is found as soon as a policy names it', async () => {
    const match = { eth_type: 'ipv4', ipv4_dst: '10.0.0.2' };
    const spec = { dpid: 's1', table: 'steer', priority: 7, match, instructions: [{ goto_table: 'forward' }] };
    expect((await send('PUT', '/policies/to-h2', { kind: 'flow', spec })).status).toBe(201);
    await until(ring.hosts, (hosts) => hosts.some(({ ips }) => ips.includes('10.0.0.2')));
    expect(await ring.place(ring.mac(2))).toBe(dpidOf(2));
  });

  it('is found to be given a name, and by its name when it was forgotten', async () => {
    expect((await send('PUT', '/hosts/10.0.0.3/name', { name: 'printer' })).status).toBe(200);
    await ring.ovs.appctl('netdev-dummy/set-admin-state', 'h3', 'down');
    await until(
      () => ring.place(ring.mac(3)),
      (place) => place === undefined,
    );
    await ring.ovs.appctl('netdev-dummy/set-admin-state', 'h3', 'up');
    await ring.portsAreOpen(3);
    expect(await ring.place(ring.mac(3))).toBeUndefined();
    expect(await get<HostJson>(ring.controller.baseUrl, '/hosts/printer')).toMatchObject({
      mac: ring.mac(3),
      name: 'printer',
      switch: dpidOf(3),
    });
  });

  it('and does not answer is not found', async () => {
    expect((await fetch(`${ring.controller.baseUrl}/api/v1/hosts/10.0.0.77`)).status).toBe(404);
  });
});

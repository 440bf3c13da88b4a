import { describe, expect, it } from 'vitest';
import { flows } from '../../topology/testing/counted.ts';
import { createFakeServices } from '../testing/fake-services.ts';
import { startHarness } from '../testing/harness.ts';
import { dpid, makeLink, makePort, makeSwitch, network } from '../testing/network.ts';

const A = { dpid: dpid(1), port: 1 };
const B = { dpid: dpid(2), port: 1 };

const UNKNOWN = { aToBBps: null, bToABps: null, utilization: null };

describe('GET /links', () => {
  it('lists each link once, by id', async () => {
    const { send } = await startHarness();
    expect((await send('/api/v1/links')).json).toEqual({
      version: 1,
      items: [
        {
          id: '0000000000000001:2-0000000000000002:1',
          a: { dpid: dpid(1), port: 2 },
          b: { dpid: dpid(2), port: 1 },
          up: true,
          bidirectional: true,
          capacityBps: 1e10,
          latencyMs: null,
          ...UNKNOWN,
        },
        {
          id: '0000000000000002:2-0000000000000003:1',
          a: { dpid: dpid(2), port: 2 },
          b: { dpid: dpid(3), port: 1 },
          up: true,
          bidirectional: false,
          capacityBps: 1e10,
          latencyMs: null,
          ...UNKNOWN,
        },
      ],
    });
  });

  it.each([
    ['down where a port is down', { up: false }, { up: false, capacityBps: 1e10 }],
    ['as fast as its slower port', { speedBps: 1e6 }, { up: true, capacityBps: 1e6 }],
    ['as fast as the one port that says', { speedBps: 0 }, { up: true, capacityBps: 1e10 }],
  ])('shows a link %s', async (_what, port, shown) => {
    const ports = new Map([[1, makePort(1, port)]]);
    const services = createFakeServices(network([makeSwitch(1, { ports }), makeSwitch(2)], [makeLink(A, B)], []));
    const { send } = await startHarness({ services });
    expect((await send('/api/v1/links')).json).toMatchObject({ items: [shown] });
  });

  it('shows the latency of a link once it was measured', async () => {
    const link = { ...makeLink(A, B), latencyMs: 1.25 };
    const { send } = await startHarness({ services: createFakeServices(network([], [link], [])) });
    expect((await send('/api/v1/links')).json).toMatchObject({ items: [{ latencyMs: 1.25 }] });
  });

  it('shows a link down where its ports are not known', async () => {
    const { send } = await startHarness({ services: createFakeServices(network([], [makeLink(A, B)], [])) });
    expect((await send('/api/v1/links')).json).toMatchObject({ items: [{ up: false, capacityBps: null }] });
  });
});

describe('what flows over a link', () => {
  const ends = (rxBps: number, txBps: number) => [{ ...A, rxBps, txBps }];

  it.each([
    ['both ways', { rxBps: 1e9, txBps: 25e8 }, { aToBBps: 25e8, bToABps: 1e9, utilization: 0.25 }],
    ['one way', { rxBps: 4e9, txBps: 0 }, { aToBBps: 0, bToABps: 4e9, utilization: 0.4 }],
    ['neither way', { rxBps: 0, txBps: 0 }, { aToBBps: 0, bToABps: 0, utilization: 0 }],
    ['both ways, and more than its ports claim to carry', { rxBps: 2e10, txBps: 0 }, { utilization: 2 }],
  ])('is told where it flows %s', async (_what, { rxBps, txBps }, shown) => {
    const services = createFakeServices(network([makeSwitch(1), makeSwitch(2)], [makeLink(A, B)], []));
    flows(services.traffic, services.clock, ends(rxBps, txBps));
    const { send } = await startHarness({ services });
    expect((await send('/api/v1/links')).json).toMatchObject({ items: [shown] });
  });

  it('is told without a share of a capacity that nobody knows', async () => {
    const services = createFakeServices(network([], [makeLink(A, B)], []));
    flows(services.traffic, services.clock, ends(800, 1_600));
    const { send } = await startHarness({ services });
    expect((await send('/api/v1/links')).json).toMatchObject({
      items: [{ aToBBps: 1_600, bToABps: 800, utilization: null }],
    });
  });
});

describe('GET /topology', () => {
  it('shows the same as the lists, from one view, without what flows now', async () => {
    const { send } = await startHarness();
    const lists = await Promise.all(['switches', 'links', 'hosts'].map((name) => send(`/api/v1/${name}`)));
    const [switches, links, hosts] = lists.map(({ json }) => (json as { items: unknown }).items);
    expect((await send('/api/v1/topology')).json).toEqual({
      version: 1,
      switches,
      links: (links as object[]).map((link) =>
        Object.fromEntries(Object.entries(link).filter(([name]) => !(name in UNKNOWN))),
      ),
      hosts,
    });
  });
});

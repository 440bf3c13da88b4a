import { describe, expect, it } from 'vitest';
import { createFakeServices } from '../testing/fake-services.ts';
import { startHarness } from '../testing/harness.ts';
import { dpid, makeLink, makePort, makeSwitch, network } from '../testing/network.ts';

const A = { dpid: dpid(1), port: 1 };
const B = { dpid: dpid(2), port: 1 };

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
        },
        {
          id: '0000000000000002:2-0000000000000003:1',
          a: { dpid: dpid(2), port: 2 },
          b: { dpid: dpid(3), port: 1 },
          up: true,
          bidirectional: false,
          capacityBps: 1e10,
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

  it('shows a link down where its ports are not known', async () => {
    const { send } = await startHarness({ services: createFakeServices(network([], [makeLink(A, B)], [])) });
    expect((await send('/api/v1/links')).json).toMatchObject({ items: [{ up: false, capacityBps: null }] });
  });
});

describe('GET /topology', () => {
  it('shows the same as the lists, from one view', async () => {
    const { send } = await startHarness();
    const lists = await Promise.all(['switches', 'links', 'hosts'].map((name) => send(`/api/v1/${name}`)));
    const [switches, links, hosts] = lists.map(({ json }) => (json as { items: unknown }).items);
    expect((await send('/api/v1/topology')).json).toEqual({ version: 1, switches, links, hosts });
  });
});

import { describe, expect, it } from 'vitest';
import type { PathQuery } from '../services.ts';
import { createFakeServices } from '../testing/fake-services.ts';
import { startHarness } from '../testing/harness.ts';
import { dpid, makeHost, makeSwitch, network } from '../testing/network.ts';

const AT_H1 = { dpid: dpid(1), port: 1 };
const AT_H2 = { dpid: dpid(3), port: 2 };

function recordingServices() {
  const services = createFakeServices();
  const asked: PathQuery[] = [];
  services.findPaths = (query) => {
    asked.push(query);
    return [
      {
        cost: 1,
        hops: [
          { dpid: dpid(1), inPort: undefined, outPort: 2 },
          { dpid: dpid(2), inPort: 1, outPort: undefined },
        ],
      },
    ];
  };
  return { services, asked };
}

describe('GET /paths', () => {
  it('shows paths hop by hop', async () => {
    const { send } = await startHarness({ services: recordingServices().services });
    expect((await send('/api/v1/paths?from=s1&to=s2')).json).toEqual({
      version: 1,
      items: [
        {
          cost: 1,
          hops: [
            { dpid: dpid(1), inPort: null, outPort: 2 },
            { dpid: dpid(2), inPort: 1, outPort: null },
          ],
        },
      ],
    });
  });

  it.each([
    ['from=h1&to=10.0.0.2', { from: AT_H1, to: AT_H2, k: 1 }],
    ['from=00:00:00:00:00:01&to=s3&k=16', { from: AT_H1, to: { dpid: dpid(3) }, k: 16 }],
    [`from=${dpid(2)}&to=h1&k=2&metric=hops&disjoint=false`, { from: { dpid: dpid(2) }, to: AT_H1, k: 2 }],
  ])('asks for %s', async (query, expected) => {
    const { services, asked } = recordingServices();
    const { send } = await startHarness({ services });
    expect((await send(`/api/v1/paths?${query}`)).status).toBe(200);
    expect(asked).toEqual([expected]);
  });

  it.each([
    ['to=h1', 'from', 'is required'],
    ['from=h1&to=h1&to=s1', 'to', 'is given more than once'],
    ['from=h1&to=s1&k=0', 'k', 'from 1 to 16'],
    ['from=h1&to=s1&k=17', 'k', 'from 1 to 16'],
    ['from=h1&to=s1&k=1.5', 'k', 'from 1 to 16'],
    ['from=h1&to=s1&metric=latency', 'metric', 'not measured yet'],
    ['from=h1&to=s1&metric=load', 'metric', 'not measured yet'],
    ['from=h1&to=s1&metric=luck', 'metric', 'must be hops'],
    ['from=h1&to=s1&disjoint=true', 'disjoint', 'not offered yet'],
    ['from=h1&to=s1&disjoint=maybe', 'disjoint', 'must be false'],
    ['from=h1&to=s1&via=s2', 'via', 'is not a parameter of this request; known: from, to, k, metric, disjoint'],
    ['from=h1&to=s1&__proto__=1', '__proto__', 'is not a parameter'],
  ])('refuses %s', async (query, path, message) => {
    const { services, asked } = recordingServices();
    const { send } = await startHarness({ services });
    const { status, json } = await send(`/api/v1/paths?${query}`);
    expect(status).toBe(400);
    expect(json).toMatchObject({ errors: [{ path, message: expect.stringContaining(message) as string }] });
    expect(asked).toEqual([]);
  });

  it('answers 404 for an end that is not known, and says which', async () => {
    const { send } = await startHarness();
    const { status, json } = await send('/api/v1/paths?from=h1&to=h9');
    expect(status).toBe(404);
    expect(json).toMatchObject({ errors: [{ path: 'to', message: 'no host or switch h9' }] });
  });

  it('answers 409 for a name that a host and a switch share', async () => {
    const host = makeHost('00:00:00:00:00:01', AT_H1, { name: 's1' });
    const { send } = await startHarness({ services: createFakeServices(network([makeSwitch(1)], [], [host])) });
    const { status, json } = await send('/api/v1/paths?from=s1&to=s1');
    expect(status).toBe(409);
    expect(json).toMatchObject({ detail: expect.stringContaining(`00:00:00:00:00:01, ${dpid(1)}`) as string });
  });
});

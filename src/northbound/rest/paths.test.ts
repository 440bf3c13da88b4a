import { describe, expect, it } from 'vitest';
import type { PathQuery, PathRecord } from '../services.ts';
import { createFakeServices } from '../testing/fake-services.ts';
import { startHarness } from '../testing/harness.ts';
import { dpid, makeHost, makeLink, makeSwitch, network } from '../testing/network.ts';

const AT_H1 = { dpid: dpid(1), port: 1 };
const AT_H2 = { dpid: dpid(3), port: 2 };
const S1_S2 = `${dpid(1)}:2-${dpid(2)}:1`;
const S2_S3 = `${dpid(2)}:2-${dpid(3)}:1`;

const PATH: PathRecord = {
  cost: 1,
  hops: [
    { dpid: dpid(1), inPort: undefined, outPort: 2 },
    { dpid: dpid(2), inPort: 1, outPort: undefined },
  ],
  links: [S1_S2],
  latencyMs: undefined,
  freeBps: 10_000_000_000,
};

/** All that a query asks for which it does not name. */
const PLAIN: Omit<PathQuery, 'from' | 'to'> = {
  k: 1,
  metric: undefined,
  disjoint: undefined,
  via: undefined,
  avoid: undefined,
  minBandwidthBps: undefined,
  maxLatencyMs: undefined,
};

function recordingServices() {
  const services = createFakeServices();
  const asked: PathQuery[] = [];
  services.findPaths = (query) => {
    asked.push(query);
    return { paths: [PATH], reason: undefined, shared: undefined };
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
          links: [S1_S2],
          latencyMs: null,
          freeBps: 10_000_000_000,
        },
      ],
    });
  });

  it('says why there is none, and what a pair shares', async () => {
    const services = createFakeServices();
    const { send } = await startHarness({ services });
    services.findPaths = () => ({ paths: [], reason: 'No links lead there.', shared: undefined });
    expect((await send('/api/v1/paths?from=s1&to=s2')).json).toEqual({
      version: 1,
      items: [],
      reason: 'No links lead there.',
    });
    const shared = { links: [S1_S2], switches: [dpid(2)] };
    services.findPaths = () => ({ paths: [], reason: undefined, shared });
    expect((await send('/api/v1/paths?from=s1&to=s2&disjoint=nodes')).json).toEqual({ version: 1, items: [], shared });
  });

  it.each<[string, Partial<PathQuery> & Pick<PathQuery, 'from' | 'to'>]>([
    ['from=h1&to=10.0.0.2', { from: AT_H1, to: AT_H2 }],
    ['from=00:00:00:00:00:01&to=s3&k=16', { from: AT_H1, to: { dpid: dpid(3) }, k: 16 }],
    [
      `from=${dpid(2)}&to=h1&k=2&metric=hops&disjoint=false`,
      { from: { dpid: dpid(2) }, to: AT_H1, k: 2, metric: 'hops' },
    ],
    ['from=h1&to=h1&metric=latency&disjoint=links', { from: AT_H1, to: AT_H1, metric: 'latency', disjoint: 'links' }],
    ['from=h1&to=h1&metric=load&disjoint=nodes', { from: AT_H1, to: AT_H1, metric: 'load', disjoint: 'nodes' }],
    ['from=h1&to=h1&disjoint=true', { from: AT_H1, to: AT_H1, disjoint: 'links' }],
    [
      'from=h1&to=10.0.0.2&disjoint=nodes&via=s2&maxLatencyMs=7',
      { from: AT_H1, to: AT_H2, disjoint: 'nodes', via: [dpid(2)], maxLatencyMs: 7 },
    ],
    [`from=h1&to=h1&via=s3,${dpid(2)}`, { from: AT_H1, to: AT_H1, via: [dpid(3), dpid(2)] }],
    [
      `from=h1&to=h1&avoid=s3,s2-s1,${S2_S3}`,
      { from: AT_H1, to: AT_H1, avoid: { switches: [dpid(3)], links: [S1_S2, S2_S3] } },
    ],
    ['from=1&to=0x3&via=2', { from: { dpid: dpid(1) }, to: { dpid: dpid(3) }, via: [dpid(2)] }],
    [
      'from=1&to=3&via=00:00:00:00:00:00:00:02,0x1',
      { from: { dpid: dpid(1) }, to: { dpid: dpid(3) }, via: [dpid(2), dpid(1)] },
    ],
    [
      'from=1&to=3&avoid=0002,1-2,s3-0x2',
      { from: { dpid: dpid(1) }, to: { dpid: dpid(3) }, avoid: { switches: [dpid(2)], links: [S1_S2, S2_S3] } },
    ],
    [`from=h1&to=h1&avoid=${dpid(2)}-s3`, { from: AT_H1, to: AT_H1, avoid: { switches: [], links: [S2_S3] } }],
    [
      'from=h1&to=h1&minBandwidthBps=1000000&maxLatencyMs=2.5',
      { from: AT_H1, to: AT_H1, minBandwidthBps: 1_000_000, maxLatencyMs: 2.5 },
    ],
  ])('asks for %s', async (query, expected) => {
    const { services, asked } = recordingServices();
    const { send } = await startHarness({ services });
    expect((await send(`/api/v1/paths?${query}`)).status).toBe(200);
    expect(asked).toEqual([{ ...PLAIN, ...expected }]);
  });

  it.each([
    ['to=h1', 'from', 'is required'],
    ['from=h1&to=h1&to=s1', 'to', 'is given more than once'],
    ['from=h1&to=s1&k=0', 'k', 'from 1 to 16'],
    ['from=h1&to=s1&k=17', 'k', 'from 1 to 16'],
    ['from=h1&to=s1&k=1.5', 'k', 'from 1 to 16'],
    ['from=h1&to=s1&metric=luck', 'metric', 'must be hops, latency or load'],
    ['from=h1&to=s1&disjoint=maybe', 'disjoint', 'must be links or nodes'],
    ['from=h1&to=s1&via=s2,,s3', 'via.1', 'has an empty name'],
    [`from=h1&to=s1&avoid=${'s1,'.repeat(32)}s1`, 'avoid', 'names more than 32'],
    ['from=h1&to=s1&minBandwidthBps=-1', 'minBandwidthBps', 'must be a whole number'],
    ['from=h1&to=s1&minBandwidthBps=1e6', 'minBandwidthBps', 'must be a whole number'],
    ['from=h1&to=s1&maxLatencyMs=fast', 'maxLatencyMs', 'must be a number from 0'],
    [
      'from=h1&to=s1&colour=red',
      'colour',
      'is not a parameter of this request; known: from, to, k, metric, disjoint, via, avoid, minBandwidthBps, maxLatencyMs',
    ],
    ['from=h1&to=s1&__proto__=1', '__proto__', 'is not a parameter'],
  ])('refuses %s', async (query, path, message) => {
    const { services, asked } = recordingServices();
    const { send } = await startHarness({ services });
    const { status, json } = await send(`/api/v1/paths?${query}`);
    expect(status).toBe(400);
    expect(json).toMatchObject({ errors: [{ path, message: expect.stringContaining(message) as string }] });
    expect(asked).toEqual([]);
  });

  it.each([
    ['via=s1,s9', 'via', 'no switch s9', 'GET /api/v1/switches'],
    ['via=9', 'via', 'no switch 9', 'GET /api/v1/switches'],
    ['avoid=1-3', 'avoid', 'no switch or link 1-3', 's1-s2'],
    ['avoid=s9', 'avoid', 'no switch or link s9', 'GET /api/v1/links'],
    ['avoid=s1-s3', 'avoid', 'no switch or link s1-s3', 's1-s2'],
  ])('answers 404 for %s, which is not known', async (query, path, message, hint) => {
    const { send } = await startHarness();
    const { status, json } = await send(`/api/v1/paths?from=s1&to=s2&${query}`);
    expect(status).toBe(404);
    expect(json).toMatchObject({ detail: expect.stringContaining(hint) as string, errors: [{ path, message }] });
  });

  it('takes names with hyphens apart where they join two switches, and parallel links all together', async () => {
    const { services, asked } = recordingServices();
    const end = (number: number, port: number) => ({ dpid: dpid(number), port });
    const links = [makeLink(end(1, 1), end(2, 1)), makeLink(end(2, 2), end(1, 2))];
    services.setNetwork(network([makeSwitch(1, { name: 'rack-1' }), makeSwitch(2, { name: 'rack-2' })], links, []));
    const { send } = await startHarness({ services });
    expect((await send('/api/v1/paths?from=rack-1&to=rack-2&avoid=rack-1-rack-2')).status).toBe(200);
    expect(asked[0]?.avoid).toEqual({ switches: [], links: links.map(({ id }) => id) });
  });

  it('takes short dpids for names where switches have such names', async () => {
    const { services, asked } = recordingServices();
    const end = (number: number, port: number) => ({ dpid: dpid(number), port });
    const links = [makeLink(end(1, 1), end(3, 1)), makeLink(end(2, 1), end(3, 2))];
    const named = [makeSwitch(1, { name: 's1' }), makeSwitch(2, { name: '1' }), makeSwitch(3, { name: '1-b' })];
    services.setNetwork(network(named, links, []));
    const { send } = await startHarness({ services });
    expect((await send('/api/v1/paths?from=s1&to=1&via=1&avoid=1-3,1-1-b')).status).toBe(200);
    // 1 is the switch of that name; there is no other link 1-3 than that of the names 1 and short 3.
    expect(asked[0]).toMatchObject({
      via: [dpid(2)],
      avoid: { switches: [], links: [links[1]!.id, links[1]!.id] },
    });
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

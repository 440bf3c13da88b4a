import { describe, expect, it } from 'vitest';
import { createFakeServices } from '../testing/fake-services.ts';
import { startHarness } from '../testing/harness.ts';
import { dpid, ip, mac, makeHost, makeSwitch, network } from '../testing/network.ts';

const H1 = {
  mac: '00:00:00:00:00:01',
  vlan: null,
  ips: ['10.0.0.1', '2001:db8::1'],
  name: 'h1',
  switch: dpid(1),
  port: 1,
  firstSeen: '2026-01-02T03:04:05.678Z',
  lastSeen: '2026-01-02T03:04:06.678Z',
};

describe('GET /hosts', () => {
  it('lists hosts by MAC', async () => {
    const { send } = await startHarness();
    expect((await send('/api/v1/hosts')).json).toMatchObject({
      version: 1,
      items: [H1, { mac: '00:00:00:00:00:02', vlan: 10, name: null }],
    });
  });
});

describe('GET /hosts/{host}', () => {
  it.each(['00:00:00:00:00:01', '10.0.0.1', '2001:db8::1', '2001:0DB8:0::1', 'h1'])(
    'knows a host as %s',
    async (ref) => {
      const { send } = await startHarness();
      expect((await send(`/api/v1/hosts/${ref}`)).json).toEqual(H1);
    },
  );

  it('takes the first sight for the last where no other is known', async () => {
    const services = createFakeServices();
    services.hostLastSeen = () => undefined;
    const { send } = await startHarness({ services });
    expect((await send('/api/v1/hosts/h1')).json).toMatchObject({ lastSeen: H1.firstSeen });
  });

  it.each(['00:00:00:00:00:09', '10.0.0.9', 'h9', '%00', 'any'])('answers 404 for %s', async (ref) => {
    const { send } = await startHarness();
    const { status, json } = await send(`/api/v1/hosts/${ref}`);
    expect(status).toBe(404);
    expect(json).toMatchObject({ detail: expect.stringContaining('GET /api/v1/hosts lists them') as string });
  });

  it.each(['10.0.0.7', '00:00:00:00:00:07', 'h7'])('has a silent host looked for, as %s', async (reference) => {
    const services = silentHost();
    const { send } = await startHarness({ services });
    expect((await send('/api/v1/hosts/h8')).status).toBe(404);
    for (let time = 0; time < 2; time++) {
      expect((await send(`/api/v1/hosts/${reference}`)).json).toMatchObject({ mac: '00:00:00:00:00:07' });
      expect(services.lookedFor).toEqual(['h8', reference]);
    }
  });

  it('answers 409 where two hosts have the address', async () => {
    const at = { dpid: dpid(1), port: 1 };
    const hosts = ['00:00:00:00:00:01', '00:00:00:00:00:02'].map((each) =>
      makeHost(each, at, { ips: [ip('10.0.0.1')] }),
    );
    const { send } = await startHarness({ services: createFakeServices(network([makeSwitch(1)], [], hosts)) });
    expect((await send('/api/v1/hosts/10.0.0.1')).status).toBe(409);
  });
});

/** A network whose one host is known when it is looked for. */
function silentHost() {
  const services = createFakeServices(network([makeSwitch(1)], [], []));
  services.whenLookedFor = async () => {
    if (services.lookedFor.at(-1) === 'h8') return;
    const rest = { ips: [ip('10.0.0.7')], name: 'h7' };
    const found = makeHost('00:00:00:00:00:07', { dpid: dpid(1), port: 1 }, rest);
    services.setNetwork(network([makeSwitch(1)], [], [found]));
  };
  return services;
}

describe.each([
  ['PUT', { name: 'printer' }],
  ['DELETE', undefined],
])('%s /hosts/{host}/name of a silent host', (method, body) => {
  it('has it looked for', async () => {
    const services = silentHost();
    const { send } = await startHarness({ services });
    expect((await send('/api/v1/hosts/10.0.0.7/name', { method, body })).status).toBe(200);
    expect([services.lookedFor, services.named]).toEqual([['10.0.0.7'], [[mac('00:00:00:00:00:07'), body?.name]]]);
  });
});

describe('DELETE /hosts/{host}/name', () => {
  it('takes the name away, whatever the host is called by', async () => {
    const { send, services } = await startHarness();
    const { status, json } = await send('/api/v1/hosts/10.0.0.1/name', { method: 'DELETE' });
    expect([status, json]).toEqual([200, { ...H1, name: null }]);
    expect(services.named).toEqual([[mac('00:00:00:00:00:01'), undefined]]);
    expect((await send('/api/v1/hosts/h9/name', { method: 'DELETE' })).status).toBe(404);
  });

  it('frees the name of a host that is not there', async () => {
    const { send, services } = await startHarness();
    services.absent.add('printer');
    expect((await send('/api/v1/hosts/printer/name', { method: 'DELETE' })).status).toBe(204);
    expect((await send('/api/v1/hosts/printer/name', { method: 'DELETE' })).status).toBe(404);
    expect(services.lookedFor).toEqual(['printer', 'printer']);
  });

  it('answers 404 where the host goes meanwhile', async () => {
    const { send, services } = await startHarness();
    services.hostIsKnown = false;
    const { status, json } = await send('/api/v1/hosts/h1/name', { method: 'DELETE' });
    expect(status).toBe(404);
    expect(json).toMatchObject({ detail: expect.stringContaining('00:00:00:00:00:01 has just gone') as string });
  });
});

describe('PUT /hosts/{host}/name', () => {
  it('names a host and answers with it', async () => {
    const { send, services } = await startHarness();
    const { status, json } = await send('/api/v1/hosts/00:00:00:00:00:02/name', {
      method: 'PUT',
      body: { name: 'h2' },
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({ mac: '00:00:00:00:00:02', name: 'h2' });
    expect(services.named).toEqual([[mac('00:00:00:00:00:02'), 'h2']]);
  });

  it.each(['null', '{"name": null}'])('takes the name away for %s', async (body) => {
    const { send, services } = await startHarness();
    expect((await send('/api/v1/hosts/h1/name', { method: 'PUT', body })).json).toEqual({ ...H1, name: null });
    expect(services.named).toEqual([[mac('00:00:00:00:00:01'), undefined]]);
  });

  it('lets a host keep its name', async () => {
    const { send } = await startHarness();
    expect((await send('/api/v1/hosts/h1/name', { method: 'PUT', body: { name: 'h1' } })).status).toBe(200);
  });

  it.each([
    [{}, 'name', 'is required'],
    [{ name: 7 }, 'name', 'expected string'],
    [{ name: '' }, 'name', 'must be letters'],
    [{ name: 'a b' }, 'name', 'must be letters'],
    [{ name: 'a'.repeat(64) }, 'name', 'at most 63'],
    [{ name: '10.0.0.1' }, 'name', 'look like an address'],
    [{ name: '0000000000000001' }, 'name', 'look like an address'],
    [{ name: 'any' }, 'name', 'means every host'],
    [{ name: 'h2', colour: 'red' }, 'colour', 'is not a field of this request; known: name'],
    ['{"name": "h2", "__proto__": {}}', '__proto__', 'is not a field'],
    ['"h2"', '', 'expected object'],
    ['[]', '', 'expected object'],
  ])('refuses the body %j', async (body, path, message) => {
    const { send, services } = await startHarness();
    const { status, json } = await send('/api/v1/hosts/h1/name', { method: 'PUT', body });
    expect(status).toBe(400);
    expect(json).toMatchObject({ errors: [{ path, message: expect.stringContaining(message) as string }] });
    expect(services.named).toEqual([]);
  });

  it.each(['h1', 's1'])('refuses the name %s, which another has', async (name) => {
    const { send, services } = await startHarness();
    const { status, json } = await send('/api/v1/hosts/10.0.0.2/name', { method: 'PUT', body: { name } });
    expect(status).toBe(409);
    expect(json).toMatchObject({ detail: expect.stringContaining(`is called ${name}`) as string });
    expect(services.named).toEqual([]);
  });

  it('answers 404 for a host that is not, or no longer, known', async () => {
    const { send, services } = await startHarness();
    expect((await send('/api/v1/hosts/h9/name', { method: 'PUT', body: { name: 'x' } })).status).toBe(404);
    services.hostIsKnown = false;
    expect((await send('/api/v1/hosts/h1/name', { method: 'PUT', body: { name: 'x' } })).status).toBe(404);
  });
});

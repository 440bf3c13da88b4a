import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../core/errors.ts';
import { flows } from '../../topology/testing/counted.ts';
import { createFakeServices } from '../testing/fake-services.ts';
import { startHarness } from '../testing/harness.ts';
import { dpid, makePort, makeSwitch, network } from '../testing/network.ts';

describe('GET /switches', () => {
  it('lists switches by dpid, with their ports by number', async () => {
    const { send } = await startHarness();
    const { status, json } = await send('/api/v1/switches');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      version: 1,
      items: [{ dpid: dpid(1) }, { dpid: dpid(2) }, { dpid: dpid(3), ports: [{ number: 1 }, { number: 2 }] }],
    });
  });

  it('lists none where there are none', async () => {
    const { send } = await startHarness({ services: createFakeServices(network([], [], [])) });
    expect((await send('/api/v1/switches')).json).toEqual({ items: [], version: 1 });
  });
});

describe('GET /switches/{dpid}', () => {
  it.each(['0000000000000001', 's1'])('knows a switch as %s', async (ref) => {
    const { send } = await startHarness();
    expect((await send(`/api/v1/switches/${ref}`)).json).toEqual({
      dpid: '0000000000000001',
      name: 's1',
      connected: true,
      remoteAddress: '127.0.0.1:50001',
      connectedSince: '2026-01-02T03:04:05.678Z',
      manufacturer: 'Nicira, Inc.',
      hardware: 'Open vSwitch',
      software: '3.1.0',
      serial: 'None',
      description: 'None',
      tables: 254,
      ports: [
        { number: 1, name: 'eth1', mac: '00:00:00:00:01:01', up: true, damped: false, kind: 'fabric', speedBps: 1e10 },
        { number: 2, name: 'eth2', mac: '00:00:00:00:01:02', up: true, damped: false, kind: 'fabric', speedBps: 1e10 },
      ],
    });
  });

  it('takes a dpid in upper case', async () => {
    const services = createFakeServices(network([makeSwitch(0xab)], [], []));
    const { send } = await startHarness({ services });
    expect((await send('/api/v1/switches/00000000000000AB')).status).toBe(200);
  });

  it.each(['1', '01', '0x1', '0X1', '00:00:00:00:00:00:00:01'])('takes the dpid as %s', async (ref) => {
    const { send } = await startHarness();
    expect((await send(`/api/v1/switches/${ref}`)).json).toMatchObject({ dpid: dpid(1) });
  });

  it('takes short texts for names first, and for dpids in hexadecimal then', async () => {
    const services = createFakeServices(
      network([makeSwitch(0x10), makeSwitch(2, { name: '10' }), makeSwitch(3)], [], []),
    );
    const { send } = await startHarness({ services });
    expect((await send('/api/v1/switches/10')).json).toMatchObject({ dpid: dpid(2) });
    expect((await send('/api/v1/switches/0x10')).json).toMatchObject({ dpid: dpid(0x10) });
    expect((await send('/api/v1/switches/16')).json).toMatchObject({
      detail: `There is no switch 16 (dpid ${dpid(0x16)}); GET /api/v1/switches lists them.`,
    });
  });

  it('says null for a speed that the switch does not say', async () => {
    const ports = new Map([[1, makePort(1, { speedBps: 0 })]]);
    const { send } = await startHarness({ services: createFakeServices(network([makeSwitch(1, { ports })], [], [])) });
    expect((await send('/api/v1/switches/s1')).json).toMatchObject({ ports: [{ speedBps: null }] });
  });

  it('answers 404 with the way to those there are', async () => {
    const { send } = await startHarness();
    const { status, json, headers } = await send('/api/v1/switches/s9');
    expect(status).toBe(404);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(json).toEqual({
      title: 'Not Found',
      status: 404,
      detail: 'There is no switch s9; GET /api/v1/switches lists them.',
    });
  });

  it('answers 409 where two switches have the name', async () => {
    const services = createFakeServices(network([makeSwitch(1), makeSwitch(2, { name: 's1' })], [], []));
    const { send } = await startHarness({ services });
    const { status, json } = await send('/api/v1/switches/s1');
    expect(status).toBe(409);
    expect(json).toMatchObject({ detail: expect.stringContaining(`${dpid(1)}, ${dpid(2)}`) as string });
  });

  it('refuses a name that is too long', async () => {
    const { send } = await startHarness();
    const { status, json } = await send(`/api/v1/switches/${'s'.repeat(65)}`);
    expect(status).toBe(400);
    expect(json).toMatchObject({ errors: [{ path: 'dpid', message: 'is too long' }] });
  });
});

describe('GET /switches/{dpid}/ports', () => {
  it('adds what the switch counts now', async () => {
    const services = createFakeServices();
    const counted = { rxPackets: 1n, txPackets: 2n, rxBytes: 2n ** 40n, txBytes: 4n, rxDropped: 0n };
    services.counters = () => Promise.resolve([{ port: 2, ...counted, txDropped: 2n ** 64n - 1n }]);
    const { send } = await startHarness({ services });
    const nothing = { rxPackets: null, txPackets: null, rxBytes: null, txBytes: null };
    expect((await send('/api/v1/switches/s1/ports')).json).toMatchObject({
      version: 1,
      items: [
        { number: 1, ...nothing, rxDropped: null, txDropped: null, rxBps: null, txBps: null, ratesOverMs: null },
        { number: 2, rxPackets: 1, txPackets: 2, rxBytes: 2 ** 40, txBytes: 4, rxDropped: 0, txDropped: null },
      ],
    });
  });

  it('adds the rates of the last readings', async () => {
    const services = createFakeServices();
    flows(services.traffic, services.clock, [{ dpid: dpid(1), port: 2, rxBps: 8_000, txBps: 1e9 }]);
    const { send } = await startHarness({ services });
    expect((await send('/api/v1/switches/s1/ports')).json).toMatchObject({
      items: [
        { number: 1, rxBps: null, txBps: null, ratesOverMs: null },
        { number: 2, rxBps: 8_000, txBps: 1e9, ratesOverMs: 1_000 },
      ],
    });
  });

  it('answers 503 with Retry-After where the switch is away', async () => {
    const services = createFakeServices();
    services.counters = () => Promise.reject(new UnavailableError('s1 is not connected; try when it is.'));
    const { send } = await startHarness({ services });
    const { status, json, headers } = await send('/api/v1/switches/s1/ports');
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('2');
    expect(json).toMatchObject({ title: 'Service Unavailable', detail: 's1 is not connected; try when it is.' });
  });

  it('answers 404 where the switch goes while it is asked', async () => {
    const services = createFakeServices();
    services.counters = () => {
      services.setNetwork(network([], [], []));
      return Promise.resolve([]);
    };
    const { send } = await startHarness({ services });
    expect((await send('/api/v1/switches/s1/ports')).status).toBe(404);
  });
});

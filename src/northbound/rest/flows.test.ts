import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../core/errors.ts';
import type { FlowRecord } from '../services.ts';
import { createFakeServices } from '../testing/fake-services.ts';
import { startHarness } from '../testing/harness.ts';
import { ip, mac } from '../testing/network.ts';

const FLOW: FlowRecord = {
  tableId: 6,
  tableName: 'forward',
  priority: 100,
  match: { ethType: 0x0800, ipv4Dst: { value: Number(ip('10.0.1.0')), mask: Number(ip('255.255.255.0')) } },
  instructions: [
    {
      type: 'applyActions',
      actions: [
        { type: 'setField', field: { ethDst: mac('00:00:00:00:00:02') } },
        { type: 'output', port: 3 },
      ],
    },
    { type: 'gotoTable', tableId: 7 },
  ],
  cookie: 0xabcn,
  packets: 12n,
  bytes: 1_200n,
  durationSeconds: 3.5,
  owner: { kind: 'host', name: '00:00:00:00:00:02' },
};

const FLOW_JSON = {
  tableId: 6,
  tableName: 'forward',
  priority: 100,
  match: { eth_type: 'ipv4', ipv4_dst: '10.0.1.0/24' },
  instructions: [
    { apply_actions: [{ set_field: { eth_dst: '00:00:00:00:00:02' } }, { output: 3 }] },
    { goto_table: 7 },
  ],
  cookie: '0x0000000000000abc',
  packets: 12,
  bytes: 1200,
  durationSeconds: 3.5,
  owner: { kind: 'host', name: '00:00:00:00:00:02' },
};

describe('GET /switches/{dpid}/flows', () => {
  it.each(['', '?source=installed'])('asks the switch now: %j', async (query) => {
    const services = createFakeServices();
    services.installed = () => Promise.resolve([FLOW]);
    const { send } = await startHarness({ services });
    const { status, json } = await send(`/api/v1/switches/s1/flows${query}`);
    expect(status).toBe(200);
    expect(json).toEqual({ items: [FLOW_JSON], version: 1 });
  });

  it('shows what is desired, without asking', async () => {
    const services = createFakeServices();
    services.installed = () => Promise.reject(new UnavailableError('s1 is not connected.'));
    services.desired = [{ ...FLOW, packets: 0n, bytes: 0n, durationSeconds: 0 }];
    const { send } = await startHarness({ services });
    const { json } = await send('/api/v1/switches/s1/flows?source=desired');
    expect(json).toMatchObject({ items: [{ ...FLOW_JSON, packets: 0, bytes: 0, durationSeconds: 0 }] });
  });

  it('shows rules of others, and counters that the switch does not keep', async () => {
    const services = createFakeServices();
    const foreign = { ...FLOW, match: {}, instructions: [], cookie: 2n ** 64n - 1n, owner: null };
    services.installed = () => Promise.resolve([{ ...foreign, packets: 2n ** 64n - 1n }]);
    const { send } = await startHarness({ services });
    expect((await send('/api/v1/switches/s1/flows')).json).toMatchObject({
      items: [{ match: {}, instructions: [], cookie: '0xffffffffffffffff', owner: null, packets: null, bytes: 1200 }],
    });
  });

  it('answers 503 where the switch is away', async () => {
    const services = createFakeServices();
    services.installed = () => Promise.reject(new UnavailableError('s1 is not connected.'));
    const { send } = await startHarness({ services });
    const { status, headers } = await send('/api/v1/switches/s1/flows');
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('2');
  });

  it('answers 404 for a switch that is not known, and 400 for a source that is none', async () => {
    const { send } = await startHarness();
    expect((await send('/api/v1/switches/s9/flows')).status).toBe(404);
    const { status, json } = await send('/api/v1/switches/s1/flows?source=hoped');
    expect(status).toBe(400);
    expect(json).toMatchObject({ errors: [{ path: 'source', message: 'must be installed or desired' }] });
  });
});

import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../core/errors.ts';
import { OFPGT, OFPMF } from '../../openflow/codec/index.ts';
import { unknownDrift } from '../json/drift.ts';
import type { AnyRule, DriftRecord } from '../services.ts';
import { createFakeServices } from '../testing/fake-services.ts';
import { startHarness } from '../testing/harness.ts';
import { SEEN_AT, dpid, makeSwitch } from '../testing/network.ts';

const OWNER = { kind: 'forward', name: '00:00:00:00:00:01' };
const FLOW: AnyRule = {
  kind: 'flow',
  tableId: 6,
  tableName: 'forward',
  priority: 100,
  match: { ethDst: 1 },
  instructions: [{ type: 'gotoTable', tableId: 7 }],
  cookie: 0x5b0cn,
  owner: OWNER,
};
const FLOW_JSON = {
  kind: 'flow',
  tableId: 6,
  tableName: 'forward',
  priority: 100,
  match: { eth_dst: '00:00:00:00:00:01' },
  instructions: [{ goto_table: 7 }],
  cookie: '0x0000000000005b0c',
  owner: OWNER,
};
const GROUP: AnyRule = { kind: 'group', groupId: 1, groupType: OFPGT.ALL, buckets: [], owner: null };
const METER: AnyRule = { kind: 'meter', meterId: 2, flags: OFPMF.KBPS, bands: [], owner: null };

const CLEAN: DriftRecord = { ...unknownDrift(makeSwitch(1)), monitored: true, readAt: SEEN_AT };
const DIFFERS: DriftRecord = {
  ...CLEAN,
  missing: { first: [FLOW], count: 7 },
  changed: { first: [{ desired: FLOW, installed: { ...FLOW, instructions: [], owner: null } }], count: 1 },
  extra: { first: [GROUP], count: 1 },
  foreign: { first: [{ ...FLOW, owner: null }], count: 30 },
  refused: {
    first: [
      { rule: METER, reason: 'TABLE_FULL: no room', since: SEEN_AT, retryAt: SEEN_AT + 1_000 },
      { rule: FLOW, reason: 'BAD_MATCH: no', since: SEEN_AT, retryAt: undefined },
    ],
    count: 2,
  },
  wars: { first: [FLOW], count: 1 },
  repairs: 12,
};

async function start() {
  const services = createFakeServices();
  services.drifts.set(dpid(1), DIFFERS);
  services.drifts.set(dpid(2), { ...CLEAN, foreign: { first: [FLOW], count: 1 } });
  return startHarness({ services });
}

describe('GET /drift', () => {
  it('tells of every switch what is not as desired, rule by rule', async () => {
    const { send } = await start();
    const { json } = await send('/api/v1/drift');
    expect(json).toMatchObject({ version: 1, items: [{ dpid: dpid(1) }, { dpid: dpid(2) }, { dpid: dpid(3) }] });
    expect((json as { items: unknown[] }).items[0]).toEqual({
      dpid: dpid(1),
      name: 's1',
      connected: true,
      inSync: false,
      monitored: true,
      readAt: '2026-01-02T03:04:05.678Z',
      counts: { missing: 7, changed: 1, extra: 1, refused: 2, foreign: 30, wars: 1 },
      missing: [FLOW_JSON],
      changed: [{ desired: FLOW_JSON, installed: { ...FLOW_JSON, instructions: [], owner: null } }],
      extra: [{ kind: 'group', groupId: 1, type: 'all', buckets: [], owner: null }],
      refused: [
        {
          rule: { kind: 'meter', meterId: 2, unit: 'bits', bands: [], owner: null },
          reason: 'TABLE_FULL: no room',
          since: '2026-01-02T03:04:05.678Z',
          retryAt: '2026-01-02T03:04:06.678Z',
        },
        { rule: FLOW_JSON, reason: 'BAD_MATCH: no', since: '2026-01-02T03:04:05.678Z', retryAt: null },
      ],
      foreign: [{ ...FLOW_JSON, owner: null }],
      wars: [FLOW_JSON],
      repairs: 12,
    });
  });

  it('calls a switch in sync that holds foreign rules, and none of which nothing is known', async () => {
    const { send } = await start();
    expect((await send('/api/v1/drift')).json).toMatchObject({
      items: [{}, { inSync: true, counts: { foreign: 1 } }, { inSync: false, readAt: null, missing: [] }],
    });
  });

  it('tells of one switch, named as anywhere', async () => {
    const { send } = await start();
    for (const ref of ['s2', '2', dpid(2)]) {
      expect((await send(`/api/v1/drift?switch=${ref}`)).json).toMatchObject({ items: [{ name: 's2' }] });
    }
    expect((await send('/api/v1/drift?switch=s9')).status).toBe(404);
  });

  it('hands on how many rules are to be shown, within bounds', async () => {
    const harness = await start();
    const asked: number[] = [];
    const { reconciling } = harness.services;
    Object.defineProperty(harness.services, 'reconciling', {
      value: { ...reconciling, drift: (_: string, rules: number) => void asked.push(rules) },
    });
    await harness.send('/api/v1/drift?switch=s1');
    await harness.send('/api/v1/drift?switch=s1&limit=0');
    expect((await harness.send('/api/v1/drift?limit=1001')).status).toBe(400);
    expect(asked).toEqual([20, 0]);
  });
});

describe('POST /switches/{dpid}/reconcile', () => {
  it('answers what was found, what was repaired, and what is left', async () => {
    const harness = await start();
    const asked: unknown[] = [];
    harness.services.auditWith = (...args) => {
      asked.push(args);
      return Promise.resolve({ found: DIFFERS, now: CLEAN, repaired: { first: [FLOW], count: 9 } });
    };
    const { json } = await harness.send('/api/v1/switches/s1/reconcile?timeoutMs=250', { method: 'POST' });
    expect(asked).toEqual([[dpid(1), { timeoutMs: 250, rules: 20 }]]);
    expect(json).toMatchObject({
      found: { dpid: dpid(1), inSync: false, counts: { missing: 7 } },
      repaired: { count: 9, items: [FLOW_JSON] },
      now: { inSync: true },
      version: 1,
    });
  });

  it('answers 503 for a switch that is away, and 404 for one that is not known', async () => {
    const harness = await start();
    harness.services.auditWith = () => Promise.reject(new UnavailableError('switch s1 is not connected.'));
    const { status, json, headers } = await harness.send('/api/v1/switches/s1/reconcile', { method: 'POST' });
    expect([status, headers['retry-after']]).toEqual([503, '2']);
    expect(json).toMatchObject({ detail: 'switch s1 is not connected.' });
    expect((await harness.send('/api/v1/switches/s9/reconcile', { method: 'POST' })).status).toBe(404);
    expect((await harness.send('/api/v1/switches/s1/reconcile?timeoutMs=0', { method: 'POST' })).status).toBe(400);
  });
});

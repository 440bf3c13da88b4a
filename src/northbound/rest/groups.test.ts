import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../core/errors.ts';
import { OFPG, OFPGT, OFPMF, OFPP } from '../../openflow/codec/index.ts';
import type { GroupRecord, MeterRecord } from '../services.ts';
import { createFakeServices } from '../testing/fake-services.ts';
import { startHarness } from '../testing/harness.ts';

const OWNER = { kind: 'flood', name: '0000000000000001' };
const GROUP: GroupRecord = {
  groupId: 0x5b000001,
  groupType: OFPGT.FF,
  buckets: [
    { weight: 0, watchPort: 3, watchGroup: OFPG.ANY, actions: [{ type: 'output', port: 3 }] },
    { weight: 0, watchPort: OFPP.ANY, watchGroup: 9, actions: [] },
  ],
  owner: OWNER,
  counted: {
    packets: 5n,
    bytes: 500n,
    references: 2,
    durationSeconds: 61,
    buckets: [
      { packetCount: 4n, byteCount: 400n },
      { packetCount: 2n ** 64n - 1n, byteCount: 100n },
    ],
  },
};
const METER: MeterRecord = {
  meterId: 0x5b01,
  flags: OFPMF.KBPS | OFPMF.BURST | OFPMF.STATS,
  bands: [
    { type: 'drop', rate: 1_000, burstSize: 120 },
    { type: 'dscpRemark', rate: 500, burstSize: 60, precLevel: 1 },
  ],
  owner: { kind: 'policy', name: 'slow' },
  counted: {
    packetsIn: 10n,
    bytesIn: 1_000n,
    flows: 1,
    durationSeconds: 7,
    bands: [{ packetBandCount: 3n, byteBandCount: 300n }],
  },
};

describe('GET /switches/{dpid}/groups', () => {
  it('asks the switch now, and shows buckets and counters in words', async () => {
    const services = createFakeServices();
    services.groups.installed = () => Promise.resolve([{ ...GROUP, groupId: 2 ** 31 }, GROUP]);
    const { send } = await startHarness({ services });
    const { json } = await send('/api/v1/switches/s1/groups');
    expect(json).toMatchObject({ version: 1, items: [{ groupId: GROUP.groupId }, { groupId: 2 ** 31 }] });
    expect((json as { items: unknown[] }).items[0]).toEqual({
      groupId: 0x5b000001,
      type: 'fast_failover',
      buckets: [
        { weight: 0, watchPort: 3, watchGroup: null, actions: [{ output: 3 }], packets: 4, bytes: 400 },
        { weight: 0, watchPort: null, watchGroup: 9, actions: [], packets: null, bytes: 100 },
      ],
      packets: 5,
      bytes: 500,
      references: 2,
      durationSeconds: 61,
      owner: OWNER,
    });
  });

  it('shows what is desired without asking, counting nothing', async () => {
    const services = createFakeServices();
    services.groups = {
      installed: () => Promise.reject(new UnavailableError('away')),
      desired: [{ ...GROUP, counted: undefined, groupType: 77 }],
    };
    const { send } = await startHarness({ services });
    const nothing = { packets: null, bytes: null };
    expect((await send('/api/v1/switches/s1/groups?source=desired')).json).toMatchObject({
      items: [{ type: '77', ...nothing, references: null, durationSeconds: null, buckets: [nothing, nothing] }],
    });
    expect((await send('/api/v1/switches/s1/groups')).status).toBe(503);
    expect((await send('/api/v1/switches/s9/groups')).status).toBe(404);
    expect((await send('/api/v1/switches/s1/groups?source=all')).status).toBe(400);
  });
});

describe('GET /switches/{dpid}/meters', () => {
  it('shows rates and bursts in bits, and what each band did', async () => {
    const services = createFakeServices();
    services.meters.installed = () => Promise.resolve([METER]);
    const { send } = await startHarness({ services });
    expect((await send('/api/v1/switches/s1/meters')).json).toEqual({
      version: 1,
      items: [
        {
          meterId: 0x5b01,
          unit: 'bits',
          bands: [
            { type: 'drop', rate: 1_000_000, burst: 120_000, precLevel: null, packets: 3, bytes: 300 },
            { type: 'dscp_remark', rate: 500_000, burst: 60_000, precLevel: 1, packets: null, bytes: null },
          ],
          packetsIn: 10,
          bytesIn: 1_000,
          flows: 1,
          durationSeconds: 7,
          owner: { kind: 'policy', name: 'slow' },
        },
      ],
    });
  });

  it('shows those that count packets, without a burst, as they are desired', async () => {
    const services = createFakeServices();
    services.meters.desired = [{ ...METER, flags: OFPMF.PKTPS, owner: null, counted: undefined }];
    const { send } = await startHarness({ services });
    expect((await send('/api/v1/switches/s1/meters?source=desired')).json).toMatchObject({
      items: [{ unit: 'packets', bands: [{ rate: 1_000, burst: null }, { rate: 500 }], flows: null, owner: null }],
    });
  });

  it('is an empty list for a switch that has none', async () => {
    const { send } = await startHarness();
    expect((await send('/api/v1/switches/s1/meters')).json).toEqual({ items: [], version: 1 });
  });
});

import { describe, expect, it } from 'vitest';
import { groupItem, meterItem } from '../flows/items.ts';
import type { Item } from '../flows/items.ts';
import { OFPBRC, OFPET, OFPFMFC, OFPG, OFPGT, OFPMF, OFPP } from '../openflow/codec/index.ts';
import type { Bucket, GroupStats, MeterBand } from '../openflow/codec/index.ts';
import type { DatapathSession } from '../openflow/session/datapath.ts';
import { OpenFlowError } from '../openflow/session/requests.ts';
import { desiredFlows, desiredGroups, desiredMeters, installedGroups, installedMeters } from './tables-seen.ts';

const OWNER = { kind: 'policy', name: 'slow' };
const BUCKET: Bucket = { weight: 1, watchPort: OFPP.ANY, watchGroup: OFPG.ANY, actions: [] };
const GROUP = { groupId: 0x5b000001, groupType: OFPGT.ALL, buckets: [BUCKET] };
const BANDS: MeterBand[] = [{ type: 'drop', rate: 1_000, burstSize: 10 }];
const METER = { meterId: 0x5b01, flags: OFPMF.KBPS, bands: BANDS };

/** A session of a switch that answers just this; a function answers by throwing. */
function sessionOf(answers: Readonly<Record<string, unknown>>): Pick<DatapathSession, 'multipart'> {
  const multipart = async (kind: string): Promise<unknown> => {
    const answer = answers[kind];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { multipart } as Pick<DatapathSession, 'multipart'>;
}

function wishes(...items: readonly Item[]): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => [item.key, item]));
}

function groupStats(groupId: number): GroupStats {
  const counts = { packetCount: 7n, byteCount: 700n };
  return { groupId, refCount: 3, ...counts, durationSec: 12, durationNsec: 5, buckets: [counts] };
}

function refusal(errorType: number, code: number): OpenFlowError {
  return new OpenFlowError({ type: 'error', xid: 1, errorType, code, data: new Uint8Array() });
}

describe('groups', () => {
  it('have the counters of their number, and the owner that wants them', async () => {
    const foreign = { ...GROUP, groupId: 5 };
    const leaving = { ...GROUP, groupId: 0x5b000002 };
    const session = sessionOf({
      groupDesc: [GROUP, foreign, leaving],
      group: [groupStats(5), groupStats(GROUP.groupId)],
    });
    const groups = await installedGroups(session, wishes(groupItem({ ...GROUP, owner: OWNER })));
    expect(groups.map(({ groupId, owner, counted }) => [groupId, owner, counted?.references])).toEqual([
      [GROUP.groupId, OWNER, 3],
      [5, null, 3],
      [0x5b000002, { kind: 'signalbox', name: 'leaving' }, undefined],
    ]);
    expect(groups[0]?.counted).toEqual({
      packets: 7n,
      bytes: 700n,
      references: 3,
      durationSeconds: 12,
      buckets: [{ packetCount: 7n, byteCount: 700n }],
    });
  });

  it('are told from flows and meters among what is desired', () => {
    const all = wishes(groupItem({ ...GROUP, owner: OWNER }), meterItem({ ...METER, owner: OWNER }));
    expect(desiredGroups(all)).toEqual([{ ...GROUP, owner: OWNER, counted: undefined }]);
    expect(desiredMeters(all)).toEqual([{ ...METER, owner: OWNER, counted: undefined }]);
    expect(desiredFlows(all)).toEqual([]);
  });
});

describe('meters', () => {
  it('have the counters of their number, and the owner that wants them', async () => {
    const stats = { meterId: METER.meterId, flowCount: 2, packetInCount: 9n, byteInCount: 90n, durationSec: 4 };
    const bands = [{ packetBandCount: 1n, byteBandCount: 10n }];
    const session = sessionOf({ meterConfig: [METER], meter: [{ ...stats, durationNsec: 0, bands }] });
    expect(await installedMeters(session, wishes(meterItem({ ...METER, owner: OWNER })))).toEqual([
      { ...METER, owner: OWNER, counted: { packetsIn: 9n, bytesIn: 90n, flows: 2, durationSeconds: 4, bands } },
    ]);
  });

  it('are none on a switch that does not know them', async () => {
    const session = sessionOf({ meterConfig: refusal(OFPET.BAD_REQUEST, OFPBRC.BAD_MULTIPART), meter: [] });
    expect(await installedMeters(session, wishes())).toEqual([]);
  });

  it('are not known where the switch fails otherwise', async () => {
    const session = sessionOf({ meterConfig: [], meter: refusal(OFPET.FLOW_MOD_FAILED, OFPFMFC.UNKNOWN) });
    await expect(installedMeters(session, wishes())).rejects.toThrow(OpenFlowError);
  });
});

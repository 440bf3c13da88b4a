/** Groups and meters: counters, settings and what the switch can do (sections 7.3.5.9 to 7.3.5.14). */
import { OFPAT } from '../constants/flows.ts';
import { OFPGFC, OFPGT, OFPMBT, OFPMF } from '../constants/groups.ts';
import { OFPMP } from '../constants/switch.ts';
import * as formats from '../json/formats.ts';
import type {
  BucketCounter,
  GroupDesc,
  GroupFeatures,
  GroupStats,
  MeterBandStats,
  MeterConfig,
  MeterFeatures,
  MeterStats,
} from '../message-types.ts';
import { buckets } from '../messages/group.ts';
import { bands, meterFlags } from '../messages/meter.ts';
import { fixedList, nothing, restList, u32, u64, u8 } from '../wire/fields.ts';
import { ownLength, pad, struct } from '../wire/struct.ts';
import type { MultipartCodec } from './codec.ts';

const groupId = u32(formats.group);
const meterId = u32(formats.meter);
const GROUP_TYPES = 4;

/** Bits that stand for the small numbers of a table: `1 << OFPAT.OUTPUT`. */
function bitsOf(table: Readonly<Record<string, number>>) {
  const small = Object.entries(table).filter(([, value]) => value < 32);
  return u32(formats.flags(Object.fromEntries(small.map(([name, value]) => [name, (1 << value) >>> 0]))));
}

export const group: MultipartCodec<'group'> = {
  wireType: OFPMP.GROUP,
  request: struct<{ groupId: number }>({ groupId, _pad: pad(4) }),
  reply: restList(
    struct<GroupStats>({
      _length: ownLength(),
      _pad1: pad(2),
      groupId,
      refCount: u32(),
      _pad2: pad(4),
      packetCount: u64(),
      byteCount: u64(),
      durationSec: u32(),
      durationNsec: u32(),
      buckets: restList(struct<BucketCounter>({ packetCount: u64(), byteCount: u64() })),
    }),
  ),
};

export const groupDesc: MultipartCodec<'groupDesc'> = {
  wireType: OFPMP.GROUP_DESC,
  request: nothing,
  reply: restList(
    struct<GroupDesc>({ _length: ownLength(), groupType: u8(formats.named(OFPGT)), _pad: pad(1), groupId, buckets }),
  ),
};

export const groupFeatures: MultipartCodec<'groupFeatures'> = {
  wireType: OFPMP.GROUP_FEATURES,
  request: nothing,
  reply: struct<GroupFeatures>({
    types: bitsOf(OFPGT),
    capabilities: u32(formats.flags(OFPGFC)),
    maxGroups: fixedList(GROUP_TYPES, u32()),
    actions: fixedList(GROUP_TYPES, bitsOf(OFPAT)),
  }),
};

export const meter: MultipartCodec<'meter'> = {
  wireType: OFPMP.METER,
  request: struct<{ meterId: number }>({ meterId, _pad: pad(4) }),
  reply: restList(
    struct<MeterStats>({
      meterId,
      _length: ownLength(),
      _pad: pad(6),
      flowCount: u32(),
      packetInCount: u64(),
      byteInCount: u64(),
      durationSec: u32(),
      durationNsec: u32(),
      bands: restList(struct<MeterBandStats>({ packetBandCount: u64(), byteBandCount: u64() })),
    }),
  ),
};

export const meterConfig: MultipartCodec<'meterConfig'> = {
  wireType: OFPMP.METER_CONFIG,
  request: struct<{ meterId: number }>({ meterId, _pad: pad(4) }),
  reply: restList(struct<MeterConfig>({ _length: ownLength(), flags: meterFlags, meterId, bands })),
};

export const meterFeatures: MultipartCodec<'meterFeatures'> = {
  wireType: OFPMP.METER_FEATURES,
  request: nothing,
  reply: struct<MeterFeatures>({
    maxMeter: u32(),
    bandTypes: bitsOf(OFPMBT),
    capabilities: u32(formats.flags(OFPMF)),
    maxBands: u8(),
    maxColor: u8(),
    _pad: pad(2),
  }),
};

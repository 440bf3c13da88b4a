/** Flow entries, one by one and in sum, and the tables they are in (sections 7.3.5.2 to 7.3.5.4). */
import { OFPFF, OFPTT } from '../constants/flows.ts';
import { OFPMP } from '../constants/switch.ts';
import { restInstructions } from '../instructions/list.ts';
import * as formats from '../json/formats.ts';
import type { AggregateStats, FlowStats, FlowStatsRequest, TableStats } from '../message-types.ts';
import { ruleMatch } from '../oxm/match-field.ts';
import { nothing, restList, u16, u32, u64, u8 } from '../wire/fields.ts';
import { ownLength, pad, struct } from '../wire/struct.ts';
import type { MultipartCodec } from './codec.ts';

const request = struct<FlowStatsRequest>({
  tableId: u8(formats.named({ all: OFPTT.ALL })),
  _pad1: pad(3),
  outPort: u32(formats.port),
  outGroup: u32(formats.group),
  _pad2: pad(4),
  cookie: u64(formats.hexWide),
  cookieMask: u64(formats.hexWide),
  match: ruleMatch,
});

const flowStats = struct<FlowStats>({
  _length: ownLength(),
  tableId: u8(),
  _pad1: pad(1),
  durationSec: u32(),
  durationNsec: u32(),
  priority: u16(),
  idleTimeout: u16(),
  hardTimeout: u16(),
  flags: u16(formats.flags(OFPFF)),
  _pad2: pad(4),
  cookie: u64(formats.hexWide),
  packetCount: u64(),
  byteCount: u64(),
  match: ruleMatch,
  instructions: restInstructions,
});

export const flow: MultipartCodec<'flow'> = { wireType: OFPMP.FLOW, request, reply: restList(flowStats) };

export const aggregate: MultipartCodec<'aggregate'> = {
  wireType: OFPMP.AGGREGATE,
  request,
  reply: struct<AggregateStats>({ packetCount: u64(), byteCount: u64(), flowCount: u32(), _pad: pad(4) }),
};

export const table: MultipartCodec<'table'> = {
  wireType: OFPMP.TABLE,
  request: nothing,
  reply: restList(
    struct<TableStats>({ tableId: u8(), _pad: pad(3), activeCount: u32(), lookupCount: u64(), matchedCount: u64() }),
  ),
};

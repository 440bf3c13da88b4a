/** Flow entries, one by one and in sum, and the tables they are in (sections 7.3.5.2 to 7.3.5.4). */
import { OFPFF, OFPTT } from '../constants/flows.ts';
import { OFPMP } from '../constants/switch.ts';
import { restInstructions } from '../instructions/list.ts';
import * as formats from '../json/formats.ts';
import type { AggregateStats, FlowStats, FlowStatsRequest, TableStats } from '../message-types.ts';
import { ruleMatch } from '../oxm/match-field.ts';
import { type Field, nothing, restList, u16, u32, u64, u8 } from '../wire/fields.ts';
import type { Reader } from '../wire/reader.ts';
import { ownLength, pad, struct } from '../wire/struct.ts';
import type { MultipartCodec } from './codec.ts';

const LENGTH_BYTES = 2;

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

/** An entry of a flow stats reply by its layout. */
export const flowStatsByLayout = struct<FlowStats>({
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

/** An entry read in one go: replies hold tens of thousands. A test holds it against the layout. */
export const flowStats: Field<FlowStats> = {
  ...flowStatsByLayout,
  read(reader) {
    const outer = reader.enter(reader.u16() - LENGTH_BYTES);
    const value: FlowStats = {
      tableId: reader.u8(),
      durationSec: afterPad(reader, 1).u32(),
      durationNsec: reader.u32(),
      priority: reader.u16(),
      idleTimeout: reader.u16(),
      hardTimeout: reader.u16(),
      flags: reader.u16(),
      cookie: afterPad(reader, 4).u64(),
      packetCount: reader.u64(),
      byteCount: reader.u64(),
      match: ruleMatch.read(reader),
      instructions: restInstructions.read(reader),
    };
    reader.leave(outer);
    return value;
  },
};

function afterPad(reader: Reader, bytes: number): Reader {
  reader.skip(bytes);
  return reader;
}

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

/** What each kind of multipart asks and answers (section 7.3.5): to add one, extend MultipartKinds and list it here. */
import { OFPFF, OFPTT } from '../constants/flows.ts';
import { OFPMP } from '../constants/switch.ts';
import { restInstructions } from '../instructions/list.ts';
import * as formats from '../json/formats.ts';
import type {
  FlowStats,
  FlowStatsRequest,
  GroupDesc,
  MultipartKind,
  MultipartKinds,
  PortStats,
  SwitchDesc,
} from '../message-types.ts';
import { buckets, groupType } from '../messages/group.ts';
import { portDesc } from '../messages/port.ts';
import { ruleMatch } from '../oxm/match-field.ts';
import { type Field, fixedText, nothing, restList, u16, u32, u64, u8 } from '../wire/fields.ts';
import { ownLength, pad, struct } from '../wire/struct.ts';

export interface MultipartCodec<K extends MultipartKind = MultipartKind> {
  /** OFPMP number. */
  readonly wireType: number;
  readonly request: Field<MultipartKinds[K]['request']>;
  readonly reply: Field<MultipartKinds[K]['reply']>;
}

const DESC_STR_LEN = 256;
const SERIAL_NUM_LEN = 32;

const desc: MultipartCodec<'desc'> = {
  wireType: OFPMP.DESC,
  request: nothing,
  reply: struct<SwitchDesc>({
    mfrDesc: fixedText(DESC_STR_LEN),
    hwDesc: fixedText(DESC_STR_LEN),
    swDesc: fixedText(DESC_STR_LEN),
    serialNum: fixedText(SERIAL_NUM_LEN),
    dpDesc: fixedText(DESC_STR_LEN),
  }),
};

const flow: MultipartCodec<'flow'> = {
  wireType: OFPMP.FLOW,
  request: struct<FlowStatsRequest>({
    tableId: u8(formats.named({ all: OFPTT.ALL })),
    _pad1: pad(3),
    outPort: u32(formats.port),
    outGroup: u32(formats.group),
    _pad2: pad(4),
    cookie: u64(formats.hexWide),
    cookieMask: u64(formats.hexWide),
    match: ruleMatch,
  }),
  reply: restList(
    struct<FlowStats>({
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
    }),
  ),
};

const portStats: MultipartCodec<'portStats'> = {
  wireType: OFPMP.PORT_STATS,
  request: struct<{ portNo: number }>({ portNo: u32(formats.port), _pad: pad(4) }),
  reply: restList(
    struct<PortStats>({
      portNo: u32(formats.port),
      _pad: pad(4),
      rxPackets: u64(),
      txPackets: u64(),
      rxBytes: u64(),
      txBytes: u64(),
      rxDropped: u64(),
      txDropped: u64(),
      rxErrors: u64(),
      txErrors: u64(),
      rxFrameErr: u64(),
      rxOverErr: u64(),
      rxCrcErr: u64(),
      collisions: u64(),
      durationSec: u32(),
      durationNsec: u32(),
    }),
  ),
};

const groupDesc: MultipartCodec<'groupDesc'> = {
  wireType: OFPMP.GROUP_DESC,
  request: nothing,
  reply: restList(
    struct<GroupDesc>({ _length: ownLength(), groupType, _pad: pad(1), groupId: u32(formats.group), buckets }),
  ),
};

const portDescs: MultipartCodec<'portDesc'> = {
  wireType: OFPMP.PORT_DESC,
  request: nothing,
  reply: restList(portDesc),
};

export const MULTIPARTS: { readonly [K in MultipartKind]: MultipartCodec<K> } = {
  desc,
  flow,
  portStats,
  groupDesc,
  portDesc: portDescs,
};

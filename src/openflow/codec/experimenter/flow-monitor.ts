/** ONF flow monitor (EXT-187) as Open vSwitch speaks it on 1.3: the switch tells every change of its flows. */
import { OFPRR, OFPTT } from '../constants/flows.ts';
import { EXPERIMENTER_ID, OFPT } from '../constants/header.ts';
import { OFPFMF, OFPMP } from '../constants/switch.ts';
import { restInstructions } from '../instructions/list.ts';
import * as formats from '../json/formats.ts';
import type {
  FlowMonitorCancel,
  FlowMonitorPaused,
  FlowMonitorRequest,
  FlowMonitorResumed,
  FlowUpdate,
  FullFlowUpdate,
} from '../message-types.ts';
import { message } from '../messages/codec.ts';
import type { MultipartCodec } from '../multipart/codec.ts';
import { ruleMatch } from '../oxm/match-field.ts';
import { REFUSE } from '../wire/errors.ts';
import { restList, u16, u32, u64, u8 } from '../wire/fields.ts';
import { matchLength, pad, struct } from '../wire/struct.ts';
import { tagged } from '../wire/tagged.ts';

const vendor = (expType: number) => ({ id: EXPERIMENTER_ID.ONF, expType });

const fullUpdate = struct<Omit<FullFlowUpdate, 'type'>>({
  reason: u16(formats.named(OFPRR)),
  priority: u16(),
  idleTimeout: u16(),
  hardTimeout: u16(),
  _matchLength: matchLength,
  tableId: u8(),
  _pad: pad(1),
  cookie: u64(formats.hexWide),
  match: ruleMatch,
  instructions: restInstructions,
});

const update = tagged<FlowUpdate>(
  {
    added: { wireType: 0, body: fullUpdate },
    deleted: { wireType: 1, body: fullUpdate },
    modified: { wireType: 2, body: fullUpdate },
    abbrev: { wireType: 3, body: struct<{ xid: number }>({ xid: u32() }) },
  },
  { unknown: REFUSE.requestLength, length: REFUSE.requestLength, lengthFirst: true },
);

export const flowMonitor: MultipartCodec<'flowMonitor'> = {
  wireType: OFPMP.EXPERIMENTER,
  vendor: vendor(1870),
  request: restList(
    struct<FlowMonitorRequest>({
      monitorId: u32(),
      flags: u16(formats.flags(OFPFMF)),
      _matchLength: matchLength,
      outPort: u32(formats.port),
      tableId: u8(formats.named({ all: OFPTT.ALL })),
      _pad: pad(3),
      match: ruleMatch,
    }),
  ),
  reply: restList(update),
};

export const flowMonitorCancel = message<FlowMonitorCancel>(
  'flowMonitorCancel',
  OFPT.EXPERIMENTER,
  { monitorId: u32() },
  vendor(1870),
);
export const flowMonitorPaused = message<FlowMonitorPaused>('flowMonitorPaused', OFPT.EXPERIMENTER, {}, vendor(1871));
export const flowMonitorResumed = message<FlowMonitorResumed>(
  'flowMonitorResumed',
  OFPT.EXPERIMENTER,
  {},
  vendor(1872),
);

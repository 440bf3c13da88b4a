/** The switch itself, its ports and their queues (sections 7.3.5.1, 7.3.5.6, 7.3.5.7 and 7.3.5.8). */
import { OFPMP, OFPQ } from '../constants/switch.ts';
import * as formats from '../json/formats.ts';
import type { PortStats, QueueStats, SwitchDesc } from '../message-types.ts';
import { portDesc as portStruct } from '../messages/port.ts';
import { fixedText, nothing, restList, u32, u64 } from '../wire/fields.ts';
import { pad, struct } from '../wire/struct.ts';
import type { MultipartCodec } from './codec.ts';

const DESC_STR_LEN = 256;
const SERIAL_NUM_LEN = 32;

export const desc: MultipartCodec<'desc'> = {
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

export const portDesc: MultipartCodec<'portDesc'> = {
  wireType: OFPMP.PORT_DESC,
  request: nothing,
  reply: restList(portStruct),
};

export const portStats: MultipartCodec<'portStats'> = {
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

const queueId = u32(formats.named({ all: OFPQ.ALL }));

export const queue: MultipartCodec<'queue'> = {
  wireType: OFPMP.QUEUE,
  request: struct<{ portNo: number; queueId: number }>({ portNo: u32(formats.port), queueId }),
  reply: restList(
    struct<QueueStats>({
      portNo: u32(formats.port),
      queueId,
      txBytes: u64(),
      txPackets: u64(),
      txErrors: u64(),
      durationSec: u32(),
      durationNsec: u32(),
    }),
  ),
};

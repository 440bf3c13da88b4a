/** How queues are set (sections 7.2.2 and 7.3.6). */
import { OFPT } from '../constants/header.ts';
import { OFPQT } from '../constants/switch.ts';
import * as formats from '../json/formats.ts';
import type { PacketQueue, QueueGetConfigReply, QueueGetConfigRequest, QueueProperty } from '../message-types.ts';
import { REFUSE } from '../wire/errors.ts';
import { restBytes, restList, u16, u32 } from '../wire/fields.ts';
import { ownLength, pad, struct } from '../wire/struct.ts';
import { tagged } from '../wire/tagged.ts';
import { message } from './codec.ts';

const rate = struct<{ rate: number }>({ _pad1: pad(4), rate: u16(), _pad2: pad(6) });

const property = tagged<QueueProperty>(
  {
    minRate: { wireType: OFPQT.MIN_RATE, body: rate },
    maxRate: { wireType: OFPQT.MAX_RATE, body: rate },
    experimenter: {
      wireType: OFPQT.EXPERIMENTER,
      body: struct<{ experimenter: number; data: Uint8Array }>({
        _pad1: pad(4),
        experimenter: u32(formats.hex),
        _pad2: pad(4),
        data: restBytes(),
      }),
    },
    other: { wireType: 0, body: struct<{ data: Uint8Array }>({ _pad: pad(4), data: restBytes() }) },
  },
  { unknown: REFUSE.requestLength, length: REFUSE.requestLength, other: 'other' },
);

const queue = struct<PacketQueue>({
  queueId: u32(),
  port: u32(formats.port),
  _length: ownLength(),
  _pad: pad(6),
  properties: restList(property),
});

export const queueGetConfigRequest = message<QueueGetConfigRequest>(
  'queueGetConfigRequest',
  OFPT.QUEUE_GET_CONFIG_REQUEST,
  { port: u32(formats.port), _pad: pad(4) },
);
export const queueGetConfigReply = message<QueueGetConfigReply>('queueGetConfigReply', OFPT.QUEUE_GET_CONFIG_REPLY, {
  port: u32(formats.port),
  _pad: pad(4),
  queues: restList(queue),
});

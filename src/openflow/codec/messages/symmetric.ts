/** ECHO, BARRIER and experimenter messages without a codec of their own (sections 7.5.2, 7.5.3, 7.3.8 and 7.5.4). */
import { OFPT } from '../constants/header.ts';
import * as formats from '../json/formats.ts';
import type { BarrierReply, BarrierRequest, EchoReply, EchoRequest, Experimenter } from '../message-types.ts';
import { restBytes, u32 } from '../wire/fields.ts';
import { message } from './codec.ts';

export const echoRequest = message<EchoRequest>('echoRequest', OFPT.ECHO_REQUEST, { data: restBytes() });
export const echoReply = message<EchoReply>('echoReply', OFPT.ECHO_REPLY, { data: restBytes() });
export const barrierRequest = message<BarrierRequest>('barrierRequest', OFPT.BARRIER_REQUEST, {});
export const barrierReply = message<BarrierReply>('barrierReply', OFPT.BARRIER_REPLY, {});
export const experimenter = message<Experimenter>('experimenter', OFPT.EXPERIMENTER, {
  experimenter: u32(formats.hex),
  expType: u32(),
  data: restBytes(),
});

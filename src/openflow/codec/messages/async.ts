/** Which asynchronous messages a controller wants, as master or equal and as slave (section 7.3.10). */
import { OFPRR } from '../constants/flows.ts';
import { OFPT } from '../constants/header.ts';
import { OFPPR } from '../constants/ports.ts';
import { OFPR } from '../constants/switch.ts';
import * as formats from '../json/formats.ts';
import type { AsyncMasks, GetAsyncReply, GetAsyncRequest, SetAsync } from '../message-types.ts';
import { type Field, fixedList, u32 } from '../wire/fields.ts';
import type { Layout } from '../wire/struct.ts';
import { message } from './codec.ts';

function masks(reasons: Readonly<Record<string, number>>): Field<readonly [number, number]> {
  const bits = Object.fromEntries(Object.entries(reasons).map(([name, reason]) => [name, 1 << reason]));
  return fixedList(2, u32(formats.flags(bits))) as Field<readonly [number, number]>;
}

const body: Layout<AsyncMasks> = {
  packetInMask: masks(OFPR),
  portStatusMask: masks(OFPPR),
  flowRemovedMask: masks(OFPRR),
};

export const getAsyncRequest = message<GetAsyncRequest>('getAsyncRequest', OFPT.GET_ASYNC_REQUEST, {});
export const getAsyncReply = message<GetAsyncReply>('getAsyncReply', OFPT.GET_ASYNC_REPLY, body);
export const setAsync = message<SetAsync>('setAsync', OFPT.SET_ASYNC, body);

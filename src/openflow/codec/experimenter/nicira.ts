/** Nicira's messages that Open vSwitch understands on 1.3 and a controller may need. */
import { EXPERIMENTER_ID, OFPT } from '../constants/header.ts';
import type { SetControllerId, SetPacketInFormat } from '../message-types.ts';
import { message } from '../messages/codec.ts';
import { u16, u32 } from '../wire/fields.ts';
import { pad } from '../wire/struct.ts';

const vendor = (expType: number) => ({ id: EXPERIMENTER_ID.NICIRA, expType });

export const setPacketInFormat = message<SetPacketInFormat>(
  'setPacketInFormat',
  OFPT.EXPERIMENTER,
  { format: u32() },
  vendor(16),
);
export const setControllerId = message<SetControllerId>(
  'setControllerId',
  OFPT.EXPERIMENTER,
  { _pad: pad(6), controllerId: u16() },
  vendor(20),
);

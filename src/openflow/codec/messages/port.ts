/** Ports as the switch describes them, and as the controller sets them (sections 7.2.1, 7.3.4.3 and 7.4.3). */
import { OFPT } from '../constants/header.ts';
import { OFPPC, OFPPF, OFPPR, OFPPS } from '../constants/ports.ts';
import * as formats from '../json/formats.ts';
import type { PortDesc, PortMod, PortStatus } from '../message-types.ts';
import { fixedText, macAddress, u32, u8 } from '../wire/fields.ts';
import { pad, struct } from '../wire/struct.ts';
import { message } from './codec.ts';

const PORT_NAME_LEN = 16;
const features = u32(formats.flags(OFPPF));

export const portDesc = struct<PortDesc>({
  portNo: u32(formats.port),
  _pad1: pad(4),
  hwAddr: macAddress(),
  _pad2: pad(2),
  name: fixedText(PORT_NAME_LEN),
  config: u32(formats.flags(OFPPC)),
  state: u32(formats.flags(OFPPS)),
  curr: features,
  advertised: features,
  supported: features,
  peer: features,
  currSpeed: u32(),
  maxSpeed: u32(),
});

export const portStatus = message<PortStatus>('portStatus', OFPT.PORT_STATUS, {
  reason: u8(formats.named(OFPPR)),
  _pad: pad(7),
  desc: portDesc,
});

export const portMod = message<PortMod>('portMod', OFPT.PORT_MOD, {
  portNo: u32(formats.port),
  _pad1: pad(4),
  hwAddr: macAddress(),
  _pad2: pad(2),
  config: u32(formats.flags(OFPPC)),
  mask: u32(formats.flags(OFPPC)),
  advertise: features,
  _pad3: pad(4),
});

/** What a switch is and how it treats fragments and misses (sections 7.3.1 to 7.3.3). */
import { OFPTT } from '../constants/flows.ts';
import { OFPT } from '../constants/header.ts';
import { OFPC, OFPC_FRAG, OFPCML } from '../constants/switch.ts';
import * as formats from '../json/formats.ts';
import type {
  FeaturesReply,
  FeaturesRequest,
  GetConfigReply,
  GetConfigRequest,
  SetConfig,
  TableMod,
} from '../message-types.ts';
import { u16, u32, u64, u8 } from '../wire/fields.ts';
import { pad } from '../wire/struct.ts';
import { message } from './codec.ts';

export const featuresRequest = message<FeaturesRequest>('featuresRequest', OFPT.FEATURES_REQUEST, {});
export const featuresReply = message<FeaturesReply>('featuresReply', OFPT.FEATURES_REPLY, {
  datapathId: u64(formats.dpidText),
  nBuffers: u32(),
  nTables: u8(),
  auxiliaryId: u8(),
  _pad: pad(2),
  capabilities: u32(formats.flags(OFPC)),
  _reserved: pad(4),
});

const fragments = formats.named({ normal: OFPC_FRAG.NORMAL, drop: OFPC_FRAG.DROP, reasm: OFPC_FRAG.REASM });
const config = { flags: u16(fragments), missSendLen: u16(formats.named({ no_buffer: OFPCML.NO_BUFFER })) };

export const getConfigRequest = message<GetConfigRequest>('getConfigRequest', OFPT.GET_CONFIG_REQUEST, {});
export const getConfigReply = message<GetConfigReply>('getConfigReply', OFPT.GET_CONFIG_REPLY, config);
export const setConfig = message<SetConfig>('setConfig', OFPT.SET_CONFIG, config);
export const tableMod = message<TableMod>('tableMod', OFPT.TABLE_MOD, {
  tableId: u8(formats.named({ all: OFPTT.ALL })),
  _pad: pad(3),
  config: u32(formats.hex),
});

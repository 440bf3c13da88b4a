/** Groups and their buckets (section 7.3.4.2). */
import type { Bucket } from '../action-types.ts';
import { restActions } from '../actions/registry.ts';
import { OFPET, OFPGMFC } from '../constants/errors.ts';
import { OFPGC, OFPGT } from '../constants/groups.ts';
import { OFPT } from '../constants/header.ts';
import * as formats from '../json/formats.ts';
import type { GroupMod } from '../message-types.ts';
import { among, restList, u16, u32, u8 } from '../wire/fields.ts';
import { ownLength, pad, struct } from '../wire/struct.ts';
import { message } from './codec.ts';

const BAD_TYPE = { errorType: OFPET.GROUP_MOD_FAILED, code: OFPGMFC.BAD_TYPE };
const BAD_COMMAND = { errorType: OFPET.GROUP_MOD_FAILED, code: OFPGMFC.BAD_COMMAND };
const BAD_BUCKET = { errorType: OFPET.GROUP_MOD_FAILED, code: OFPGMFC.BAD_BUCKET };

export const bucket = struct<Bucket>({
  _length: ownLength(BAD_BUCKET),
  weight: u16(),
  watchPort: u32(formats.port),
  watchGroup: u32(formats.group),
  _pad: pad(4),
  actions: restActions,
});

export const buckets = restList(bucket, BAD_BUCKET);

export const groupMod = message<GroupMod>('groupMod', OFPT.GROUP_MOD, {
  command: among(u16(), { table: OFPGC, refusal: BAD_COMMAND }),
  groupType: among(u8(), { table: OFPGT, refusal: BAD_TYPE }),
  _pad: pad(1),
  groupId: u32(formats.group),
  buckets,
});

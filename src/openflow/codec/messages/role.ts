/** Which controller is in charge (section 7.3.9). */
import { OFPET, OFPRRFC } from '../constants/errors.ts';
import { OFPT } from '../constants/header.ts';
import { OFPCR_ROLE } from '../constants/switch.ts';
import * as formats from '../json/formats.ts';
import type { RoleReply, RoleRequest } from '../message-types.ts';
import { among, u32, u64 } from '../wire/fields.ts';
import { pad } from '../wire/struct.ts';
import { message } from './codec.ts';

const BAD_ROLE = { errorType: OFPET.ROLE_REQUEST_FAILED, code: OFPRRFC.BAD_ROLE };
const body = {
  role: among(u32(), { table: OFPCR_ROLE, refusal: BAD_ROLE }),
  _pad: pad(4),
  generationId: u64(formats.hexWide),
};

export const roleRequest = message<RoleRequest>('roleRequest', OFPT.ROLE_REQUEST, body);
export const roleReply = message<RoleReply>('roleReply', OFPT.ROLE_REPLY, body);

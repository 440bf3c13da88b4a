/** Meters and their bands (section 7.3.4.4). */
import { OFPET, OFPMMFC } from '../constants/errors.ts';
import { OFPMBT, OFPMC, OFPMF } from '../constants/groups.ts';
import { OFPT } from '../constants/header.ts';
import * as formats from '../json/formats.ts';
import type { MeterBand, MeterMod } from '../message-types.ts';
import { among, restBytes, restList, u16, u32, u8 } from '../wire/fields.ts';
import { pad, struct } from '../wire/struct.ts';
import { tagged } from '../wire/tagged.ts';
import { message } from './codec.ts';

const BAD_COMMAND = { errorType: OFPET.METER_MOD_FAILED, code: OFPMMFC.BAD_COMMAND };
const BAD_BAND = { errorType: OFPET.METER_MOD_FAILED, code: OFPMMFC.BAD_BAND };
const BAD_BAND_TYPE = { errorType: OFPET.METER_MOD_FAILED, code: OFPMMFC.BAD_BAND_TYPE };

/** In the unit of the meter's flags, per second; `burstSize` in kilobits or packets. */
const limits = { rate: u32(), burstSize: u32() };

const band = tagged<MeterBand>(
  {
    drop: { wireType: OFPMBT.DROP, body: struct<{ rate: number; burstSize: number }>({ ...limits, _pad: pad(4) }) },
    dscpRemark: {
      wireType: OFPMBT.DSCP_REMARK,
      body: struct<{ rate: number; burstSize: number; precLevel: number }>({
        ...limits,
        precLevel: u8(),
        _pad: pad(3),
      }),
    },
    experimenter: {
      wireType: OFPMBT.EXPERIMENTER,
      body: struct<{ rate: number; burstSize: number; experimenter: number; data: Uint8Array }>({
        ...limits,
        experimenter: u32(formats.hex),
        data: restBytes(),
      }),
    },
  },
  { unknown: BAD_BAND_TYPE, length: BAD_BAND },
);

export const meterFlags = u16(formats.flags(OFPMF));
export const bands = restList(band, BAD_BAND);

export const meterMod = message<MeterMod>('meterMod', OFPT.METER_MOD, {
  command: among(u16(), { table: OFPMC, refusal: BAD_COMMAND }),
  flags: meterFlags,
  meterId: u32(formats.meter),
  bands,
});

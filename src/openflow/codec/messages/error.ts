import { errorCodes, OFPET } from '../constants/errors.ts';
import { OFPT } from '../constants/header.ts';
import * as formats from '../json/formats.ts';
import { onlyKeys } from '../json/json.ts';
import type { ErrorMessage } from '../message-types.ts';
import type { MessageCodec } from './codec.ts';

const errorType = formats.named(OFPET);

/** ERROR (OpenFlow 1.3.5 section 7.4.4), with the experimenter's id where the type is EXPERIMENTER. */
export const error: MessageCodec<ErrorMessage> = {
  type: 'error',
  wireType: OFPT.ERROR,
  read(reader, { xid }) {
    const errorType = reader.u16();
    const code = reader.u16();
    if (errorType !== OFPET.EXPERIMENTER) return { type: 'error', xid, errorType, code, data: reader.rest() };
    return { type: 'error', xid, errorType, code, experimenter: reader.u32(), data: reader.rest() };
  },
  write(writer, { errorType, code, experimenter, data }) {
    writer.u16(errorType, 'errorType');
    writer.u16(code, 'code');
    if (errorType === OFPET.EXPERIMENTER) writer.u32(experimenter ?? Number.NaN, 'experimenter');
    writer.bytes(data, 'data');
  },
  toJson: ({ errorType: type, code, experimenter, data }) => ({
    error_type: errorType.toJson(type),
    code: formats.named(errorCodes(type)).toJson(code),
    ...(experimenter !== undefined && { experimenter: formats.hex.toJson(experimenter) }),
    data: formats.hexBytes.toJson(data),
  }),
  fromJson(json, { xid }) {
    onlyKeys(json, ['error_type', 'code', 'experimenter', 'data'], 'error');
    const type = errorType.fromJson(json['error_type'] ?? null, 'error.error_type');
    const code = formats.named(errorCodes(type)).fromJson(json['code'] ?? null, 'error.code');
    const data = formats.hexBytes.fromJson(json['data'] ?? '', 'error.data');
    if (type !== OFPET.EXPERIMENTER) return { type: 'error', xid, errorType: type, code, data };
    const experimenter = formats.hex.fromJson(json['experimenter'] ?? null, 'error.experimenter');
    return { type: 'error', xid, errorType: type, code, experimenter, data };
  },
  kind: { kind: 'special', name: 'error' },
};

/** ONF bundles (extension 230), which Open vSwitch speaks on OpenFlow 1.3: several changes as one. */
import { OFPBFC, OFPET } from '../constants/errors.ts';
import { EXPERIMENTER_ID, OFPT } from '../constants/header.ts';
import { OFPBCT, OFPBF } from '../constants/switch.ts';
import * as formats from '../json/formats.ts';
import { asObject, asText, camelCase, snakeCase } from '../json/json.ts';
import type { BundleAdd, BundleControl } from '../message-types.ts';
import { message, type MessageCodec } from '../messages/codec.ts';
import { flowMod } from '../messages/flow.ts';
import { readHeader, requireVersion, writeFrame } from '../messages/frame.ts';
import { groupMod } from '../messages/group.ts';
import { packetOut } from '../messages/packet.ts';
import { portMod } from '../messages/port.ts';
import { DecodeError, EncodeError } from '../wire/errors.ts';
import { type Field, optionalRest, u16, u32 } from '../wire/fields.ts';
import { pad } from '../wire/struct.ts';

const flags = u16(formats.flags(OFPBF));
const MSG_UNSUP = { errorType: OFPET.EXPERIMENTER, code: OFPBFC.MSG_UNSUP, experimenter: EXPERIMENTER_ID.ONF };
const MSG_BAD_XID = { errorType: OFPET.EXPERIMENTER, code: OFPBFC.MSG_BAD_XID, experimenter: EXPERIMENTER_ID.ONF };

export const bundleControl = message<BundleControl>(
  'bundleControl',
  OFPT.EXPERIMENTER,
  { bundleId: u32(), controlType: u16(formats.named(OFPBCT)), flags, properties: optionalRest },
  { id: EXPERIMENTER_ID.ONF, expType: 2300 },
);

type Inner = BundleAdd['message'];
const inside: readonly MessageCodec[] = [flowMod, groupMod, portMod, packetOut];

function codecOf(type: string): MessageCodec {
  const codec = inside.find((candidate) => candidate.type === type);
  if (!codec) throw new EncodeError('message', type, `one of ${inside.map((candidate) => candidate.type).join(', ')}`);
  return codec;
}

const innerMessage: Field<Inner> = {
  read(reader) {
    const at = reader.pos;
    const header = readHeader(reader);
    requireVersion(header);
    const codec = inside.find((candidate) => candidate.wireType === header.wireType);
    if (!codec)
      throw new DecodeError('unknownType', at, `a bundle takes no message of type ${header.wireType}`, MSG_UNSUP);
    const outer = reader.enter(header.length - 8);
    const value = codec.read(reader, header);
    reader.leave(outer);
    return value as Inner;
  },
  write: (writer, value) => writeFrame(writer, codecOf(value.type), value),
  toJson(value) {
    return { type: snakeCase(value.type), xid: value.xid, ...codecOf(value.type).toJson(value) };
  },
  fromJson(json, name) {
    const { type, xid, ...body } = asObject(json, name);
    return codecOf(camelCase(asText(type, `${name}.type`))).fromJson(body, {
      xid: formats.decimal.fromJson(xid ?? null, `${name}.xid`),
    }) as Inner;
  },
  kind: { kind: 'special', name: 'bundled' },
};

const plainAdd = message<BundleAdd>(
  'bundleAdd',
  OFPT.EXPERIMENTER,
  { bundleId: u32(), _pad: pad(2), flags, message: innerMessage, properties: optionalRest },
  { id: EXPERIMENTER_ID.ONF, expType: 2301 },
);

/** The message inside carries the xid of the message around it: switches refuse another. */
export const bundleAdd: MessageCodec<BundleAdd> = {
  ...plainAdd,
  read(reader, header) {
    const at = reader.pos;
    const value = plainAdd.read(reader, header);
    if (value.message.xid !== header.xid) {
      const sentence = `the message in a bundle has xid ${value.message.xid}, the one around it ${header.xid}`;
      throw new DecodeError('badValue', at, sentence, MSG_BAD_XID);
    }
    return value;
  },
  write: (writer, value) => plainAdd.write(writer, { ...value, message: { ...value.message, xid: value.xid } }),
};

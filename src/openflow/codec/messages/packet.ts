/** Packets on their way to the controller and back (sections 7.4.1 and 7.3.7). */
import { restActions } from '../actions/registry.ts';
import type { Action } from '../action-types.ts';
import { OFPT } from '../constants/header.ts';
import { OFP_NO_BUFFER, OFPR } from '../constants/switch.ts';
import * as formats from '../json/formats.ts';
import type { PacketIn, PacketOut } from '../message-types.ts';
import { packetMatch } from '../oxm/match-field.ts';
import { readMatch } from '../oxm/read.ts';
import { REFUSE } from '../wire/errors.ts';
import { type Field, restBytes, u16, u32, u64, u8 } from '../wire/fields.ts';
import { pad, patchLength } from '../wire/struct.ts';
import type { Reader } from '../wire/reader.ts';
import { message, type MessageCodec } from './codec.ts';

const buffer = formats.named({ none: OFP_NO_BUFFER });

/** PACKET_IN by its layout. */
export const packetInByLayout = message<PacketIn>('packetIn', OFPT.PACKET_IN, {
  bufferId: u32(buffer),
  totalLen: u16(),
  reason: u8(formats.named(OFPR)),
  tableId: u8(),
  cookie: u64(formats.hexWide),
  match: packetMatch,
  _pad: pad(2),
  data: restBytes(),
});

/**
 * PACKET_IN read in one go: it comes by the hundred thousand a second, and an object that is made whole is made quicker
 * than one that grows. A test holds it against the layout.
 */
export const packetIn: MessageCodec<PacketIn> = {
  ...packetInByLayout,
  read: (reader, { xid }) => ({
    type: 'packetIn',
    xid,
    bufferId: reader.u32(),
    totalLen: reader.u16(),
    reason: reader.u8(),
    tableId: reader.u8(),
    cookie: reader.u64(),
    match: readMatch(reader, 'packet'),
    data: restAfterPad(reader),
  }),
};

function restAfterPad(reader: Reader): Uint8Array {
  reader.skip(2);
  return reader.rest();
}

/** Actions with their length in bytes and six zero bytes before them. */
const sizedActions: Field<readonly Action[]> = {
  ...restActions,
  read(reader) {
    const length = reader.u16();
    reader.skip(6);
    const outer = reader.enter(length, REFUSE.requestLength);
    const actions = restActions.read(reader);
    reader.leave(outer);
    return actions;
  },
  write(writer, actions, name) {
    const at = writer.length;
    writer.u16(0, name);
    writer.pad(6);
    const start = writer.length;
    restActions.write(writer, actions, name);
    patchLength(writer, at, writer.length - start, name);
  },
};

/** PACKET_OUT by its layout. */
export const packetOutByLayout = message<PacketOut>('packetOut', OFPT.PACKET_OUT, {
  bufferId: u32(buffer),
  inPort: u32(formats.port),
  actions: sizedActions,
  data: restBytes(),
});

/** PACKET_OUT written in one go: it is what most PACKET_INs are answered with. A test holds it against the layout. */
export const packetOut: MessageCodec<PacketOut> = {
  ...packetOutByLayout,
  write(writer, { bufferId, inPort, actions, data }) {
    writer.u32(bufferId, 'bufferId');
    writer.u32(inPort, 'inPort');
    sizedActions.write(writer, actions, 'actions');
    writer.bytes(data, 'data');
  },
};

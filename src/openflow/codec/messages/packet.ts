/** Packets on their way to the controller and back (sections 7.4.1 and 7.3.7). */
import { restActions } from '../actions/registry.ts';
import type { Action } from '../action-types.ts';
import { OFPT } from '../constants/header.ts';
import { OFP_NO_BUFFER, OFPR } from '../constants/switch.ts';
import * as formats from '../json/formats.ts';
import type { PacketIn, PacketOut } from '../message-types.ts';
import { packetMatch } from '../oxm/match-field.ts';
import { REFUSE } from '../wire/errors.ts';
import { type Field, restBytes, u16, u32, u64, u8 } from '../wire/fields.ts';
import { pad, patchLength } from '../wire/struct.ts';
import { message } from './codec.ts';

const buffer = formats.named({ none: OFP_NO_BUFFER });

export const packetIn = message<PacketIn>('packetIn', OFPT.PACKET_IN, {
  bufferId: u32(buffer),
  totalLen: u16(),
  reason: u8(formats.named(OFPR)),
  tableId: u8(),
  cookie: u64(formats.hexWide),
  match: packetMatch,
  _pad: pad(2),
  data: restBytes(),
});

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

export const packetOut = message<PacketOut>('packetOut', OFPT.PACKET_OUT, {
  bufferId: u32(buffer),
  inPort: u32(formats.port),
  actions: sizedActions,
  data: restBytes(),
});

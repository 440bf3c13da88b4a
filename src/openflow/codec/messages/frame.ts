/** The common header around a message's body (section 7.1). */
import { OFPBRC, OFPET } from '../constants/errors.ts';
import { OFP_HEADER_LEN, OFP_MAX_MESSAGE_LEN, OFP_VERSION } from '../constants/header.ts';
import type { Message } from '../message-types.ts';
import { DecodeError, EncodeError } from '../wire/errors.ts';
import type { Reader } from '../wire/reader.ts';
import type { Writer } from '../wire/writer.ts';
import type { Header, MessageCodec } from './codec.ts';

const BAD_VERSION = { errorType: OFPET.BAD_REQUEST, code: OFPBRC.BAD_VERSION };

/** Reads a header and checks it against the bytes at hand. */
export function readHeader(reader: Reader): Header {
  const version = reader.u8();
  const wireType = reader.u8();
  const length = reader.u16();
  const xid = reader.u32();
  if (length < OFP_HEADER_LEN || length - OFP_HEADER_LEN > reader.remaining) {
    const sentence = `a message says that it is ${length} bytes long, and ${reader.remaining + OFP_HEADER_LEN} are there`;
    throw new DecodeError('badLength', reader.pos - 6, sentence);
  }
  return { version, wireType, length, xid };
}

/** Refuses a message of another version than 1.3. */
export function requireVersion({ version }: Header): void {
  if (version !== OFP_VERSION) {
    throw new DecodeError(
      'badValue',
      0,
      `version ${version} is spoken, not ${OFP_VERSION} (OpenFlow 1.3)`,
      BAD_VERSION,
    );
  }
}

/** Writes header and body; a failure leaves the writer as it was. */
export function writeFrame(writer: Writer, codec: MessageCodec, message: Message): void {
  const start = writer.length;
  try {
    writer.u8(message.type === 'hello' ? message.version : OFP_VERSION, 'version');
    writer.u8(codec.wireType, 'type');
    writer.u16(0, 'length');
    writer.u32(message.xid, 'xid');
    if (codec.vendor) {
      writer.u32(codec.vendor.id, 'experimenter');
      writer.u32(codec.vendor.expType, 'expType');
    }
    codec.write(writer, message);
    const length = writer.length - start;
    if (length > OFP_MAX_MESSAGE_LEN) throw new EncodeError('length', length, `at most ${OFP_MAX_MESSAGE_LEN} bytes`);
    writer.patchU16(start + 2, length);
  } catch (error) {
    writer.truncate(start);
    throw error instanceof EncodeError ? error.within(message.type) : error;
  }
}

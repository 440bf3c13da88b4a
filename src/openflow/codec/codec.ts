/** Bytes to messages and back: one frame at a time. */
import { OFPBRC, OFPET } from './constants/errors.ts';
import { OFP_HEADER_LEN, OFPT } from './constants/header.ts';
import type { Message } from './message-types.ts';
import type { Header, MessageCodec } from './messages/codec.ts';
import { readHeader, requireVersion, writeFrame } from './messages/frame.ts';
import { messageByName, messageByVendor, messageByWireType } from './registry.ts';
import { DecodeError, EncodeError } from './wire/errors.ts';
import { Reader } from './wire/reader.ts';
import { Writer } from './wire/writer.ts';

const BAD_TYPE = { errorType: OFPET.BAD_REQUEST, code: OFPBRC.BAD_TYPE };
const VENDOR_HEADER_LEN = 8;
/** First block of a writer that serves one message: most fit, and a larger one grows. */
const ONE_MESSAGE_BYTES = 512;

/**
 * The message in one whole frame. Payloads (packets, echo data, unknown bodies) are views on the frame: who keeps one
 * for long copies it, or keeps the chunk that it came in alive.
 * @throws DecodeError that says where and why, and with which ERROR to answer.
 */
export function decode(frame: Uint8Array): Message {
  const reader = new Reader(frame);
  const header = readHeader(reader);
  if (header.length !== frame.length) {
    throw new DecodeError('badLength', 2, `a frame of ${frame.length} bytes holds a message of ${header.length}`);
  }
  const codec = codecFor(reader, header);
  const message = codec.read(reader, header);
  if (reader.pos !== reader.end) reader.leave(reader.end);
  return message;
}

/** The frame's header alone: for answering a frame that `decode` refused. Needs 8 bytes. */
export function decodeHeader(frame: Uint8Array): Header {
  const reader = new Reader(frame);
  return { version: reader.u8(), wireType: reader.u8(), length: reader.u16(), xid: reader.u32() };
}

function codecFor(reader: Reader, header: Header): MessageCodec {
  const { wireType } = header;
  if (wireType !== OFPT.HELLO && wireType !== OFPT.ERROR) requireVersion(header);
  if (wireType === OFPT.EXPERIMENTER && reader.remaining >= VENDOR_HEADER_LEN) {
    const codec = messageByVendor(reader.u32(), reader.u32());
    if (codec) return codec;
    reader.pos = OFP_HEADER_LEN;
  }
  const codec = messageByWireType(wireType);
  if (!codec) throw new DecodeError('unknownType', 1, `message type ${wireType} is not known`, BAD_TYPE);
  return codec;
}

/**
 * Appends a message to what the writer holds. A message that cannot be encoded leaves the writer as it was.
 * @throws EncodeError naming field, value and rule; also where the message would be longer than 65,535 bytes.
 */
export function encodeInto(writer: Writer, message: Message): void {
  const codec = messageByName(message.type);
  if (!codec) throw new EncodeError('type', message.type, 'the type of a message');
  writeFrame(writer, codec, message);
}

/** One message as bytes. For many, `encodeInto` with a writer that is kept is quicker. */
export function encode(message: Message): Buffer {
  const writer = new Writer(ONE_MESSAGE_BYTES);
  encodeInto(writer, message);
  return writer.take();
}

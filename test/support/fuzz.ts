/** Throws mutated frames at the codec, and tells the first that it does not stand. */
import { isDeepStrictEqual } from 'node:util';
import {
  decode,
  DecodeError,
  encode,
  type Message,
  messageFromJson,
  messageToJson,
  messageToText,
} from '../../src/openflow/codec/index.ts';
import { generateMessage, MESSAGE_NAMES } from './generate.ts';
import { mutate } from './mutate.ts';
import type { Random } from './random.ts';

/** No frame of 64 KB takes nearly as long, even on a busy machine; one that does has made a loop spin. */
const DECODE_MS_MAX = 2_000;

export interface FuzzedFrame {
  readonly frame: Buffer;
  /** Undefined where the codec refused the frame. */
  readonly message: Message | undefined;
}

/** One round: a valid message, mutated, through everything. Throws an Error that holds the frame in hex where something breaks. */
export function fuzzOnce(random: Random): FuzzedFrame {
  const [one, other] = [0, 0].map(() => encode(generateMessage(random.pick(MESSAGE_NAMES), random.int(2 ** 31))));
  const frame = mutate(one!, other!, random);
  return { frame, message: checkFrame(frame) };
}

/** What must hold for any frame whatever: refused by name, or the same after bytes, JSON and text. */
export function checkFrame(frame: Buffer): Message | undefined {
  try {
    const before = Buffer.from(frame);
    const message = timedDecode(frame);
    if (!before.equals(frame)) throw new Error('decoding changed the frame');
    if (!message) return undefined;
    const again = decode(encode(message));
    if (!isDeepStrictEqual(plain(again), plain(message))) throw new Error('the message is another after encoding');
    const json = messageFromJson(JSON.parse(JSON.stringify(messageToJson(message))));
    if (!encode(json).equals(encode(message))) throw new Error('the message is another after JSON');
    if (messageToText(message) === '') throw new Error('the message has no text');
    return message;
  } catch (error) {
    throw new Error(`this frame broke the codec: ${frame.toString('hex')}`, { cause: error });
  }
}

function timedDecode(frame: Buffer): Message | undefined {
  const start = performance.now();
  const message = decodeOrRefuse(frame);
  if (performance.now() - start > DECODE_MS_MAX) throw new Error('decoding took far too long');
  return message;
}

function decodeOrRefuse(frame: Buffer): Message | undefined {
  try {
    return decode(frame);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Bytes compare by what they hold, whichever class they are. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

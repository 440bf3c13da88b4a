/** Valid frames made wrong in the ways that break parsers: lengths, types, cuts and splices. */
import type { Random } from './random.ts';

const HEADER_LEN = 8;
const FRAME_MAX = 0xffff;
/** Lengths and counts at which parsers go wrong. */
const EDGES: readonly number[] = [0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 24, 0x7fff, 0x8000, 0xfff8, 0xffff];

type Mutation = (frame: Buffer, random: Random, other: Buffer) => Buffer;

const overwriteU16 = (frame: Buffer, at: number, value: number): Buffer => {
  const copy = Buffer.from(frame);
  if (at + 2 <= copy.length) copy.writeUInt16BE(value & 0xffff, at);
  return copy;
};
/** A place behind the header, mostly on a boundary of two bytes. */
const place = (frame: Buffer, random: Random): number => {
  const at = HEADER_LEN + random.int(Math.max(1, frame.length - HEADER_LEN));
  return random.oneIn(8) ? at : at & ~1;
};
const remove = (frame: Buffer, at: number, length: number): Buffer =>
  Buffer.concat([frame.subarray(0, at), frame.subarray(at + length)]);

const MUTATIONS: readonly Mutation[] = [
  (frame, random) => overwriteU16(frame, place(frame, random), random.pick(EDGES)),
  (frame, random) => {
    const at = place(frame, random);
    const value = at + 2 <= frame.length ? frame.readUInt16BE(at) : 0;
    return overwriteU16(frame, at, value + random.pick([-8, -4, -1, 1, 4, 8]));
  },
  (frame, random) => {
    const copy = Buffer.from(frame);
    const at = place(frame, random);
    if (at < copy.length) copy[at] = copy[at]! ^ (1 << random.int(8));
    return copy;
  },
  (frame, random) => {
    const copy = Buffer.from(frame);
    const at = place(frame, random);
    if (at < copy.length) copy[at] = random.int(256);
    return copy;
  },
  (frame, random) => frame.subarray(0, HEADER_LEN + random.int(frame.length - HEADER_LEN + 1)),
  (frame, random) => Buffer.concat([frame, random.bytes(random.pick([1, 4, 8, 16]))]),
  (frame, random) => remove(frame, place(frame, random), random.pick([1, 2, 4, 8, 16])),
  (frame, random) => {
    const at = place(frame, random);
    return Buffer.concat([frame.subarray(0, at), random.bytes(random.pick([1, 2, 4, 8])), frame.subarray(at)]);
  },
  (frame, random) => {
    const at = place(frame, random) & ~7;
    const piece = frame.subarray(at, at + 8 * (1 + random.int(4)));
    return Buffer.concat([frame.subarray(0, at), piece, frame.subarray(at)]);
  },
  (frame, random, other) => {
    const at = place(frame, random) & ~7;
    return Buffer.concat([frame.subarray(0, at), other.subarray(place(other, random) & ~7)]);
  },
  (frame, random) => {
    const copy = Buffer.from(frame);
    copy[1] = random.int(32);
    return copy;
  },
];

/** One to three mutations; the header's length is made true again, as a framer would have it. */
export function mutate(frame: Buffer, other: Buffer, random: Random): Buffer {
  let mutated = frame;
  for (let i = 1 + random.int(3); i > 0; i--) mutated = random.pick(MUTATIONS)(mutated, random, other);
  mutated = Buffer.from(mutated.subarray(0, FRAME_MAX));
  mutated.writeUInt16BE(mutated.length, 2);
  return mutated;
}

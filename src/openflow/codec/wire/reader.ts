import { DecodeError, REFUSE, type Refusal } from './errors.ts';

/** Two 32-bit words seen as one 64-bit value: the quickest way from bytes to a bigint. Little-endian hosts only differ in word order. */
const words = new Uint32Array(2);
const wide = new BigUint64Array(words.buffer);
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const LOW = LITTLE_ENDIAN ? 0 : 1;
const HIGH = 1 - LOW;

/**
 * Reads big-endian values from a frame, never past `end`. Structures inside narrow `end` to their own length with
 * `enter` and restore it with `leave`, so that no length can reach beyond its parent.
 */
export class Reader {
  readonly bytes: Uint8Array;
  pos: number;
  end: number;
  /** How to answer for bytes that are missing or left over in the structure at hand. */
  refusal: Refusal = REFUSE.requestLength;
  /** How many lists of actions the reader is in. */
  depth = 0;

  constructor(bytes: Uint8Array, pos = 0, end = bytes.length) {
    this.bytes = bytes;
    this.pos = pos;
    this.end = end;
  }

  /** Bytes left in the innermost structure. */
  get remaining(): number {
    return this.end - this.pos;
  }

  /** Refuses unless `length` bytes are left; a length below 0, which no sum of lengths may yield, is refused too. */
  need(length: number, refusal: Refusal = this.refusal): void {
    if (length < 0 || length > this.end - this.pos) {
      throw new DecodeError(
        'truncated',
        this.pos,
        `${length} bytes are needed and ${this.end - this.pos} are left`,
        refusal,
      );
    }
  }

  u8(): number {
    if (this.pos >= this.end) this.need(1);
    return this.bytes[this.pos++]!;
  }

  u16(): number {
    if (this.end - this.pos < 2) this.need(2);
    const { bytes, pos } = this;
    this.pos = pos + 2;
    return (bytes[pos]! << 8) | bytes[pos + 1]!;
  }

  u24(): number {
    if (this.end - this.pos < 3) this.need(3);
    const { bytes, pos } = this;
    this.pos = pos + 3;
    return (bytes[pos]! << 16) | (bytes[pos + 1]! << 8) | bytes[pos + 2]!;
  }

  u32(): number {
    if (this.end - this.pos < 4) this.need(4);
    const { bytes, pos } = this;
    this.pos = pos + 4;
    return ((bytes[pos]! << 24) | (bytes[pos + 1]! << 16) | (bytes[pos + 2]! << 8) | bytes[pos + 3]!) >>> 0;
  }

  u48(): number {
    if (this.end - this.pos < 6) this.need(6);
    const high = this.u16();
    return high * 0x100000000 + this.u32();
  }

  u64(): bigint {
    if (this.end - this.pos < 8) this.need(8);
    const high = this.u32();
    const low = this.u32();
    if (high === 0 && low === 0) return 0n;
    words[HIGH] = high;
    words[LOW] = low;
    return wide[0]!;
  }

  u128(): bigint {
    if (this.end - this.pos < 16) this.need(16);
    const high = this.u64();
    return (high << 64n) | this.u64();
  }

  /** The next bytes as a view on the frame: nothing is copied. */
  take(length: number): Uint8Array {
    this.need(length);
    const start = this.pos;
    this.pos = start + length;
    return this.bytes.subarray(start, this.pos);
  }

  /** All bytes left in the innermost structure, as a view. */
  rest(): Uint8Array {
    return this.take(this.end - this.pos);
  }

  skip(length: number, refusal: Refusal = this.refusal): void {
    if (length < 0 || length > this.end - this.pos) this.need(length, refusal);
    this.pos += length;
  }

  /** Narrows the reader to its next `length` bytes; gives back what `leave` needs. */
  enter(length: number, refusal: Refusal = this.refusal): number {
    const outer = this.end;
    if (length < 0 || length > outer - this.pos) this.badLength(length, outer - this.pos, refusal);
    this.end = this.pos + length;
    return outer;
  }

  /** Ends what `enter` began; every byte must have been read. */
  leave(outer: number, refusal: Refusal = this.refusal): void {
    if (this.pos !== this.end) {
      throw new DecodeError('trailingBytes', this.pos, `${this.end - this.pos} bytes are left over`, refusal);
    }
    this.end = outer;
  }

  badLength(length: number, limit: number, refusal: Refusal = this.refusal): never {
    throw new DecodeError(
      'badLength',
      this.pos,
      `a length of ${length} does not fit the ${limit} bytes around it`,
      refusal,
    );
  }
}

import { EncodeError } from './errors.ts';

const words = new Uint32Array(2);
const wide = new BigUint64Array(words.buffer);
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const LOW = LITTLE_ENDIAN ? 0 : 1;
const HIGH = 1 - LOW;

/** Small messages share a block of this size; taking one out of it copies nothing. */
const BLOCK_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);
const U64_MAX = 0xffffffffffffffffn;
const U128_MAX = 0xffffffffffffffffffffffffffffffffn;
const U48_MAX = 0xffffffffffff;

/**
 * Writes big-endian values into a buffer that grows. `take` hands out the bytes written so far and begins anew behind
 * them: what was handed out is never written again, so it may be queued on a socket as it is.
 */
export class Writer {
  #block: Buffer;
  #start = 0;
  #pos = 0;
  readonly #blockBytes: number;
  /** How many lists of actions the writer is in. */
  depth = 0;

  /** `blockBytes`: what to allocate at a time. Small for a writer that serves one message. */
  constructor(blockBytes: number = BLOCK_BYTES) {
    this.#blockBytes = blockBytes;
    this.#block = Buffer.allocUnsafe(blockBytes);
  }

  /** Bytes written since the last `take`. */
  get length(): number {
    return this.#pos - this.#start;
  }

  /** The bytes written since the last `take`; they belong to the caller from now on. */
  take(): Buffer {
    const taken = this.#block.subarray(this.#start, this.#pos);
    this.#start = this.#pos;
    // What had to grow for once is not kept: there are hundreds of writers, and most write little.
    if (this.#block.length > this.#blockBytes) {
      this.#block = NOTHING;
      this.#start = this.#pos = 0;
    }
    return taken;
  }

  /** Forgets all bytes after the first `length`. */
  truncate(length: number): void {
    this.#pos = this.#start + length;
  }

  u8(value: number, field: string): void {
    if (typeof value !== 'number' || (value & 0xff) !== value) badInteger(field, value, 8);
    if (this.#pos === this.#block.length) this.#grow(1);
    this.#block[this.#pos++] = value;
  }

  u16(value: number, field: string): void {
    if (typeof value !== 'number' || (value & 0xffff) !== value) badInteger(field, value, 16);
    if (this.#pos + 2 > this.#block.length) this.#grow(2);
    const block = this.#block;
    const pos = this.#pos;
    block[pos] = value >>> 8;
    block[pos + 1] = value;
    this.#pos = pos + 2;
  }

  u24(value: number, field: string): void {
    if (typeof value !== 'number' || (value & 0xffffff) !== value) badInteger(field, value, 24);
    this.u8(value >>> 16, field);
    this.u16(value & 0xffff, field);
  }

  u32(value: number, field: string): void {
    if (typeof value !== 'number' || value >>> 0 !== value) badInteger(field, value, 32);
    if (this.#pos + 4 > this.#block.length) this.#grow(4);
    const block = this.#block;
    const pos = this.#pos;
    block[pos] = value >>> 24;
    block[pos + 1] = value >>> 16;
    block[pos + 2] = value >>> 8;
    block[pos + 3] = value;
    this.#pos = pos + 4;
  }

  u48(value: number, field: string): void {
    if (!Number.isInteger(value) || value < 0 || value > U48_MAX) badInteger(field, value, 48);
    const high = Math.floor(value / 0x100000000);
    this.u16(high, field);
    this.u32(value - high * 0x100000000, field);
  }

  u64(value: bigint, field: string): void {
    if (typeof value !== 'bigint' || value < 0n || value > U64_MAX) badInteger(field, value, 64);
    this.#wide(value, field);
  }

  u128(value: bigint, field: string): void {
    if (typeof value !== 'bigint' || value < 0n || value > U128_MAX) badInteger(field, value, 128);
    this.#wide(value >> 64n, field);
    this.#wide(value & U64_MAX, field);
  }

  #wide(value: bigint, field: string): void {
    wide[0] = value;
    const low = words[LOW]!;
    this.u32(words[HIGH]!, field);
    this.u32(low, field);
  }

  bytes(value: Uint8Array, field: string): void {
    if (!(value instanceof Uint8Array)) throw new EncodeError(field, value, 'a Uint8Array');
    if (this.#pos + value.length > this.#block.length) this.#grow(value.length);
    this.#block.set(value, this.#pos);
    this.#pos += value.length;
  }

  /** Zero bytes. */
  pad(length: number): void {
    if (this.#pos + length > this.#block.length) this.#grow(length);
    const end = this.#pos + length;
    for (let pos = this.#pos; pos < end; pos++) this.#block[pos] = 0;
    this.#pos = end;
  }

  /** Zero bytes up to a length that is a multiple of 8, counted from `start`. */
  padTo8(start: number): void {
    this.pad((8 - ((this.length - start) & 7)) & 7);
  }

  /** Overwrites two bytes at `at` (counted from the last `take`): for lengths known only at the end. */
  patchU16(at: number, value: number): void {
    this.#block[this.#start + at] = value >>> 8;
    this.#block[this.#start + at + 1] = value;
  }

  /** Two bytes written before, at `at` (counted from the last `take`). */
  u16At(at: number): number {
    return this.#block.readUInt16BE(this.#start + at);
  }

  /** Room for `more` bytes behind what is written but not taken: in a new block, since the old one is shared with bytes handed out. */
  #grow(more: number): void {
    const { length } = this;
    let size = this.#blockBytes;
    while (size < 2 * (length + more)) size *= 2;
    const block = Buffer.allocUnsafe(size);
    this.#block.copy(block, 0, this.#start, this.#pos);
    this.#block = block;
    this.#start = 0;
    this.#pos = length;
  }
}

function badInteger(field: string, value: unknown, bits: number): never {
  const kind = bits > 48 ? 'a bigint' : 'an integer';
  throw new EncodeError(field, value, `${kind} from 0 to 2^${bits} - 1`);
}

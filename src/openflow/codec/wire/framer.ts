import { OFP_HEADER_LEN } from '../constants/header.ts';
import { DecodeError } from './errors.ts';

/**
 * Cuts a TCP stream into frames. A chunk handed to `push` belongs to the framer from then on (a socket allocates a fresh
 * one for every read): frames are views on it, and only a frame that crosses chunks is copied, once, into a buffer of
 * its exact size. At most one frame, 65,535 bytes, is held between two chunks. The version is passed on unchecked.
 */
export class Framer {
  readonly #head = Buffer.alloc(OFP_HEADER_LEN);
  #headBytes = 0;
  #partial: Buffer | undefined;
  #partialBytes = 0;

  /** Bytes held back until the rest of their frame arrives. */
  get pendingBytes(): number {
    return this.#partial ? this.#partialBytes : this.#headBytes;
  }

  /**
   * Calls `onFrame` for every frame that `chunk` completes, in order.
   * @throws DecodeError where a header's length is below 8: the stream has lost its rhythm and must be closed.
   * What `onFrame` throws goes through; the frames behind it in the chunk are lost, so a session ends then too.
   */
  push(chunk: Buffer, onFrame: (frame: Buffer) => void): void {
    let pos = 0;
    if (this.#partial || this.#headBytes > 0) {
      pos = this.#complete(chunk);
      if (this.#partial && this.#partialBytes === this.#partial.length) {
        const frame = this.#partial;
        this.#partial = undefined;
        onFrame(frame);
      }
    }
    while (chunk.length - pos >= OFP_HEADER_LEN) {
      const length = frameLength(chunk, pos);
      if (length > chunk.length - pos) break;
      const start = pos;
      pos += length;
      onFrame(start === 0 && length === chunk.length ? chunk : chunk.subarray(start, pos));
    }
    this.#keep(chunk, pos);
  }

  /** Moves bytes of `chunk` to the frame that an earlier one began; answers how many. */
  #complete(chunk: Buffer): number {
    let pos = 0;
    if (!this.#partial) {
      pos = chunk.copy(this.#head, this.#headBytes, 0, OFP_HEADER_LEN - this.#headBytes);
      this.#headBytes += pos;
      if (this.#headBytes < OFP_HEADER_LEN) return pos;
      this.#begin(frameLength(this.#head, 0), this.#head, 0);
    }
    const partial = this.#partial!;
    const copied = chunk.copy(partial, this.#partialBytes, pos, pos + partial.length - this.#partialBytes);
    this.#partialBytes += copied;
    return pos + copied;
  }

  /** Keeps what is left of `chunk` from `pos` on: less than a frame. */
  #keep(chunk: Buffer, pos: number): void {
    const left = chunk.length - pos;
    if (left <= 0) return;
    if (left < OFP_HEADER_LEN) this.#headBytes = chunk.copy(this.#head, 0, pos);
    else this.#begin(frameLength(chunk, pos), chunk, pos);
  }

  #begin(length: number, from: Buffer, pos: number): void {
    this.#partial = Buffer.allocUnsafe(length);
    this.#partialBytes = from.copy(this.#partial, 0, pos);
    this.#headBytes = 0;
  }
}

function frameLength(bytes: Buffer, pos: number): number {
  const length = (bytes[pos + 2]! << 8) | bytes[pos + 3]!;
  if (length < OFP_HEADER_LEN) {
    throw new DecodeError(
      'badLength',
      pos + 2,
      `a message says that it is ${length} bytes long, shorter than its header`,
    );
  }
  return length;
}

/**
 * One TCP connection as a stream of messages: frames in, decoded; messages out, encoded into one buffer per turn of the
 * event loop and written at once. It knows no protocol state.
 */
import type { Socket } from 'node:net';
import {
  decode,
  decodeHeader,
  DecodeError,
  encodeInto,
  error as errorMessage,
  Framer,
  Writer,
} from '../codec/index.ts';
import type { DecodeReason, Message } from '../codec/index.ts';
import { MAX_OUTPUT_BYTES, MAX_REFUSED_MESSAGES } from './limits.ts';

const OFP_VERSION = 0x04;
const TYPE_HELLO = 0;
const TYPE_ERROR = 1;
/** "At least 64 bytes of the failed request" (section 7.5.4). */
const ERROR_DATA_BYTES = 64;
const MALFORMED: ReadonlySet<DecodeReason> = new Set(['truncated', 'badLength', 'trailingBytes']);

export interface ChannelHandlers {
  message(message: Message, bytes: number): void;
  /** Once, with a sentence for the log. */
  closed(reason: string): void;
}

export class Channel {
  readonly remote: string;
  handlers: ChannelHandlers;
  /** Monotonic milliseconds of the last bytes that came. */
  lastHeardAt: number;
  readonly #socket: Socket;
  readonly #framer = new Framer();
  readonly #writer = new Writer();
  readonly #onFrame = (frame: Buffer): void => this.#receive(frame);
  readonly #onFlush = (): void => this.#flush();
  #flushQueued = false;
  #closed = false;
  #refused = 0;

  constructor(socket: Socket, handlers: ChannelHandlers) {
    this.#socket = socket;
    this.handlers = handlers;
    this.remote = `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? 0}`;
    this.lastHeardAt = performance.now();
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.close(`connection failed: ${error.message}`));
    socket.on('close', () => this.close('the switch closed the connection'));
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Bytes accepted for sending that the kernel has not taken yet. */
  get queuedBytes(): number {
    return this.#socket.writableLength + this.#writer.length;
  }

  /** False, and nothing sent, where the connection is gone or its output is full. */
  send(message: Message): boolean {
    if (this.#closed || this.queuedBytes > MAX_OUTPUT_BYTES) return false;
    encodeInto(this.#writer, message);
    if (!this.#flushQueued) {
      this.#flushQueued = true;
      queueMicrotask(this.#onFlush);
    }
    return true;
  }

  /** Sends what is queued, then ends the connection. */
  close(reason: string): void {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
    this.#socket.destroySoon();
    this.handlers.closed(reason);
  }

  #flush(): void {
    this.#flushQueued = false;
    if (this.#closed || this.#writer.length === 0) return;
    this.#socket.write(this.#writer.take());
  }

  #read(chunk: Buffer): void {
    this.lastHeardAt = performance.now();
    if (this.#closed) return;
    try {
      this.#framer.push(chunk, this.#onFrame);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.close(`malformed OpenFlow: ${error.message}`);
    }
  }

  #receive(frame: Buffer): void {
    if (this.#closed) return;
    const type = frame[1];
    if (frame[0] !== OFP_VERSION && type !== TYPE_HELLO && type !== TYPE_ERROR) {
      throw new DecodeError('badValue', 0, `version ${frame[0] ?? 0} where 4 (OpenFlow 1.3) was agreed`);
    }
    let message: Message;
    try {
      message = decode(frame);
    } catch (error) {
      if (error instanceof DecodeError && this.#refuse(frame, error)) return;
      throw error;
    }
    this.handlers.message(message, frame.length);
  }

  /**
   * Answers a message that is unknown or says something wrong, as the spec asks (section 7.5.4). False where its lengths
   * are wrong: then nothing more that this peer sends can be trusted.
   */
  #refuse(frame: Buffer, { reason, errorType, code }: DecodeError): boolean {
    if (MALFORMED.has(reason) || ++this.#refused > MAX_REFUSED_MESSAGES) return false;
    const { xid } = decodeHeader(frame);
    this.send(errorMessage({ xid, errorType, code, data: frame.subarray(0, ERROR_DATA_BYTES) }));
    return true;
  }
}

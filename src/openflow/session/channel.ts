/**
 * One TCP connection as a stream of messages: frames in, decoded; messages out, encoded into one buffer per turn of the
 * event loop and written at once. Of the protocol it knows only that a HELLO comes first.
 */
import type { Socket } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import {
  decode,
  decodeHeader,
  DecodeError,
  encodeInto,
  error as errorMessage,
  Framer,
  OFP_VERSION,
  OFPT,
  Writer,
} from '../codec/index.ts';
import type { DecodeReason, Message } from '../codec/index.ts';
import { LifeSigns } from './life-signs.ts';
import type { SessionLimits } from './limits.ts';

/** "At least 64 bytes of the failed request" (section 7.5.4). */
const ERROR_DATA_BYTES = 64;
/** Output of a peer that is nobody yet is small. */
const HANDSHAKE_BLOCK_BYTES = 1_024;
/** A few turns' worth of probes and packet-outs; what is larger, as a bundle, gets a block of its own. */
const DATAPATH_BLOCK_BYTES = 16 * 1_024;
/** The clock is looked at after so many bytes: a thousand messages at most. */
const SLICE_BYTES = 8 * 1024;
/** What one read brings at most: there is more to come, very likely. */
const FULL_READ_BYTES = 64 * 1024;
const NOTHING = new Uint8Array(0);
const MALFORMED: ReadonlySet<DecodeReason> = new Set(['truncated', 'badLength', 'trailingBytes']);

/** How a connection ended. */
export interface Closing {
  /** A sentence for the log. */
  readonly reason: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** What was thrown, where it was the controller's own fault. */
  readonly error?: unknown;
}

export interface ChannelHandlers {
  message(message: Message, bytes: number): void;
  /** A message could not be understood; it was answered with an ERROR and the connection goes on. */
  refused(xid: number, error: DecodeError): void;
  /** Once. */
  closed(closing: Closing): void;
}

export interface ChannelOptions {
  readonly socket: Socket;
  readonly clock: Clock;
  readonly limits: SessionLimits;
  readonly handlers: ChannelHandlers;
}

export class Channel {
  /** Address and port of the peer. */
  readonly remote: string;
  readonly remoteAddress: string;
  readonly life: LifeSigns;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #limits: SessionLimits;
  readonly #handlers: ChannelHandlers;
  readonly #framer = new Framer();
  readonly #onFrame = (frame: Buffer): void => this.#receive(frame);
  readonly #onFlush = (): void => this.#flush();
  #writer = new Writer(HANDSHAKE_BLOCK_BYTES);
  #maxOutputBytes: number;
  #writtenBytes = 0;
  #flushQueued = false;
  #greeted = false;
  #closed = false;
  #refused = 0;
  #refusedSince: number;

  constructor({ socket, clock, limits, handlers }: ChannelOptions) {
    this.#socket = socket;
    this.#clock = clock;
    this.#limits = limits;
    this.#handlers = handlers;
    this.#maxOutputBytes = limits.maxHandshakeOutputBytes;
    this.#refusedSince = clock.now();
    this.remoteAddress = socket.remoteAddress ?? 'unknown';
    this.remote = `${this.remoteAddress}:${socket.remotePort ?? 0}`;
    this.life = new LifeSigns(clock);
    const peerClosed = (): void => this.close('the switch closed the connection', { level: 'info' });
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.close(`the connection failed: ${error.message}`));
    socket.on('end', peerClosed);
    socket.on('close', peerClosed);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Bytes accepted for sending that the kernel has not taken yet. */
  get queuedBytes(): number {
    return this.#socket.writableLength + this.#writer.length;
  }

  /** Bytes that the kernel has taken so far, counted in whole writes: it stands still where the peer does not read. */
  get takenBytes(): number {
    return this.#writtenBytes - this.#socket.writableLength;
  }

  /**
   * False, and nothing sent, where the connection is gone or its output is full.
   * @throws EncodeError where the message cannot be put on the wire.
   */
  send(message: Message): boolean {
    if (this.#closed || this.queuedBytes > this.#maxOutputBytes) return false;
    encodeInto(this.#writer, message);
    if (!this.#flushQueued) {
      this.#flushQueued = true;
      queueMicrotask(this.#onFlush);
    }
    return true;
  }

  /**
   * A message that is encoded already, in two pieces, which are copied: whole arrays, since a view on a part would cost more than
   * the copy. It goes at the end of this turn of the event loop, after what every other peer has to say in it: what is sent like
   * this comes of many peers' messages. False, and nothing sent, where the connection is gone or its output is full.
   */
  append(head: Uint8Array, rest: Uint8Array = NOTHING): boolean {
    if (this.#closed || this.queuedBytes > this.#maxOutputBytes) return false;
    this.#writer.bytes(head, 'head');
    if (rest.length > 0) this.#writer.bytes(rest, 'rest');
    if (!this.#flushQueued) {
      this.#flushQueued = true;
      setImmediate(this.#onFlush);
    }
    return true;
  }

  /** The peer has shown that it is a datapath: from now on it may be sent much. */
  widen(): void {
    this.#flush();
    this.#writer = new Writer(DATAPATH_BLOCK_BYTES);
    this.#maxOutputBytes = this.#limits.maxOutputBytes;
  }

  /** Sends what is queued, then ends the connection. `reason` is a sentence for the log. */
  close(reason: string, how: Partial<Omit<Closing, 'reason'>> = {}): void {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
    this.#endSocket();
    this.life.end();
    this.#handlers.closed({ level: 'warn', ...how, reason });
  }

  #endSocket(): void {
    this.#socket.destroySoon();
    if (this.#socket.destroyed) return;
    this.#socket.once(
      'close',
      this.#clock.after(this.#limits.lingerMs, () => this.#socket.destroy()),
    );
  }

  #flush(): void {
    this.#flushQueued = false;
    if (this.#closed || this.#writer.length === 0) return;
    this.#writtenBytes += this.#writer.length;
    this.#socket.write(this.#writer.take());
  }

  #read(chunk: Buffer): void {
    if (this.#closed) return;
    this.life.heard();
    // Other protocols have their length elsewhere: waiting for the end of such a "frame" would hide what is wrong.
    if (!this.#greeted && this.#framer.pendingBytes === 0 && chunk.length > 1 && !this.#greets(chunk)) return;
    this.#work(chunk);
  }

  /** Works through bytes, in shares: between two of them the others have their turn, and nothing new is read. */
  #work(bytes: Buffer): void {
    const done = this.#workShare(bytes);
    if (this.#closed || (done === bytes.length && done < FULL_READ_BYTES)) {
      if (this.#socket.isPaused()) this.#socket.resume();
      return;
    }
    this.#socket.pause();
    setImmediate(() => this.#work(bytes.subarray(done)));
  }

  /** How many of the bytes fitted in this peer's share of a turn. */
  #workShare(bytes: Buffer): number {
    const until = this.#clock.now() + this.#limits.turnMs;
    let done = 0;
    try {
      while (done < bytes.length && !this.#closed) {
        const end = Math.min(done + SLICE_BYTES, bytes.length);
        this.#framer.push(done === 0 && end === bytes.length ? bytes : bytes.subarray(done, end), this.#onFrame);
        done = end;
        if (this.#clock.now() >= until) break;
      }
    } catch (error) {
      if (error instanceof DecodeError) this.close(`malformed OpenFlow: ${error.message}`);
      else this.close(`the controller failed at a message of this switch: ${text(error)}`, { level: 'error', error });
    }
    return done;
  }

  #receive(frame: Buffer): void {
    if (this.#closed) return;
    if (!this.#greeted) {
      if (!this.#greets(frame)) return;
      this.#greeted = true;
    }
    const type = frame[1];
    if (frame[0] !== OFP_VERSION && type !== OFPT.HELLO && type !== OFPT.ERROR) {
      throw new DecodeError('badValue', 0, `version ${frame[0] ?? 0} where 4 (OpenFlow 1.3) was agreed`);
    }
    const message = this.#decode(frame);
    if (message) this.#handlers.message(message, frame.length);
  }

  /** A HELLO comes first, or an ERROR that refuses ours; anything else ends the connection. */
  #greets(bytes: Buffer): boolean {
    if (bytes[1] === OFPT.HELLO || bytes[1] === OFPT.ERROR) return true;
    const hint =
      bytes[0] === TLS_HANDSHAKE ? 'it looks like TLS, connect with tcp: instead' : 'is this an OpenFlow switch?';
    this.close(`the first message is not a HELLO (it begins with ${bytes.toString('hex', 0, 8)}): ${hint}`);
    return false;
  }

  /**
   * Undefined where the message is unknown or says something wrong: it is answered as the spec asks (section 7.5.4).
   * @throws DecodeError where its lengths are wrong: then nothing more that this peer sends can be trusted.
   */
  #decode(frame: Buffer): Message | undefined {
    try {
      return decode(frame);
    } catch (error) {
      if (!(error instanceof DecodeError) || MALFORMED.has(error.reason)) throw error;
      this.#refuse(frame, error);
      return undefined;
    }
  }

  #refuse(frame: Buffer, error: DecodeError): void {
    const { maxRefusedMessages, refusedWindowMs } = this.#limits;
    const now = this.#clock.now();
    if (now - this.#refusedSince >= refusedWindowMs) {
      this.#refusedSince = now;
      this.#refused = 0;
    }
    if (++this.#refused > maxRefusedMessages) {
      this.close(`over ${maxRefusedMessages} messages could not be understood, the last one: ${error.message}`);
      return;
    }
    const { xid } = decodeHeader(frame);
    const { errorType, code } = error;
    this.send(errorMessage({ xid, errorType, code, data: frame.subarray(0, ERROR_DATA_BYTES) }));
    this.#handlers.refused(xid, error);
  }
}

/** The content type with which a TLS client begins (RFC 8446 section 5.1). */
const TLS_HANDSHAKE = 0x16;

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

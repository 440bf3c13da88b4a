/** Requests in flight: replies are matched by xid, multipart replies gathered, silence ends in an error. */
import { errorName } from '../codec/index.ts';
import type { ErrorMessage, Message, MessageType, MultipartReply } from '../codec/index.ts';
import type { Clock } from '../../core/clock.ts';
import { UnavailableError } from '../../core/errors.ts';
import type { SessionLimits } from './limits.ts';

/** The switch refused a request: spec section 7.5.4. */
export class OpenFlowError extends Error {
  override readonly name = 'OpenFlowError';
  readonly errorType: number;
  readonly code: number;

  constructor(message: ErrorMessage) {
    super(`the switch refused the request: ${errorName(message.errorType, message.code)}`);
    this.errorType = message.errorType;
    this.code = message.code;
  }
}

export interface RequestOptions {
  /** Of the whole answer, in all its parts. */
  readonly timeoutMs?: number;
  /** Of a multipart answer, in all its parts. */
  readonly maxBytes?: number;
}

interface Pending {
  readonly request: Message;
  readonly maxBytes: number;
  readonly settle: (reply: Message) => void;
  readonly fail: (error: Error) => void;
  readonly cancelTimer: () => void;
  /** What the parts before the last one listed. */
  readonly entries: unknown[];
  bytes: number;
}

/**
 * Messages that can answer a request, beside ERROR. What a switch tells unasked is none, whatever xid it chose for it;
 * experimenters answer as they please.
 */
const ANSWERS: ReadonlySet<MessageType> = new Set<MessageType>([
  'echoReply',
  'featuresReply',
  'getConfigReply',
  'multipartReply',
  'barrierReply',
  'roleReply',
  'bundleControl',
  'experimenter',
]);

export class Requests {
  readonly #clock: Clock;
  readonly #limits: SessionLimits;
  readonly #pending = new Map<number, Pending>();
  /** Of all multipart replies that are not complete yet. */
  #gatheredBytes = 0;

  constructor(clock: Clock, limits: SessionLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Why a request with this xid cannot be made now, or undefined. */
  obstacle(xid: number): string | undefined {
    if (this.#pending.size >= this.#limits.maxPendingRequests) {
      return `${this.#pending.size} requests already wait for this switch`;
    }
    return this.#pending.has(xid) ? `a request with its xid ${xid} waits already` : undefined;
  }

  /** Where there is no obstacle: rejects with UnavailableError on silence or a lost session, OpenFlowError on a refusal. */
  expect(request: Message, options: RequestOptions = {}): Promise<Message> {
    const { timeoutMs = this.#limits.requestTimeoutMs, maxBytes = this.#limits.maxMultipartBytes } = options;
    return new Promise((settle, fail) => {
      const cancelTimer = this.#clock.after(timeoutMs, () =>
        this.#fail(pending, `no answer to ${nameOf(request)} within ${timeoutMs} ms`),
      );
      const pending: Pending = { request, maxBytes, settle, fail, cancelTimer, entries: [], bytes: 0 };
      this.#pending.set(request.xid, pending);
    });
  }

  /** True where the message answered a request (or was a part of an answer). */
  receive(message: Message, bytes: number): boolean {
    const pending = this.#pending.get(message.xid);
    if (!pending) return false;
    if (message.type === 'multipartReply') this.#gather(pending, message, bytes);
    else if (message.type === 'error') {
      this.#finish(pending);
      pending.fail(new OpenFlowError(message));
    } else if (ANSWERS.has(message.type)) {
      this.#finish(pending);
      pending.settle(message);
    } else return false;
    return true;
  }

  /** The answer to a request came, and cannot be read. */
  unreadable(xid: number, why: string): void {
    const pending = this.#pending.get(xid);
    if (pending) this.#fail(pending, `the answer to ${nameOf(pending.request)} cannot be read: ${why}`);
  }

  /** Ends every request, because the session did. */
  failAll(reason: string): void {
    for (const pending of this.#pending.values()) {
      this.#fail(pending, `${nameOf(pending.request)} has no answer: ${reason}`);
    }
  }

  #gather(pending: Pending, part: MultipartReply, bytes: number): void {
    const { request, entries, maxBytes } = pending;
    if (request.type !== 'multipartRequest' || request.kind !== part.kind) {
      this.#fail(pending, `the switch answered a multipart ${part.kind} to ${nameOf(request)}`);
      return;
    }
    pending.bytes += bytes;
    this.#gatheredBytes += bytes;
    const { maxMultipartBytes } = this.#limits;
    if (pending.bytes > maxBytes || this.#gatheredBytes > maxMultipartBytes) {
      const limit = pending.bytes > maxBytes ? `over ${maxBytes} bytes` : `with others over ${maxMultipartBytes} bytes`;
      this.#fail(pending, `the answer to ${nameOf(request)} is too long, ${limit}: ask for less at once`);
      return;
    }
    if (part.more) {
      if (Array.isArray(part.body)) for (const entry of part.body) entries.push(entry);
      return;
    }
    this.#finish(pending);
    pending.settle(withEntries(entries, part));
  }

  #fail(pending: Pending, sentence: string): void {
    this.#finish(pending);
    pending.fail(new UnavailableError(sentence));
  }

  #finish(pending: Pending): void {
    pending.cancelTimer();
    this.#gatheredBytes -= pending.bytes;
    this.#pending.delete(pending.request.xid);
  }
}

/** The last part with the entries of those before it; kinds with a single body come in one part. */
function withEntries(entries: unknown[], last: MultipartReply): MultipartReply {
  if (entries.length === 0 || !Array.isArray(last.body)) return last;
  for (const entry of last.body) entries.push(entry);
  return { ...last, body: entries } as MultipartReply;
}

function nameOf(request: Message): string {
  return request.type === 'multipartRequest' ? `multipartRequest (${request.kind})` : request.type;
}

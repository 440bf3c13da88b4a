/** Requests in flight: replies are matched by xid, multipart replies gathered, silence ends in an error. */
import { errorName } from '../codec/index.ts';
import type { ErrorMessage, Message, MultipartReply } from '../codec/index.ts';
import { UnavailableError } from '../../core/errors.ts';
import { MAX_MULTIPART_BYTES, MAX_PENDING_REQUESTS, REQUEST_TIMEOUT_MS } from './limits.ts';

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

interface Pending {
  readonly what: string;
  readonly settle: (reply: Message) => void;
  readonly fail: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
  parts: MultipartReply[];
  bytes: number;
}

export class Requests {
  readonly #pending = new Map<number, Pending>();

  get size(): number {
    return this.#pending.size;
  }

  /** Rejects with UnavailableError on silence or a lost session, OpenFlowError on a refusal. */
  expect(xid: number, what: string, timeoutMs = REQUEST_TIMEOUT_MS): Promise<Message> {
    if (this.#pending.size >= MAX_PENDING_REQUESTS) {
      return Promise.reject(
        new UnavailableError(`${MAX_PENDING_REQUESTS} requests already wait for this switch; try again later`),
      );
    }
    return new Promise((settle, fail) => {
      const timer = setTimeout(() => {
        this.#pending.delete(xid);
        fail(new UnavailableError(`no answer to ${what} within ${timeoutMs} ms`));
      }, timeoutMs);
      timer.unref();
      this.#pending.set(xid, { what, settle, fail, timer, parts: [], bytes: 0 });
    });
  }

  /** True where the message answered a request (or was a part of an answer). */
  receive(message: Message, bytes: number): boolean {
    const pending = this.#pending.get(message.xid);
    if (!pending) return false;
    if (message.type === 'multipartReply') return this.#gather(pending, message, bytes);
    this.#finish(message.xid, pending);
    if (message.type === 'error') pending.fail(new OpenFlowError(message));
    else pending.settle(message);
    return true;
  }

  /** Ends every request, because the session did. */
  failAll(reason: string): void {
    for (const [xid, pending] of this.#pending) {
      this.#finish(xid, pending);
      pending.fail(new UnavailableError(`${pending.what} has no answer: ${reason}`));
    }
  }

  #gather(pending: Pending, part: MultipartReply, bytes: number): boolean {
    pending.bytes += bytes;
    if (pending.bytes > MAX_MULTIPART_BYTES) {
      this.#finish(part.xid, pending);
      pending.fail(new UnavailableError(`the answer to ${pending.what} is over ${MAX_MULTIPART_BYTES} bytes`));
      return true;
    }
    pending.parts.push(part);
    if (part.more) return true;
    this.#finish(part.xid, pending);
    pending.settle(joinParts(pending.parts, part));
    return true;
  }

  #finish(xid: number, pending: Pending): void {
    clearTimeout(pending.timer);
    this.#pending.delete(xid);
  }
}

/** One reply out of the parts of a list; kinds with a single body come in one part. */
function joinParts(parts: readonly MultipartReply[], last: MultipartReply): MultipartReply {
  if (parts.length === 1 || !Array.isArray(last.body)) return last;
  const body: unknown[] = [];
  for (const part of parts) {
    if (part.kind === last.kind && Array.isArray(part.body)) for (const entry of part.body) body.push(entry);
  }
  return { ...last, body } as MultipartReply;
}

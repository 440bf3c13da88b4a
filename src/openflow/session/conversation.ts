/** Requests and their answers over one channel: xids, timeouts, multipart. */
import type { Message, MultipartKind, MultipartKinds, MultipartRequest } from '../codec/index.ts';
import type { Clock } from '../../core/clock.ts';
import { UnavailableError } from '../../core/errors.ts';
import type { Channel } from './channel.ts';
import type { SessionLimits } from './limits.ts';
import { Requests } from './requests.ts';
import type { RequestOptions } from './requests.ts';

export class Conversation {
  readonly channel: Channel;
  readonly limits: SessionLimits;
  readonly #requests: Requests;
  #xid = 0;

  constructor(channel: Channel, clock: Clock, limits: SessionLimits) {
    this.channel = channel;
    this.limits = limits;
    this.#requests = new Requests(clock, limits);
  }

  /** Never 0, which stands for messages that answer nothing. */
  nextXid(): number {
    this.#xid = this.#xid === 0xffffffff ? 1 : this.#xid + 1;
    return this.#xid;
  }

  /** @throws EncodeError where the message cannot be put on the wire. */
  send(message: Message): boolean {
    return this.channel.send(message);
  }

  /**
   * The answer with the message's xid. Rejects with UnavailableError, OpenFlowError or EncodeError; where it was not
   * sent, nothing of it was.
   */
  async request(message: Message, options: RequestOptions = {}): Promise<Message> {
    const obstacle = this.#requests.obstacle(message.xid) ?? this.#trySend(message);
    if (obstacle !== undefined) {
      throw new UnavailableError(`${message.type} was not sent to the switch: ${obstacle}; try again later`);
    }
    return this.#requests.expect(message, options);
  }

  async multipart<K extends MultipartKind>(
    kind: K,
    body: MultipartKinds[K]['request'],
    options: RequestOptions = {},
  ): Promise<MultipartKinds[K]['reply']> {
    const request = { type: 'multipartRequest', xid: this.nextXid(), kind, more: false, body } as MultipartRequest;
    const reply = await this.request(request, options);
    if (reply.type !== 'multipartReply' || reply.kind !== kind) {
      throw new UnavailableError(`the switch answered ${reply.type} to a ${kind} request`);
    }
    return reply.body;
  }

  /** True where the message answered a request. */
  receive(message: Message, bytes: number): boolean {
    return this.#requests.receive(message, bytes);
  }

  /** A message with this xid came that cannot be read: nobody needs to wait for it any longer. */
  unreadable(xid: number, why: string): void {
    this.#requests.unreadable(xid, why);
  }

  end(reason: string): void {
    this.#requests.failAll(reason);
  }

  #trySend(message: Message): string | undefined {
    if (this.channel.send(message)) return undefined;
    return this.channel.closed ? 'its session is gone' : 'it does not read what it is sent';
  }
}

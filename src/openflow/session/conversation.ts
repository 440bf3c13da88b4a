/** Requests and their answers over one channel: xids, timeouts, multipart. */
import type { Message, MultipartKind, MultipartKinds, MultipartRequest } from '../codec/index.ts';
import { UnavailableError } from '../../core/errors.ts';
import type { Channel } from './channel.ts';
import { Requests } from './requests.ts';

export interface RequestOptions {
  readonly timeoutMs?: number;
}

export class Conversation {
  readonly channel: Channel;
  readonly #requests = new Requests();
  #xid = 0;

  constructor(channel: Channel) {
    this.channel = channel;
  }

  /** Never 0, which stands for messages that answer nothing. */
  nextXid(): number {
    this.#xid = this.#xid === 0xffffffff ? 1 : this.#xid + 1;
    return this.#xid;
  }

  send(message: Message): boolean {
    return this.channel.send(message);
  }

  /** The answer with the message's xid. Rejects with UnavailableError or OpenFlowError. */
  request(message: Message, options: RequestOptions = {}): Promise<Message> {
    if (!this.channel.send(message)) {
      const why = this.channel.closed ? 'its session is gone' : 'it does not read what it is sent';
      return Promise.reject(
        new UnavailableError(`${message.type} was not sent to the switch: ${why}; try again later`),
      );
    }
    return this.#requests.expect(message.xid, message.type, options.timeoutMs);
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

  end(reason: string): void {
    this.#requests.failAll(reason);
  }
}

/** One connected datapath: what the rest of the controller holds of a session. */
import type {
  ErrorMessage,
  FlowRemoved,
  Message,
  MultipartKind,
  MultipartKinds,
  PacketIn,
  PortStatus,
} from '../codec/index.ts';
import type { Conversation, RequestOptions } from './conversation.ts';
import type { DatapathDescription } from './handshake.ts';
import { TAKEOVER_ECHO_MS } from './limits.ts';

/** What a datapath tells unasked. Called in the order of arrival, on the path of every packet-in: be quick. */
export interface DatapathHandlers {
  packetIn(message: PacketIn): void;
  portStatus(message: PortStatus): void;
  flowRemoved(message: FlowRemoved): void;
  /** An ERROR that answers no request of `request`: match it by xid. */
  error(message: ErrorMessage): void;
  closed(reason: string): void;
}

export class DatapathSession {
  readonly description: DatapathDescription;
  readonly remoteAddress: string;
  readonly #conversation: Conversation;

  constructor(description: DatapathDescription, conversation: Conversation) {
    this.description = description;
    this.remoteAddress = conversation.channel.remote;
    this.#conversation = conversation;
  }

  get dpid(): string {
    return this.description.dpid;
  }

  get closed(): boolean {
    return this.#conversation.channel.closed;
  }

  /** Bytes that wait for the switch to read. */
  get queuedBytes(): number {
    return this.#conversation.channel.queuedBytes;
  }

  nextXid(): number {
    return this.#conversation.nextXid();
  }

  /** False, and nothing sent, where the session is gone or its output full. */
  send(message: Message): boolean {
    return this.#conversation.send(message);
  }

  request(message: Message, options?: RequestOptions): Promise<Message> {
    return this.#conversation.request(message, options);
  }

  multipart<K extends MultipartKind>(
    kind: K,
    body: MultipartKinds[K]['request'],
    options?: RequestOptions,
  ): Promise<MultipartKinds[K]['reply']> {
    return this.#conversation.multipart(kind, body, options);
  }

  /** Resolves when all that was sent before has been worked through by the switch (section 7.3.8). */
  async barrier(options?: RequestOptions): Promise<void> {
    await this.request({ type: 'barrierRequest', xid: this.nextXid() }, options);
  }

  /** True where the switch answers an echo soon. */
  async alive(): Promise<boolean> {
    const echo: Message = { type: 'echoRequest', xid: this.nextXid(), data: new Uint8Array(0) };
    return this.request(echo, { timeoutMs: TAKEOVER_ECHO_MS }).then(
      () => true,
      () => false,
    );
  }

  close(reason: string): void {
    this.#conversation.channel.close(reason);
  }
}

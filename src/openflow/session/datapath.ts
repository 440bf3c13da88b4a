/** One connected datapath: what the rest of the controller holds of a session. */
import type {
  ErrorMessage,
  FlowMonitorPaused,
  FlowMonitorResumed,
  FlowRemoved,
  Message,
  MultipartKind,
  MultipartKinds,
  MultipartReply,
  PacketIn,
  PortStatus,
} from '../codec/index.ts';
import { echoRequest } from '../codec/index.ts';
import type { Conversation } from './conversation.ts';
import type { DatapathDescription } from './handshake.ts';
import type { RequestOptions } from './requests.ts';

/** What a switch tells whose flows are watched (ONF EXT-187): changes, and that it has to leave some out. */
export type FlowMonitorMessage =
  Extract<MultipartReply, { kind: 'flowMonitor' }> | FlowMonitorPaused | FlowMonitorResumed;

/**
 * What a datapath tells unasked. Called in the order of arrival, on the path of every packet-in: be quick. What they throw
 * is logged and ends the session, no other. Frames and other payloads are views: copy what is kept for long.
 */
export interface DatapathHandlers {
  packetIn(message: PacketIn): void;
  portStatus(message: PortStatus): void;
  flowRemoved(message: FlowRemoved): void;
  /** Only after a `flowMonitor` request. */
  flowMonitor(message: FlowMonitorMessage): void;
  /** An ERROR that answers no request of `request`: match it by xid. */
  error(message: ErrorMessage): void;
  /** Last and once; the session can send nothing any more. */
  closed(reason: string): void;
}

export class DatapathSession {
  readonly description: DatapathDescription;
  readonly remoteAddress: string;
  readonly #conversation: Conversation;
  #asked: Promise<boolean> | undefined;

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

  /**
   * False, and nothing sent, where the session is gone or its output full.
   * @throws EncodeError where the message cannot be put on the wire.
   */
  send(message: Message): boolean {
    return this.#conversation.send(message);
  }

  /** Queues a message that is encoded already, in one piece or two; otherwise as `send`. */
  append(head: Uint8Array, rest?: Uint8Array): boolean {
    return this.#conversation.channel.append(head, rest);
  }

  /** The answer with the message's xid. Rejects with UnavailableError, OpenFlowError or EncodeError. */
  request(message: Message, options?: RequestOptions): Promise<Message> {
    return this.#conversation.request(message, options);
  }

  /** The whole reply, its parts joined. Rejects as `request` does, and where it is longer than any honest one. */
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

  /**
   * True where the switch shows soon that it lives: by any byte, since one that is busy with a long answer or does not
   * come to read may send no echo in time. Those who ask at once share one question.
   */
  alive(): Promise<boolean> {
    this.#asked ??= this.#ask().finally(() => {
      this.#asked = undefined;
    });
    return this.#asked;
  }

  async #ask(): Promise<boolean> {
    const { channel, limits } = this.#conversation;
    if (channel.closed) return false;
    const heard = channel.life.within(limits.takeoverEchoMs);
    channel.send(echoRequest({ xid: this.nextXid() }));
    return heard;
  }

  /** `reason` is a sentence for the log. */
  close(reason: string): void {
    this.#conversation.channel.close(reason);
  }
}

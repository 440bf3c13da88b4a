/** What a switch tells before anybody listens: kept in order, and bounded, since the peer is nobody yet. */
import type { Message, MessageType } from '../codec/index.ts';
import type { SessionLimits } from './limits.ts';

/** The only ones that have a listener later. */
const EVENTS: ReadonlySet<MessageType> = new Set<MessageType>(['packetIn', 'portStatus', 'flowRemoved', 'error']);

export class EarlyMessages {
  readonly #limits: SessionLimits;
  readonly #messages: Message[] = [];
  #bytes = 0;

  constructor(limits: SessionLimits) {
    this.#limits = limits;
  }

  /** False where the message must not be lost and there is no room. Packets may be lost: hosts send them again. */
  keep(message: Message, bytes: number): boolean {
    if (!EVENTS.has(message.type)) return true;
    const full = this.#messages.length >= this.#limits.maxEarlyMessages;
    if (full || this.#bytes + bytes > this.#limits.maxEarlyBytes) return message.type === 'packetIn';
    this.#bytes += bytes;
    this.#messages.push(ownData(message));
    return true;
  }

  /** All that were kept, oldest first; none stay. */
  take(): Message[] {
    this.#bytes = 0;
    return this.#messages.splice(0);
  }
}

/** Without the view on the chunk it came in: a few bytes of an event would keep all 64 KiB of it. */
function ownData(message: Message): Message {
  if (message.type !== 'packetIn' && message.type !== 'error') return message;
  return { ...message, data: Buffer.from(message.data) };
}

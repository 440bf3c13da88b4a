/** Echo both ways (section 6.4): a silent peer is asked, and given up where it does not answer. */
import type { Clock } from '../../core/clock.ts';
import type { Channel } from './channel.ts';
import type { Conversation } from './conversation.ts';
import { ECHO_DEADLINE_MS, ECHO_IDLE_MS } from './limits.ts';

/** Watches until the returned function is called. Any byte counts as a sign of life. */
export function keepAlive(channel: Channel, conversation: Conversation, clock: Clock): () => void {
  let cancel = clock.after(ECHO_IDLE_MS, check);
  let askedAt: number | undefined;

  function check(): void {
    // Bytes that wait in the kernel are read before judging: it may have been us who were busy.
    setImmediate(judge);
  }

  function judge(): void {
    if (channel.closed) return;
    const now = clock.now();
    const quietMs = now - channel.lastHeardAt;
    if (askedAt !== undefined && channel.lastHeardAt < askedAt) {
      if (now - askedAt >= ECHO_DEADLINE_MS) {
        channel.close(`no answer to an echo request within ${ECHO_DEADLINE_MS} ms`);
        return;
      }
    } else {
      askedAt = undefined;
    }
    if (askedAt === undefined && quietMs >= ECHO_IDLE_MS) {
      askedAt = now;
      channel.send({ type: 'echoRequest', xid: conversation.nextXid(), data: new Uint8Array(0) });
    }
    const waitMs = askedAt === undefined ? ECHO_IDLE_MS - quietMs : askedAt + ECHO_DEADLINE_MS - now;
    cancel = clock.after(Math.max(waitMs, 10), check);
  }

  return () => cancel();
}

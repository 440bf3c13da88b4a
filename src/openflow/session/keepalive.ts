/** Echo both ways (section 6.4): a silent peer is asked, and given up where it does not answer; so is one that never reads. */
import type { Clock } from '../../core/clock.ts';
import { echoRequest } from '../codec/index.ts';
import type { Conversation } from './conversation.ts';

/** A timer that comes a little early must not become a busy loop. */
const MIN_WAIT_MS = 10;

/** Watches until the returned function is called. Any byte counts as a sign of life. */
export function keepAlive(conversation: Conversation, clock: Clock): () => void {
  const { channel, limits } = conversation;
  const { echoIdleMs, echoDeadlineMs, outputStallMs } = limits;
  let cancel = clock.after(echoIdleMs, check);
  let askedAt: number | undefined;
  let asked = false;
  let takenBytes = channel.takenBytes;
  let takenAt = clock.now();

  function check(): void {
    // Bytes that wait in the kernel are read before judging: it may have been us who were busy.
    setImmediate(judge);
  }

  function judge(): void {
    if (channel.closed) return;
    const now = clock.now();
    const reason = stalled(now) ?? silent(now);
    if (reason !== undefined) {
      channel.close(reason);
      return;
    }
    const quietMs = now - channel.life.lastAt;
    if (askedAt === undefined && quietMs >= echoIdleMs) {
      askedAt = now;
      asked = channel.send(echoRequest({ xid: conversation.nextXid() }));
    }
    const waitMs = askedAt === undefined ? echoIdleMs - quietMs : askedAt + echoDeadlineMs - now;
    cancel = clock.after(Math.max(waitMs, MIN_WAIT_MS), check);
  }

  function silent(now: number): string | undefined {
    if (askedAt !== undefined && channel.life.lastAt >= askedAt) askedAt = undefined;
    if (askedAt === undefined || now - askedAt < echoDeadlineMs) return undefined;
    return asked
      ? `no answer to an echo request within ${echoDeadlineMs} ms: is the switch overloaded, or the way to it cut?`
      : `silent for ${Math.round(now - channel.life.lastAt)} ms, and it does not read what it is sent`;
  }

  function stalled(now: number): string | undefined {
    if (channel.queuedBytes === 0 || channel.takenBytes !== takenBytes) {
      takenBytes = channel.takenBytes;
      takenAt = now;
    }
    if (now - takenAt < outputStallMs) return undefined;
    return `it has not read for ${Math.round(now - takenAt)} ms, and ${channel.queuedBytes} bytes wait for it`;
  }

  return () => cancel();
}

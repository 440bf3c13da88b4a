/** The last readings of one port as a rate: what was counted in the last two spans, by the time they took. */
import { bytesBetween } from './counters.ts';
import type { PortCounters } from './counters.ts';

const BITS_PER_BYTE = 8;
const MS_PER_SECOND = 1_000;

/** Bits per second; undefined where the switch does not count it. */
export interface PortRates {
  readonly rxBps: number | undefined;
  readonly txBps: number | undefined;
  /** The time that the rates are an average of. */
  readonly overMs: number;
}

interface Span {
  readonly ms: number;
  readonly rxBytes: number | undefined;
  readonly txBytes: number | undefined;
}

export interface PortHistory {
  readonly last: PortCounters;
  readonly spans: readonly Span[];
}

/** Two spans even out what switches count in lumps: Open vSwitch adds to patch ports up to twice a second. */
const MAX_SPANS = 2;
/** The switch's own clock counts where it agrees with ours by this factor; beyond, one of them was set or stood still. */
const CLOCKS_AGREE = 2;

/** @param elapsedMs between the two answers, by our monotonic clock */
export function nextHistory(before: PortHistory | undefined, now: PortCounters, elapsedMs: number): PortHistory {
  const span = before && spanBetween(before.last, now, elapsedMs);
  if (!before || !span) return { last: now, spans: [] };
  return { last: now, spans: [...before.spans.slice(1 - MAX_SPANS), span] };
}

/** Undefined before two readings of the same port. */
export function ratesOf({ spans }: PortHistory): PortRates | undefined {
  if (spans.length === 0) return undefined;
  const overMs = spans.reduce((sum, { ms }) => sum + ms, 0);
  return { rxBps: rateOf('rxBytes'), txBps: rateOf('txBytes'), overMs };

  function rateOf(counter: 'rxBytes' | 'txBytes'): number | undefined {
    let bytes = 0;
    let ms = 0;
    for (const span of spans) {
      const counted = span[counter];
      if (counted === undefined) continue;
      bytes += counted;
      ms += span.ms;
    }
    return ms > 0 ? (bytes * BITS_PER_BYTE * MS_PER_SECOND) / ms : undefined;
  }
}

/** Undefined where it is another port by now, or was counted anew. */
function spanBetween(before: PortCounters, now: PortCounters, elapsedMs: number): Span | undefined {
  const bothSay = before.livedMs !== undefined && now.livedMs !== undefined;
  const livedMs = bothSay ? now.livedMs - before.livedMs : undefined;
  if (elapsedMs <= 0 || (livedMs !== undefined && livedMs <= 0)) return undefined;
  const rxBytes = bytesBetween(before.rxBytes, now.rxBytes, livedMs !== undefined);
  const txBytes = bytesBetween(before.txBytes, now.txBytes, livedMs !== undefined);
  if (rxBytes === 'anew' || txBytes === 'anew') return undefined;
  // An answer that waited for us would make one rate too low and the next too high: the switch knows when it counted.
  const agrees = livedMs !== undefined && livedMs <= elapsedMs * CLOCKS_AGREE && livedMs >= elapsedMs / CLOCKS_AGREE;
  return { ms: agrees ? livedMs : elapsedMs, rxBytes, txBytes };
}

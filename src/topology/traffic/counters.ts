/** What a switch counts on its ports, and how far a counter went between two answers. */

export interface PortCounters {
  readonly port: number;
  readonly rxPackets: bigint;
  readonly txPackets: bigint;
  readonly rxBytes: bigint;
  readonly txBytes: bigint;
  readonly rxDropped: bigint;
  readonly txDropped: bigint;
  /** How long the port has been there, by the switch's own clock; undefined where it does not say. */
  readonly livedMs?: number | undefined;
}

/** No datapath counts this far; it is how OpenFlow says "not counted" (OpenFlow 1.3.5 section 7.3.5.6). */
export const NOT_COUNTED = 0xffff_ffff_ffff_ffffn;

/** Counters are 64 bits wide on the wire; some switches fill them from registers of 32. */
const WIDTHS = [32n, 64n] as const;

/**
 * Bytes between two readings of one counter; undefined where the switch does not count them, 'anew' where it began again.
 * @param livedOn the switch says that it is the same port, so that a smaller reading is a counter that wrapped
 */
export function bytesBetween(before: bigint, now: bigint, livedOn: boolean): number | 'anew' | undefined {
  if (before === NOT_COUNTED || now === NOT_COUNTED) return undefined;
  if (now >= before) return Number(now - before);
  if (!livedOn) return 'anew';
  const end = 1n << (WIDTHS.find((width) => before < 1n << width) ?? 64n);
  const went = now + end - before;
  // Half a round between two polls is no wrap that anyone could tell from a counter set back.
  return went < end / 2n ? Number(went) : 'anew';
}

/** Port counters for tests. */
import type { PortCounters } from '../traffic/counters.ts';
import type { Traffic } from '../traffic/traffic.ts';
import type { ManualClock } from '../../core/manual-clock.ts';
import type { PortRef } from '../../core/ids.ts';

/** Numbers stand for counters that large; what is not given is 0. */
export type Counted = Partial<Record<Exclude<keyof PortCounters, 'port' | 'livedMs'>, number | bigint>>;

export function counted(port: number, counts: Counted = {}, livedMs?: number): PortCounters {
  const of = (name: keyof Counted): bigint => BigInt(counts[name] ?? 0);
  return {
    port,
    rxPackets: of('rxPackets'),
    txPackets: of('txPackets'),
    rxBytes: of('rxBytes'),
    txBytes: of('txBytes'),
    rxDropped: of('rxDropped'),
    txDropped: of('txDropped'),
    livedMs,
  };
}

/** Two answers of a switch, a second apart, between which a port received and sent so much. */
export function flows(
  traffic: Traffic,
  clock: ManualClock,
  ports: readonly (PortRef & { readonly rxBps: number; readonly txBps: number })[],
): void {
  const answer = (share: number): void => {
    for (const dpid of new Set(ports.map((each) => each.dpid))) {
      const own = ports.filter((each) => each.dpid === dpid);
      const counters = own.map(({ port, rxBps, txBps }) =>
        counted(port, { rxBytes: (rxBps / 8) * share, txBytes: (txBps / 8) * share }),
      );
      traffic.answered({ dpid, ports: counters, intervalMs: 1_000 });
    }
  };
  answer(0);
  clock.advance(1_000);
  answer(1);
}

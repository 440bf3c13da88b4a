/** What is done from time to time: the topology is saved, silent hosts are forgotten. */
import type { Logger } from 'pino';
import type { Mac } from '../core/addresses.ts';
import type { Clock } from '../core/clock.ts';
import type { Dpid } from '../core/ids.ts';
import { TABLES } from '../flows/pipeline.ts';
import type { Reconciler } from '../flows/reconcile/reconciler.ts';
import type { FlowStats } from '../openflow/codec/index.ts';
import type { HostTracker } from '../topology/hosts/tracker.ts';
import type { Network } from '../topology/network.ts';
import type { NetworkView } from '../topology/view.ts';

/** From a change to its being saved: what a crash can lose. */
export const SAVE_DELAY_MS = 50;
/** A save of a large network takes long: then there is this many times as long between two. */
const SAVE_REST = 10;
/** Every switch is read this often: repairs what drifted, and tells which hosts spoke. */
export const AUDIT_INTERVAL_MS = 30_000;
/** Switches read at once: one that does not answer must not hold up the others, and their tables must fit into memory. */
const AUDITS_AT_ONCE = 4;

export interface HousekeepingOptions {
  readonly network: Network;
  readonly hosts: Pick<HostTracker, 'counted' | 'expire'>;
  readonly reconciler: Pick<Reconciler, 'audit'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly save: (view: NetworkView) => void;
}

export interface Housekeeping {
  /** Stops, and saves what is not saved. */
  stop(): void;
}

export function startHousekeeping(options: HousekeepingOptions): Housekeeping {
  const { network, hosts, reconciler, clock, logger, save } = options;
  let cancelSave: (() => void) | undefined;
  let nextSaveAt = 0;
  let stopped = false;
  let cancelAudit = clock.after(AUDIT_INTERVAL_MS, audit);
  /** Packets of each known sender, as last counted by its switch. */
  const counts = new Map<Dpid, ReadonlyMap<Mac, bigint>>();

  const stopListening = network.onUpdate(() => {
    cancelSave ??= clock.after(Math.max(SAVE_DELAY_MS, nextSaveAt - clock.now()), saveNow);
  });

  return {
    stop: () => {
      stopped = true;
      network.flush();
      stopListening();
      cancelAudit();
      if (cancelSave) saveNow();
    },
  };

  function saveNow(): void {
    cancelSave?.();
    cancelSave = undefined;
    const start = clock.now();
    save(network.view);
    const end = clock.now();
    nextSaveAt = end + (end - start) * SAVE_REST;
  }

  function audit(): void {
    auditAll()
      .catch((error: unknown) => logger.error({ error }, 'Audit failed'))
      // Only now: with many slow switches one round may last longer than the interval.
      .finally(() => {
        if (!stopped) cancelAudit = clock.after(AUDIT_INTERVAL_MS, audit);
      });
  }

  async function auditAll(): Promise<void> {
    const checked = new Set<Dpid>();
    for (const dpid of counts.keys()) if (!network.view.switches.has(dpid)) counts.delete(dpid);
    const waiting = network.view.switches.keys();
    const auditInTurn = async (): Promise<void> => {
      for (const dpid of waiting) {
        const readBack = await reconciler.audit(dpid);
        if (stopped) return;
        if (!readBack) continue;
        checked.add(dpid);
        countSenders(dpid, readBack.flows);
      }
    };
    await Promise.all(Array.from({ length: AUDITS_AT_ONCE }, auditInTurn));
    if (!stopped) hosts.expire((dpid) => checked.has(dpid));
  }

  /** A rule in `learn` that counts on tells that its host speaks. */
  function countSenders(dpid: Dpid, flows: readonly FlowStats[]): void {
    const before = counts.get(dpid);
    const now = new Map<Mac, bigint>();
    for (const { tableId, match, packetCount } of flows) {
      if (tableId !== TABLES.learn.id || typeof match.ethSrc !== 'number') continue;
      now.set(match.ethSrc, packetCount);
      // A count that went back is that of a new rule.
      if (packetCount > 0n && packetCount !== before?.get(match.ethSrc)) hosts.counted(match.ethSrc);
    }
    counts.set(dpid, now);
  }
}

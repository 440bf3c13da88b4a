/** What is done from time to time: the topology is saved, silent hosts are forgotten. */
import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import type { Dpid } from '../core/ids.ts';
import { TABLES } from '../flows/pipeline.ts';
import type { Reconciler } from '../flows/reconcile/reconciler.ts';
import type { FlowStats } from '../openflow/codec/index.ts';
import type { HostTracker } from '../topology/hosts/tracker.ts';
import type { Network } from '../topology/network.ts';
import type { NetworkView } from '../topology/view.ts';

/** Bounds what a crash can lose; a topology is written at most this often. */
const SAVE_DELAY_MS = 500;
/** Every switch is read this often: repairs what drifted, and tells which hosts spoke. */
const AUDIT_INTERVAL_MS = 30_000;

export interface HousekeepingOptions {
  readonly network: Network;
  readonly hosts: HostTracker;
  readonly reconciler: Reconciler;
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
  let cancelAudit = clock.after(AUDIT_INTERVAL_MS, audit);
  const packets = new Map<string, bigint>();

  const stopListening = network.onUpdate(() => {
    cancelSave ??= clock.after(SAVE_DELAY_MS, saveNow);
  });

  return {
    stop: () => {
      stopListening();
      cancelAudit();
      if (cancelSave) saveNow();
    },
  };

  function saveNow(): void {
    cancelSave?.();
    cancelSave = undefined;
    save(network.view);
  }

  function audit(): void {
    void auditAll().catch((error: unknown) => logger.error({ error }, 'Audit failed'));
    cancelAudit = clock.after(AUDIT_INTERVAL_MS, audit);
  }

  async function auditAll(): Promise<void> {
    const checked = new Set<Dpid>();
    for (const dpid of network.view.switches.keys()) {
      const readBack = await reconciler.audit(dpid);
      if (!readBack) continue;
      checked.add(dpid);
      for (const flow of readBack.flows) countSender(dpid, flow);
    }
    hosts.expire((dpid) => checked.has(dpid));
  }

  /** A rule in `learn` that counts on tells that its host speaks. */
  function countSender(dpid: Dpid, { tableId, match, packetCount }: FlowStats): void {
    if (tableId !== TABLES.learn.id || typeof match.ethSrc !== 'number') return;
    const key = `${dpid}/${match.ethSrc}`;
    if (packets.get(key) !== packetCount) hosts.counted(match.ethSrc);
    packets.set(key, packetCount);
  }
}

/** Desired state and reconciling for the northbound: reports, audits on request, and what the reconciler tells. */
import type { Clock } from '../core/clock.ts';
import { UnavailableError } from '../core/errors.ts';
import type { Dpid } from '../core/ids.ts';
import type { Signal } from '../core/signal.ts';
import type { DesiredTables } from '../flows/desired/tables.ts';
import type { SwitchReport } from '../flows/reconcile/report.ts';
import type { AuditResult, Reconciling, ReconcileNews } from '../northbound/services.ts';
import { driftOf, openKeys, repairedBetween } from './drift.ts';

/** Between two looks at what became of an audit: a commit takes a few milliseconds, a person notices none of it. */
const LOOK_AGAIN_MS = 20;

/** What is asked of the reconciler. */
export interface Reports {
  /** How a switch differs from what is desired; undefined where nothing is known of it. */
  report(dpid: Dpid): SwitchReport | undefined;
  /** Reads a switch and has what differs repaired; resolves with undefined where it is at work or could not be read. */
  audit(dpid: Dpid): Promise<unknown>;
  stats(): { readonly dirty: number };
}

export interface ReconcilingOptions {
  readonly reconciler: Reports;
  readonly desired: Pick<DesiredTables, 'conflicts'>;
  readonly news: Pick<Signal<ReconcileNews>, 'on'>;
  readonly clock: Clock;
}

export function createReconciling({ reconciler, desired, news, clock }: ReconcilingOptions): Reconciling {
  return {
    drift: (dpid, rules) => {
      const report = reconciler.report(dpid);
      return report && driftOf(report, rules);
    },
    audit,
    pendingKeys: () => reconciler.stats().dirty,
    conflicts: () => desired.conflicts().length,
    onNews: (listener) => news.on(listener),
  };

  async function audit(dpid: Dpid, options: { timeoutMs: number; rules: number }): Promise<AuditResult> {
    const { rules } = options;
    const deadline = clock.now() + options.timeoutMs;
    const found = await read(dpid, deadline);
    let now = found;
    while (now.connected && openKeys(now).size > 0 && clock.now() < deadline) {
      await pause();
      now = reconciler.report(dpid) ?? now;
    }
    return { found: driftOf(found, rules), now: driftOf(now, rules), repaired: repairedBetween(found, now, rules) };
  }

  /** The report just after a full read, before anything that it found is repaired. */
  async function read(dpid: Dpid, deadline: number): Promise<SwitchReport> {
    for (;;) {
      if (reconciler.report(dpid)?.connected !== true) {
        throw new UnavailableError(`switch ${dpid} is not connected; try again when it is`);
      }
      const done = await reconciler.audit(dpid);
      const report = reconciler.report(dpid);
      if (done !== undefined && report) return report;
      if (clock.now() >= deadline) {
        throw new UnavailableError(`switch ${dpid} is at work or does not answer; try again in a moment`);
      }
      await pause();
    }
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      clock.after(LOOK_AGAIN_MS, resolve);
    });
  }
}

/** What Prometheus may know of desired state: the queue, commits, repairs, refusals, conflicts, drift and the timeline. */
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { DriftRecord, ReconcileNews, Services } from './services.ts';

/** A refusal's reason begins with the switch's error by its name in the OpenFlow specification. */
const ERROR_NAME = /^[A-Z][A-Z_]+(\/[A-Z0-9_]+)?/;
const OTHER = 'other';

/** Returns the way to stop counting. */
export function addReconcileMetrics(registry: Registry, services: Services): () => void {
  const registers = [registry];
  addGauges(registers, services);
  const tell = commitMetrics(registers);
  const stopNews = services.reconciling.onNews(tell);
  const events = new Counter({
    name: 'signalbox_events_total',
    help: 'Entries of the timeline, by type',
    labelNames: ['type', 'severity'],
    registers,
  });
  const stopEvents = services.timeline.onEntries((entries) => {
    for (const { type, severity } of entries) events.inc({ type, severity });
  });
  return () => {
    stopNews();
    stopEvents();
  };
}

function addGauges(registers: Registry[], services: Services): void {
  const { reconciling } = services;
  const simple: Readonly<Record<string, readonly [help: string, value: () => number]>> = {
    signalbox_reconcile_pending_keys: [
      'Rules, groups and meters of all switches that may differ from what is desired: the queue of the reconciler',
      () => reconciling.pendingKeys(),
    ],
    signalbox_rule_conflicts: [
      'Places in tables where two owners want different things and one does not get it',
      () => reconciling.conflicts(),
    ],
  };
  for (const [name, [help, value]] of Object.entries(simple)) {
    const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(value()) });
  }
  const drift = new Gauge({
    name: 'signalbox_drift_rules',
    help: 'Rules, groups and meters of a switch that are not as desired, or that are foreign, by what is the matter',
    labelNames: ['dpid', 'name', 'state'],
    registers,
    collect: () => {
      drift.reset();
      for (const { dpid, name } of services.view().switches.values()) {
        const record = reconciling.drift(dpid, 0);
        if (!record) continue;
        for (const [state, count] of countsOf(record)) drift.set({ dpid, name, state }, count);
      }
    },
  });
}

function countsOf({ missing, changed, extra, refused, foreign, wars }: DriftRecord): [state: string, count: number][] {
  return Object.entries({ missing, changed, extra, refused, foreign, wars }).map(([state, { count }]) => [
    state,
    count,
  ]);
}

function commitMetrics(registers: Registry[]): (news: ReconcileNews) => void {
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
  const commits = counter('signalbox_reconcile_commits_total', 'Commits that switches answered');
  const repairs = counter('signalbox_reconcile_repairs_total', 'Rules put right that someone else had changed');
  const wars = counter('signalbox_reconcile_wars_total', 'Times a rule was found to be changed again and again');
  const refusals = new Counter({
    name: 'signalbox_reconcile_refusals_total',
    help: "Changes that a switch refused, by the switch's error; the same change refused again for the same reason counts once",
    labelNames: ['reason'],
    registers,
  });
  const changes = new Histogram({
    name: 'signalbox_reconcile_commit_changes',
    help: 'Changes in one commit to one switch: the size of the difference',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000],
    registers,
  });
  const confirm = new Histogram({
    name: 'signalbox_reconcile_confirm_duration_seconds',
    help: "From a commit's first byte to the switch's confirmation",
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
    registers,
  });
  return (news) => {
    switch (news.type) {
      case 'commit':
        commits.inc();
        changes.observe(news.ops);
        confirm.observe(news.tookMs / 1_000);
        return;
      case 'repair':
        repairs.inc();
        return;
      case 'war':
        wars.inc();
        return;
      case 'refusal':
        refusals.inc({ reason: ERROR_NAME.exec(news.reason)?.[0] ?? OTHER });
    }
  };
}

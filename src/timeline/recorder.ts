/** Writes what happens into the timeline: everyone who has something to tell calls one of these. */
import type { Dpid } from '../core/ids.ts';
import type { Notice } from '../core/notice.ts';
import type { AppFailure, Conflict } from '../flows/desired/tables.ts';
import type { ReconcileEvent } from '../flows/reconcile/report.ts';
import type { ViewUpdate } from '../topology/network.ts';
import type { NetworkView } from '../topology/view.ts';
import { createConflictWatch } from './conflict-watch.ts';
import { createFailureWatch } from './failure-watch.ts';
import { noticeHappening } from './notice-happenings.ts';
import { ruleHappenings } from './rule-happenings.ts';
import { switchName } from './subjects.ts';
import type { Timeline } from './timeline.ts';
import { viewHappenings } from './view-happenings.ts';

/** What it asks of the desired tables after each view. */
export interface DesiredState {
  conflicts(): readonly Conflict[];
  failures(): readonly AppFailure[];
}

export interface Recorder {
  /** A new view stands, and the desired tables are those of it. */
  updated(update: ViewUpdate, desired: DesiredState): void;
  /** The reconciler told something. What it tells in one go is recorded together. */
  reconciled(event: ReconcileEvent): void;
  /** Those who find facts noticed something that no view tells. */
  noticed(notice: Notice): void;
  /** An app failed, while the desired tables of the next `updated` were computed. */
  failed(failure: AppFailure): void;
}

/** @param view the newest, for the names of switches */
export function createRecorder(timeline: Pick<Timeline, 'record'>, view: () => NetworkView): Recorder {
  const conflictWatch = createConflictWatch();
  const failureWatch = createFailureWatch();
  const nameOf = (dpid: Dpid): string => switchName(view(), dpid);
  let events: ReconcileEvent[] = [];

  function flush(): void {
    const told = events;
    events = [];
    timeline.record(ruleHappenings(told, nameOf));
  }

  return {
    updated(update, desired) {
      timeline.record([
        ...viewHappenings(update),
        ...conflictWatch(desired.conflicts(), nameOf),
        ...failureWatch.news(() => desired.failures()),
      ]);
    },
    reconciled(event) {
      if (events.push(event) === 1) queueMicrotask(flush);
    },
    noticed(notice) {
      const happening = noticeHappening(notice, view());
      if (happening) timeline.record([happening]);
    },
    failed: (failure) => failureWatch.failed(failure),
  };
}

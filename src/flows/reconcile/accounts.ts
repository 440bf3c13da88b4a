/** Keeps count of what the reconciler does, and tells it: to the log in few lines, as events one by one. */
import type { Logger } from 'pino';
import type { Dpid } from '../../core/ids.ts';
import type { Item } from '../items.ts';
import type { Outcome, Repaired } from './confirm.ts';
import type { CommitRecord, ReconcileEvent, ReconcileStats } from './report.ts';
import type { SwitchState } from './state.ts';
import type { Refusal } from './transport.ts';

/** Rules named in one line of the log; a whole table may have been deleted at once. */
const MAX_NAMED = 5;

export interface AccountsOptions {
  readonly logger: Logger;
  readonly onEvent?: ((event: ReconcileEvent) => void) | undefined;
  readonly onCommit?: ((commit: CommitRecord) => void) | undefined;
}

export class Accounts {
  readonly #options: AccountsOptions;
  /** Commits whose answer was lost. */
  unknown = 0;
  /** Full reads taken in. */
  reads = 0;
  #confirmed = 0;
  #commits = 0;
  #lastOps = 0;
  #totalOps = 0;
  #repairs = 0;
  #refusals = 0;

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  /** A switch has answered a commit. */
  committed(commit: CommitRecord, { confirmed, repaired, news }: Outcome): void {
    this.#commits++;
    this.#confirmed += confirmed;
    this.#lastOps = commit.ops;
    this.#totalOps += commit.ops;
    this.#repairs += repaired.length;
    this.#refusals += commit.refused;
    this.#options.onCommit?.(commit);
    if (repaired.length > 0) this.#tellRepairs(commit.dpid, repaired);
    if (news.length > 0) this.#tellRefusals(commit.dpid, news);
  }

  stats(states: Iterable<SwitchState>, now: number): ReconcileStats {
    const gauges = { dirty: 0, inFlight: 0, refused: 0, wars: 0, monitored: 0 };
    for (const state of states) {
      gauges.dirty += state.dirty.size + state.waiting.size;
      gauges.inFlight += state.inFlight.size;
      gauges.refused += state.refused.size;
      gauges.wars += state.repairs.wars(now).length;
      if (state.transport && state.monitored) gauges.monitored++;
    }
    return {
      ...gauges,
      confirmed: this.#confirmed,
      commits: this.#commits,
      unknown: this.unknown,
      lastOps: this.#lastOps,
      totalOps: this.#totalOps,
      repairs: this.#repairs,
      refusals: this.#refusals,
      reads: this.reads,
    };
  }

  #tellRepairs(dpid: Dpid, repaired: readonly Repaired[]): void {
    const { logger, onEvent } = this.#options;
    for (const [cause, rules] of groupBy(repaired, (one) => one.cause)) {
      logger.warn({ dpid, cause, count: rules.length, rules: named(rules) }, 'Repaired what someone else had changed');
    }
    for (const { item, cause, war } of repaired) {
      onEvent?.({ type: 'repair', dpid, item, cause });
      if (!war) continue;
      logger.error(
        { dpid, rule: item.key, owner: item.owner, cause },
        'Someone else keeps changing a rule: from now on only audits repair it',
      );
      onEvent?.({ type: 'war', dpid, item, cause });
    }
  }

  #tellRefusals(dpid: Dpid, news: readonly Refusal[]): void {
    const { logger, onEvent } = this.#options;
    for (const [reason, refusals] of groupBy(news, (one) => one.reason)) {
      const ops = refusals.map(({ op }) => op);
      logger.error({ dpid, reason, count: ops.length, rules: named(ops) }, 'Switch refused rules');
    }
    for (const { op, reason } of news) onEvent?.({ type: 'refusal', dpid, item: op.item, reason });
  }
}

function named(of: readonly { readonly item: Item }[]): object[] {
  return of.slice(0, MAX_NAMED).map(({ item: { key, owner } }) => ({ key, owner }));
}

function groupBy<T>(list: readonly T[], textOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const group = groups.get(textOf(item));
    if (group) group.push(item);
    else groups.set(textOf(item), [item]);
  }
  return groups;
}

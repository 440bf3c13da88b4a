/** A switch whose answers a test gives, one by one. */
import type { Item } from '../../items.ts';
import type { Op } from '../op.ts';
import type { FlowWatcher, ReadBack, Refusal, SwitchTransport } from '../transport.ts';
import { tableOf } from './rules.ts';

export interface PendingCommit {
  readonly ops: readonly Op[];
  confirm(refusals?: readonly Refusal[]): void;
  lose(): void;
}

export interface PendingRead {
  answer(...items: readonly Item[]): void;
  fail(): void;
}

export interface ScriptedTransport extends SwitchTransport {
  /** What was sent and not answered yet, oldest first, and how much there was in all. */
  readonly commits: PendingCommit[];
  readonly reads: PendingRead[];
  readonly commitCount: number;
  readonly readCount: number;
  readonly watcher: FlowWatcher;
}

export function readBackOf(...items: readonly Item[]): ReadBack {
  return { items: tableOf(...items), flows: [], foreign: [], foreignCount: 0 };
}

export function scriptedTransport(monitored = true): ScriptedTransport {
  const commits: PendingCommit[] = [];
  const reads: PendingRead[] = [];
  let commitCount = 0;
  let readCount = 0;
  let watcher: FlowWatcher | undefined;
  return {
    commits,
    reads,
    get commitCount() {
      return commitCount;
    },
    get readCount() {
      return readCount;
    },
    get watcher() {
      if (!watcher) throw new Error('nobody watches this switch');
      return watcher;
    },
    read: () =>
      new Promise((resolve, reject) => {
        readCount++;
        const pending: PendingRead = {
          answer: (...items) => {
            reads.splice(reads.indexOf(pending), 1);
            resolve(readBackOf(...items));
          },
          fail: () => {
            reads.splice(reads.indexOf(pending), 1);
            reject(new Error('no answer'));
          },
        };
        reads.push(pending);
      }),
    commit: (ops) =>
      new Promise((resolve, reject) => {
        commitCount++;
        const pending: PendingCommit = {
          ops,
          confirm: (refusals = []) => {
            commits.splice(commits.indexOf(pending), 1);
            resolve(refusals);
          },
          lose: () => {
            commits.splice(commits.indexOf(pending), 1);
            reject(new Error('no answer'));
          },
        };
        commits.push(pending);
      }),
    watch: (given) => {
      watcher = given;
      return Promise.resolve(monitored);
    },
  };
}

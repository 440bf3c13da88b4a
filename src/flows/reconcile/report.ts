/** What the reconciler tells of its work: what differs on a switch, what was repaired, what was refused. */
import type { Dpid } from '../../core/ids.ts';
import type { Item } from '../items.ts';

export interface Refused {
  readonly item: Item;
  /** The switch's error and what to do, as a sentence. */
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** When it is tried again, in milliseconds since the epoch; undefined where only another wish will do. */
  readonly retryAt: number | undefined;
}

export interface SwitchReport {
  readonly dpid: Dpid;
  readonly connected: boolean;
  /** Drift is told by the switch itself; otherwise only audits find it. */
  readonly monitored: boolean;
  /** Of the last full read, in milliseconds since the epoch; undefined before the first. */
  readonly readAt: number | undefined;
  /** Desired and not there. */
  readonly missing: readonly Item[];
  /** There and desired otherwise. */
  readonly changed: readonly { readonly desired: Item; readonly installed: Item }[];
  /** Under our cookies and desired by nobody: on its way out. */
  readonly extra: readonly Item[];
  /** Other people's rules, groups and meters, which are left alone: the first of them, and how many there are. */
  readonly foreign: readonly Item[];
  readonly foreignCount: number;
  readonly refused: readonly Refused[];
  /** Since this controller started. */
  readonly repairs: number;
  /** Rules that someone else keeps changing. */
  readonly wars: readonly Item[];
}

export type ReconcileEvent =
  | {
      readonly type: 'repair';
      readonly dpid: Dpid;
      readonly item: Item;
      /** What someone else had done, as a sentence. */
      readonly cause: string;
    }
  | { readonly type: 'refusal'; readonly dpid: Dpid; readonly item: Item; readonly reason: string }
  /** The same rule was repaired again and again: someone else wants it otherwise. */
  | { readonly type: 'war'; readonly dpid: Dpid; readonly item: Item; readonly cause: string };

/** One commit, when the switch has answered: for histograms. */
export interface CommitRecord {
  readonly dpid: Dpid;
  /** Changes sent. */
  readonly ops: number;
  readonly refused: number;
  /** From the first byte to the confirmation, in milliseconds. */
  readonly tookMs: number;
}

/** For metrics: what counts goes up from the start of this controller, the rest is as it is now. */
export interface ReconcileStats {
  /** Keys where desired and installed may differ, now. */
  readonly dirty: number;
  /** Changes sent and not confirmed, now. */
  readonly inFlight: number;
  /** Changes that a switch refused and that are still wanted, now. */
  readonly refused: number;
  /** Rules that someone else keeps changing, now. */
  readonly wars: number;
  /** Switches that tell changes by themselves, now. */
  readonly monitored: number;
  /** Changes confirmed. */
  readonly confirmed: number;
  /** Commits answered. */
  readonly commits: number;
  /** Commits whose answer was lost. */
  readonly unknown: number;
  /** Changes in the last commit. */
  readonly lastOps: number;
  /** Changes in all commits. */
  readonly totalOps: number;
  readonly repairs: number;
  readonly refusals: number;
  /** Full reads, those at connecting among them. */
  readonly reads: number;
}

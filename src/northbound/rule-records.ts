/** Rules, groups and meters as the controller hands them to the northbound, and what it tells of keeping them right. */
import type { Dpid } from '../core/ids.ts';
import type { Bucket, Instruction } from '../openflow/codec/action-types.ts';
import type { Match } from '../openflow/codec/match-types.ts';
import type { BucketCounter, MeterBand, MeterBandStats } from '../openflow/codec/multipart-types.ts';

export interface RuleOwner {
  /** An app's or a policy's kind. */
  readonly kind: string;
  /** The unit within it: a host's MAC, a policy's name. */
  readonly name: string;
}

export interface FlowRule {
  readonly tableId: number;
  readonly tableName: string;
  readonly priority: number;
  readonly match: Match;
  readonly instructions: readonly Instruction[];
  readonly cookie: bigint;
  /** Null for a rule that is not ours. */
  readonly owner: RuleOwner | null;
}

/** A rule as a switch holds it, or as it is desired (then the counters are 0). */
export interface FlowRecord extends FlowRule {
  readonly packets: bigint;
  readonly bytes: bigint;
  readonly durationSeconds: number;
}

export interface GroupRule {
  readonly groupId: number;
  /** OFPGT. */
  readonly groupType: number;
  readonly buckets: readonly Bucket[];
  readonly owner: RuleOwner | null;
}

export interface GroupRecord extends GroupRule {
  /** Undefined for one that is desired, or that the switch did not count. */
  readonly counted: GroupCounters | undefined;
}

export interface GroupCounters {
  readonly packets: bigint;
  readonly bytes: bigint;
  /** Flows and groups that lead to it. */
  readonly references: number;
  readonly durationSeconds: number;
  /** Of its buckets, in their order. */
  readonly buckets: readonly BucketCounter[];
}

export interface MeterRule {
  readonly meterId: number;
  /** OFPMF. */
  readonly flags: number;
  readonly bands: readonly MeterBand[];
  readonly owner: RuleOwner | null;
}

export interface MeterRecord extends MeterRule {
  /** Undefined for one that is desired, or that the switch did not count. */
  readonly counted: MeterCounters | undefined;
}

export interface MeterCounters {
  readonly packetsIn: bigint;
  readonly bytesIn: bigint;
  /** Flows that go through it. */
  readonly flows: number;
  readonly durationSeconds: number;
  /** Of its bands, in their order. */
  readonly bands: readonly MeterBandStats[];
}

export type AnyRule =
  | ({ readonly kind: 'flow' } & FlowRule)
  | ({ readonly kind: 'group' } & GroupRule)
  | ({ readonly kind: 'meter' } & MeterRule);

/** The first few of something, and how many there are. */
export interface Some<T> {
  readonly first: readonly T[];
  readonly count: number;
}

export interface ChangedRule {
  readonly desired: AnyRule;
  readonly installed: AnyRule;
}

export interface RefusedRule {
  readonly rule: AnyRule;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Milliseconds since the epoch; undefined where it is not tried again until it is desired otherwise. */
  readonly retryAt: number | undefined;
}

/** How a switch differs from what is desired of it, as last read or confirmed. */
export interface DriftRecord {
  readonly dpid: Dpid;
  readonly connected: boolean;
  /** The switch tells of changes by itself; otherwise only audits find them. */
  readonly monitored: boolean;
  /** Of the last full read, in milliseconds since the epoch; undefined before the first. */
  readonly readAt: number | undefined;
  readonly missing: Some<AnyRule>;
  readonly changed: Some<ChangedRule>;
  readonly extra: Some<AnyRule>;
  readonly foreign: Some<AnyRule>;
  readonly refused: Some<RefusedRule>;
  /** Rules that someone else changes again and again. */
  readonly wars: Some<AnyRule>;
  /** Since the controller started. */
  readonly repairs: number;
}

export interface AuditResult {
  /** As it was read. */
  readonly found: DriftRecord;
  /** As it is now. */
  readonly now: DriftRecord;
  /** What was missing, changed or extra and is right now. */
  readonly repaired: Some<AnyRule>;
}

/** What the reconciler tells as it works. */
export type ReconcileNews =
  | {
      readonly type: 'commit';
      /** Changes sent together. */
      readonly ops: number;
      /** Of those, refused by the switch. */
      readonly refused: number;
      /** From sending to the switch's confirmation. */
      readonly tookMs: number;
    }
  | { readonly type: 'repair' | 'war' }
  | { readonly type: 'refusal'; readonly reason: string };

/** Desired state and reconciling, as far as it can be seen from outside. */
export interface Reconciling {
  /** Undefined where nothing is known of the switch's tables. `rules` bounds each list; the counts are exact. */
  drift(dpid: Dpid, rules: number): DriftRecord | undefined;
  /**
   * Reads the switch now, has what differs repaired, and waits for that for as long as `timeoutMs`. Rejects with an
   * UnavailableError where the switch is not connected, or is at work all that time.
   */
  audit(dpid: Dpid, options: { readonly timeoutMs: number; readonly rules: number }): Promise<AuditResult>;
  /** Keys that may differ, of all switches: the queue. */
  pendingKeys(): number;
  /** Pairs of owners and places where both want something else. */
  conflicts(): number;
  onNews(listener: (news: ReconcileNews) => void): () => void;
}

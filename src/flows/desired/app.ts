/** What an app is: a set of units, each a pure function from facts to rules. */
import type { Bucket, Instruction, Match, MeterBand } from '../../openflow/codec/index.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import type { TableName } from '../pipeline.ts';
import type { Facts } from './facts.ts';

export interface Rule {
  readonly table: TableName;
  readonly priority: number;
  readonly match: Match;
  readonly instructions: readonly Instruction[];
  /**
   * Where what this rule sends arrives: those ports must be open, and their switches hold the rule of the same table, priority
   * and match, before this one.
   */
  readonly after?: readonly PortRef[];
}

export interface Group {
  readonly groupId: number;
  /** OFPGT. */
  readonly groupType: number;
  readonly buckets: readonly Bucket[];
  /** Where its buckets send to, as for a rule: for every rule that uses the group. */
  readonly after?: readonly PortRef[];
}

export interface Meter {
  readonly meterId: number;
  /** OFPMF. */
  readonly flags: number;
  readonly bands: readonly MeterBand[];
}

/** One switch, or several that are to hold the same. */
export type Where = Dpid | readonly Dpid[];

/** Where a unit puts what it wants. */
export interface Output {
  rule(where: Where, rule: Rule): void;
  group(where: Where, group: Group): void;
  meter(where: Where, meter: Meter): void;
}

export interface App {
  /** Shown as the owner's kind. */
  readonly name: string;
  /** 1 to 255, for cookies: never given to another app. */
  readonly id: number;
  /** The names of the units that are wanted now. */
  units(facts: Facts): Iterable<string>;
  /** What a unit wants: a function of the facts alone, with no clock, no chance and no I/O. */
  build(facts: Facts, unit: string, output: Output): void;
}

/** How the reconciler reaches one switch: it reads what is installed, commits changes, and hears of changes made by others. */
import type { FlowStats, FullFlowUpdate } from '../../openflow/codec/index.ts';
import type { Item } from '../items.ts';
import type { Op } from './op.ts';

export interface ReadBack {
  /** Ours, by key. */
  readonly items: Map<string, Item>;
  /** All flows as the switch told them, others' and counters included. */
  readonly flows: readonly FlowStats[];
  /** The first of other people's rules, groups and meters. */
  readonly foreign: readonly Item[];
  /** How many of those there are in all. */
  readonly foreignCount: number;
}

export interface Refusal {
  readonly op: Op;
  /** The switch's error by name, what it means and what to do, as a sentence. */
  readonly reason: string;
  /** The same change may be taken later; otherwise only another one will. */
  readonly mayPass: boolean;
  /** It contradicts what the switch is believed to hold (a group that is there, or is not): only reading tells. */
  readonly stale: boolean;
}

/** Hears what the switch tells of its rules, in the order in which it happened. */
export interface FlowWatcher {
  /** A rule came, changed or went, by someone else's doing. Called once per rule: be quick. */
  changed(update: FullFlowUpdate): void;
  /** Changes were left out, `why` as a sentence: only reading tells. */
  missed(why: string): void;
}

export interface SwitchTransport {
  read(): Promise<ReadBack>;
  /**
   * Resolves when the switch has confirmed all but the refused ones. Rejects where it is not known what the switch did: then
   * only reading tells; a read that succeeds after that also makes sure that nothing of the commit comes into force later.
   */
  commit(ops: readonly Op[]): Promise<readonly Refusal[]>;
  /**
   * From now on the watcher hears of changes, those since before the first read too. Resolves to whether the switch tells
   * any: one without a flow monitor does not.
   */
  watch(watcher: FlowWatcher): Promise<boolean>;
}

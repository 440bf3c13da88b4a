/** How the reconciler reaches one switch: it reads what is installed and commits changes, all or what was not refused. */
import type { FlowStats } from '../../openflow/codec/index.ts';
import type { Item } from '../items.ts';
import type { Op } from './op.ts';

export interface ReadBack {
  /** Ours, by key. */
  readonly items: Map<string, Item>;
  /** All flows as the switch told them, others' and counters included. */
  readonly flows: readonly FlowStats[];
}

export interface Refusal {
  readonly op: Op;
  /** The switch's error by name, and what it means. */
  readonly reason: string;
}

export interface SwitchTransport {
  read(): Promise<ReadBack>;
  /**
   * Resolves when the switch has confirmed all but the refused ones. Rejects where it is not known what the switch did:
   * then only reading tells.
   */
  commit(ops: readonly Op[]): Promise<readonly Refusal[]>;
}

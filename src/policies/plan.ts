/** What a write would do: the desired tables with it, held against those without. Nothing is sent and nothing stored. */
import type { Dpid } from '../core/ids.ts';
import type { Conflict, Difference, Differences } from '../flows/desired/tables.ts';
import type { Item, Owner } from '../flows/items.ts';
import { tableName } from '../flows/pipeline.ts';
import type { Instruction, Match } from '../openflow/codec/index.ts';
import type { TablesView } from './owned.ts';

/** Rules listed of one switch and kind of change: a person reads no more, and an answer stays small. */
const MAX_LISTED = 500;

/** A rule, or a group or meter by its number, as those show it who know nothing of tables. */
export type PlannedRule =
  | {
      readonly type: 'flow';
      readonly tableId: number;
      readonly tableName: string;
      readonly priority: number;
      readonly match: Match;
      readonly instructions: readonly Instruction[];
      readonly owner: Owner | undefined;
    }
  | { readonly type: 'group' | 'meter'; readonly id: number; readonly owner: Owner | undefined };

export interface PlannedChange {
  readonly from: PlannedRule;
  readonly to: PlannedRule;
}

export interface SwitchPlan {
  readonly dpid: Dpid;
  readonly added: readonly PlannedRule[];
  readonly changed: readonly PlannedChange[];
  readonly removed: readonly PlannedRule[];
  /** Changes beyond those listed. */
  readonly omitted: number;
}

export interface PlannedConflict {
  readonly dpid: Dpid;
  /** What has the place. */
  readonly rule: PlannedRule | undefined;
  readonly holder: Owner;
  readonly refused: Owner;
}

export interface Plan {
  /** Those that change, by dpid. */
  readonly switches: readonly SwitchPlan[];
  /** That the write would bring about. */
  readonly conflicts: readonly PlannedConflict[];
  /** Why nothing, or not all of it, would come about, as a sentence. */
  readonly reason: string | undefined;
}

/**
 * The rules that differ, and the conflicts that are new.
 *
 * @param known the conflicts there are
 * @param after the tables with the write
 */
export function planOf(differences: Differences, known: readonly Conflict[], after: TablesView): Omit<Plan, 'reason'> {
  const switches = [...differences].sort(([x], [y]) => (x < y ? -1 : 1)).map(([dpid, all]) => planSwitch(dpid, all));
  const old = new Set(known.map(conflictKey));
  const conflicts = after
    .conflicts()
    .filter((conflict) => !old.has(conflictKey(conflict)))
    .map(({ dpid, key, holder, refused }) => {
      const item = after.of(dpid).get(key);
      return { dpid, rule: item && plannedRule(item), holder, refused };
    });
  return { switches, conflicts };
}

function planSwitch(dpid: Dpid, differences: readonly Difference[]): SwitchPlan {
  const added: PlannedRule[] = [];
  const changed: PlannedChange[] = [];
  const removed: PlannedRule[] = [];
  let omitted = 0;
  const put = <T>(list: T[], change: () => T): void => {
    if (list.length < MAX_LISTED) list.push(change());
    else omitted++;
  };
  for (const { from, to } of differences) {
    if (from && to) put(changed, () => ({ from: plannedRule(from), to: plannedRule(to) }));
    else if (to) put(added, () => plannedRule(to));
    else if (from) put(removed, () => plannedRule(from));
  }
  return { dpid, added, changed, removed, omitted };
}

function plannedRule(item: Item): PlannedRule {
  const { owner } = item;
  if (item.kind === 'group') return { type: 'group', id: item.groupId, owner };
  if (item.kind === 'meter') return { type: 'meter', id: item.meterId, owner };
  const { tableId, priority, match, instructions } = item;
  return { type: 'flow', tableId, tableName: tableName(tableId), priority, match, instructions, owner };
}

function conflictKey({ dpid, key, holder, refused }: Conflict): string {
  return JSON.stringify([dpid, key, holder, refused]);
}

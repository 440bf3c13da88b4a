/** What a policy has in the desired tables, what it lost to another, and why it has nothing. */
import type { Dpid } from '../core/ids.ts';
import type { Built, Conflict } from '../flows/desired/tables.ts';
import type { Item, Owner } from '../flows/items.ts';

/** What is read of desired tables. */
export interface TablesView {
  of(dpid: Dpid): ReadonlyMap<string, Item>;
  wantedBy(owner: Owner): Built | undefined;
  conflicts(): readonly Conflict[];
}

export interface PlacedItem {
  readonly dpid: Dpid;
  readonly item: Item;
}

export interface LostItem extends PlacedItem {
  /** Who has its place. */
  readonly holder: Owner | undefined;
}

export interface Owned {
  readonly placed: readonly PlacedItem[];
  readonly lost: readonly LostItem[];
  /** Why none of its rules could be made, as a sentence. */
  readonly failure: string | undefined;
}

const NOTHING: Built = { placed: [], failure: undefined };

export function ownedBy(tables: TablesView, owner: Owner): Owned {
  const { placed: wanted, failure } = tables.wantedBy(owner) ?? NOTHING;
  const placed: PlacedItem[] = [];
  const lost: LostItem[] = [];
  for (const { where, item } of wanted) {
    for (const dpid of where) {
      const holder = tables.of(dpid).get(item.key);
      if (holder === item) placed.push({ dpid, item });
      else lost.push({ dpid, item, holder: holder?.owner });
    }
  }
  return { placed, lost, failure: failure && sentenceOf(failure.error) };
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

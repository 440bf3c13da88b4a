/** Whose is what in the desired tables: what each policy has there, lost to another, or could not make. */
import type { Dpid } from '../core/ids.ts';
import type { AppFailure, Conflict } from '../flows/desired/tables.ts';
import type { Item, Owner } from '../flows/items.ts';

/** What is read of desired tables. */
export interface TablesView {
  of(dpid: Dpid): ReadonlyMap<string, Item>;
  conflicts(): readonly Conflict[];
  failures(): readonly AppFailure[];
}

export interface PlacedItem {
  readonly dpid: Dpid;
  readonly item: Item;
}

/** All that the tables know of one policy. */
export interface Owned {
  readonly placed: readonly PlacedItem[];
  /** Places that it wants and another has. */
  readonly refused: readonly Conflict[];
  /** Why none of its rules could be made, as a sentence. */
  readonly failure: string | undefined;
}

const NOTHING: Owned = { placed: [], refused: [], failure: undefined };

/** Looks through the tables of these switches once; the answer is what each owner has in them. */
export function ownersOf(tables: TablesView, dpids: Iterable<Dpid>): (owner: Owner) => Owned {
  const owners = new Map<string, { placed: PlacedItem[]; refused: Conflict[]; failure: string | undefined }>();
  const entry = ({ kind, name }: Owner) => {
    const key = `${kind}/${name}`;
    const found = owners.get(key) ?? { placed: [], refused: [], failure: undefined };
    owners.set(key, found);
    return found;
  };
  for (const dpid of dpids) {
    for (const item of tables.of(dpid).values()) if (item.owner) entry(item.owner).placed.push({ dpid, item });
  }
  for (const conflict of tables.conflicts()) entry(conflict.refused).refused.push(conflict);
  for (const { owner, error } of tables.failures())
    entry(owner).failure = error instanceof Error ? error.message : String(error);
  // An app that cannot name its units has none of them.
  return ({ kind, name }) => {
    const whole = owners.get(`${kind}/`)?.failure;
    const own = owners.get(`${kind}/${name}`) ?? NOTHING;
    return whole === undefined ? own : { ...own, failure: whole };
  };
}

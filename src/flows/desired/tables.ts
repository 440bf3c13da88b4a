/** The desired tables of all switches: every app's units evaluated on the newest view, kept up incrementally. */
import type { Dpid } from '../../core/ids.ts';
import type { ViewUpdate } from '../../topology/network.ts';
import { EMPTY_VIEW } from '../../topology/view.ts';
import type { NetworkView, ViewChange } from '../../topology/view.ts';
import { sameItem } from '../items.ts';
import type { Item, Owner } from '../items.ts';
import type { App } from './app.ts';
import { createFacts } from './facts.ts';
import type { FactBase } from './facts.ts';
import { changePlaced } from './placed.ts';
import type { Placed } from './placed.ts';
import { buildUnit, listUnits } from './units.ts';
import type { AppFailure, Built, Units } from './units.ts';

export type { AppFailure, Built } from './units.ts';

/** Keys whose desired item became another, per switch. */
export type DesiredChange = ReadonlyMap<Dpid, ReadonlySet<string>>;

/** What a place holds, and what it would hold; not both undefined. */
export interface Difference {
  readonly from: Item | undefined;
  readonly to: Item | undefined;
}

export type Differences = ReadonlyMap<Dpid, readonly Difference[]>;

/** Two units want different things in the same place; the one whose name comes first has it. */
export interface Conflict {
  readonly dpid: Dpid;
  readonly key: string;
  readonly holder: Owner;
  readonly refused: Owner;
}

interface AppQuery {
  readonly name: string;
  readonly units: () => Units;
  readonly built: (unit: string) => Built;
  /** What each unit has in the tables now. */
  readonly held: Map<string, Built>;
  failure: AppFailure | undefined;
}

/** What a key held before this update, per switch. */
type Touched = Map<Dpid, Map<string, Item | undefined>>;

const NOTHING: ReadonlyMap<string, Item> = new Map();
const NONE: readonly never[] = [];

export class DesiredTables {
  readonly #facts: FactBase = createFacts();
  readonly #apps: readonly AppQuery[];
  readonly #onFailure: (failure: AppFailure) => void;
  readonly #tables = new Map<Dpid, Map<string, Item>>();
  /** Per switch and key, where more than one item is wanted: all of them, the one that has the place first. */
  readonly #rivals = new Map<Dpid, Map<string, readonly Item[]>>();

  #view: NetworkView = EMPTY_VIEW;
  /** While another view is tried out nobody hears of its failures. */
  #muted = false;

  /** @param onFailure hears of each failure when it comes about, and again when it comes about otherwise */
  constructor(apps: readonly App[], onFailure: (failure: AppFailure) => void = () => {}) {
    this.#apps = apps.map((app) => this.#appQuery(app));
    this.#onFailure = onFailure;
  }

  /** What a switch should hold, by key. */
  of(dpid: Dpid): ReadonlyMap<string, Item> {
    return this.#tables.get(dpid) ?? NOTHING;
  }

  /** What a unit wants, places that others have included; undefined where there is no such unit. */
  wantedBy(owner: Owner): Built | undefined {
    const app = this.#apps.find(({ name }) => name === owner.kind);
    return app?.failure ? { placed: NONE, failure: app.failure } : app?.held.get(owner.name);
  }

  conflicts(): Conflict[] {
    const found: Conflict[] = [];
    for (const [dpid, rivals] of this.#rivals) {
      for (const [key, [winner, ...losers]] of rivals) {
        for (const loser of losers) {
          if (winner?.owner && loser.owner) found.push({ dpid, key, holder: winner.owner, refused: loser.owner });
        }
      }
    }
    return found;
  }

  /** The failures that last: what these apps and units want is not in the tables. */
  failures(): AppFailure[] {
    return this.#apps.flatMap(({ failure, held }) =>
      [failure, ...[...held.values()].map((built) => built.failure)].filter((found) => found !== undefined),
    );
  }

  /** Takes a view in; returns what changed in the tables. */
  update({ view, change }: Pick<ViewUpdate, 'view' | 'change'>): DesiredChange {
    return this.#changesOf(this.#take(view, change));
  }

  /**
   * Lets `look` see the tables as another view would have them, and what would be another then; afterwards they are as before.
   * Costs what the change costs, not what the network does.
   *
   * @param change from the view of now to the other
   */
  tryOut<T>({ view, change }: Pick<ViewUpdate, 'view' | 'change'>, look: (differences: Differences) => T): T {
    const home = this.#view;
    this.#muted = true;
    try {
      return look(this.#differencesOf(this.#take(view, change)));
    } finally {
      this.#take(home, change);
      this.#muted = false;
    }
  }

  #take(view: NetworkView, change: ViewChange): Touched {
    this.#view = view;
    this.#facts.update({ view, change });
    const touched: Touched = new Map();
    for (const query of this.#apps) this.#refresh(query, touched);
    this.#facts.incremental.sweep();
    return touched;
  }

  #appQuery(app: App): AppQuery {
    const { incremental } = this.#facts;
    const units = incremental.value(() => listUnits(app, this.#facts), {
      equal: (x, y) => x.failure === y.failure && sameTexts(x.names, y.names),
    });
    const built = incremental.query((unit: string) => buildUnit(app, unit, this.#facts));
    return { name: app.name, units, built, held: new Map(), failure: undefined };
  }

  #refresh(query: AppQuery, touched: Touched): void {
    const { held } = query;
    const { names, failure } = query.units();
    if (failure && failure !== query.failure && !this.#muted) this.#onFailure(failure);
    query.failure = failure;
    const wanted = new Set(names);
    for (const [unit, { placed }] of held) {
      if (wanted.has(unit)) continue;
      this.#release(placed, touched);
      held.delete(unit);
    }
    for (const unit of wanted) {
      const old = held.get(unit);
      const now = query.built(unit);
      if (old === now) continue;
      if (now.failure && !this.#muted) this.#onFailure(now.failure);
      const change = changePlaced(old?.placed ?? NONE, now.placed);
      this.#release(change.gone, touched);
      this.#claim(change.come, touched);
      // Else the old items would be kept in the tables and the new ones here.
      now.placed = change.now;
      held.set(unit, now);
    }
  }

  #claim(placed: readonly Placed[], touched: Touched): void {
    for (const { where, item } of placed) {
      for (const dpid of where) {
        const table = mapOf(this.#tables, dpid);
        const held = table.get(item.key);
        touch(touched, dpid, item.key, held);
        if (!held) {
          table.set(item.key, item);
          continue;
        }
        const rivals = mapOf(this.#rivals, dpid);
        const all = [...(rivals.get(item.key) ?? [held]), item].sort(byOwner);
        rivals.set(item.key, all);
        table.set(item.key, all[0]!);
      }
    }
  }

  #release(placed: readonly Placed[], touched: Touched): void {
    for (const { where, item } of placed) {
      for (const dpid of where) {
        const table = mapOf(this.#tables, dpid);
        touch(touched, dpid, item.key, table.get(item.key));
        const rest = this.#rivals
          .get(dpid)
          ?.get(item.key)
          ?.filter((rival) => rival !== item);
        if (!rest) {
          table.delete(item.key);
          continue;
        }
        table.set(item.key, rest[0]!);
        const rivals = mapOf(this.#rivals, dpid);
        if (rest.length > 1) rivals.set(item.key, rest);
        else rivals.delete(item.key);
        if (rivals.size === 0) this.#rivals.delete(dpid);
      }
    }
  }

  #differencesOf(touched: Touched): Differences {
    const differences = new Map<Dpid, Difference[]>();
    for (const [dpid, keys] of touched) {
      const table = this.of(dpid);
      const different = [...keys]
        .map(([key, from]) => ({ from, to: table.get(key) }))
        .filter(({ from, to }) => !sameItem(from, to));
      if (different.length > 0) differences.set(dpid, different);
    }
    return differences;
  }

  /** The keys whose item is not the same as before. */
  #changesOf(touched: Touched): DesiredChange {
    const changes = new Map<Dpid, Set<string>>();
    for (const [dpid, keys] of touched) {
      const table = this.#tables.get(dpid);
      const changed = new Set<string>();
      for (const [key, before] of keys) if (!sameItem(before, table?.get(key))) changed.add(key);
      if (changed.size > 0) changes.set(dpid, changed);
      if (table?.size === 0) this.#tables.delete(dpid);
    }
    return changes;
  }
}

function sameTexts(x: readonly string[], y: readonly string[]): boolean {
  return x.length === y.length && x.every((text, index) => text === y[index]);
}

function touch(touched: Touched, dpid: Dpid, key: string, before: Item | undefined): void {
  const keys = mapOf(touched, dpid);
  if (!keys.has(key)) keys.set(key, before);
}

function mapOf<K, V>(maps: Map<Dpid, Map<K, V>>, dpid: Dpid): Map<K, V> {
  let found = maps.get(dpid);
  if (!found) maps.set(dpid, (found = new Map()));
  return found;
}

function byOwner(x: Item, y: Item): number {
  const nameX = `${x.owner?.kind ?? ''}/${x.owner?.name ?? ''}`;
  const nameY = `${y.owner?.kind ?? ''}/${y.owner?.name ?? ''}`;
  if (nameX === nameY) return 0;
  return nameX < nameY ? -1 : 1;
}

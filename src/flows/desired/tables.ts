/** The desired tables of all switches: every app's units evaluated on the newest view, kept up incrementally. */
import type { Dpid } from '../../core/ids.ts';
import type { ViewUpdate } from '../../topology/network.ts';
import { makeCookie, RULE_CLASS, unitHash } from '../cookie.ts';
import { flowItem, groupItem, sameItem } from '../items.ts';
import type { Item, Owner } from '../items.ts';
import { checkRule, isOurGroup, PipelineError, TABLES } from '../pipeline.ts';
import type { App, Output } from './app.ts';
import { createFacts } from './facts.ts';
import type { FactBase } from './facts.ts';

/** Keys whose desired item became another, per switch. */
export type DesiredChange = ReadonlyMap<Dpid, ReadonlySet<string>>;

/** Two units want different things in the same place; the one whose name comes first has it. */
export interface Conflict {
  readonly dpid: Dpid;
  readonly key: string;
  readonly holder: Owner;
  readonly refused: Owner;
}

interface Placed {
  readonly dpid: Dpid;
  readonly item: Item;
}

interface UnitQuery {
  readonly app: App;
  readonly units: () => readonly string[];
  readonly placed: (unit: string) => readonly Placed[];
  /** What each unit has in the tables now. */
  readonly held: Map<string, readonly Placed[]>;
}

const NOTHING: ReadonlyMap<string, Item> = new Map();

export class DesiredTables {
  readonly #facts: FactBase = createFacts();
  readonly #apps: readonly UnitQuery[];
  /** Per switch and key: the items wanted there, the winner first. More than one is a conflict. */
  readonly #claims = new Map<Dpid, Map<string, Item[]>>();
  readonly #tables = new Map<Dpid, Map<string, Item>>();

  constructor(apps: readonly App[]) {
    this.#apps = apps.map((app) => this.#unitQuery(app));
  }

  /** What a switch should hold, by key. */
  of(dpid: Dpid): ReadonlyMap<string, Item> {
    return this.#tables.get(dpid) ?? NOTHING;
  }

  conflicts(): Conflict[] {
    const found: Conflict[] = [];
    for (const [dpid, claims] of this.#claims) {
      for (const [key, [winner, ...losers]] of claims) {
        for (const loser of losers) {
          if (winner?.owner && loser.owner) found.push({ dpid, key, holder: winner.owner, refused: loser.owner });
        }
      }
    }
    return found;
  }

  /** Takes a view in; returns what changed in the tables. */
  update(update: ViewUpdate): DesiredChange {
    this.#facts.update(update);
    const touched = new Map<Dpid, Set<string>>();
    for (const query of this.#apps) this.#refresh(query, touched);
    this.#facts.incremental.sweep();
    return this.#settle(touched);
  }

  #unitQuery(app: App): UnitQuery {
    const { incremental } = this.#facts;
    const units = incremental.value(() => [...app.units(this.#facts)], {
      equal: (x, y) => x.length === y.length && x.every((unit, index) => unit === y[index]),
    });
    const placed = incremental.query((unit: string) => buildUnit(app, unit, this.#facts));
    return { app, units, placed, held: new Map() };
  }

  #refresh({ units, placed, held }: UnitQuery, touched: Map<Dpid, Set<string>>): void {
    const wanted = new Set(units());
    for (const [unit, old] of held) {
      if (wanted.has(unit)) continue;
      for (const { dpid, item } of old) this.#release(dpid, item, touched);
      held.delete(unit);
    }
    for (const unit of wanted) {
      const old = held.get(unit);
      const now = placed(unit);
      if (old === now) continue;
      for (const { dpid, item } of old ?? []) this.#release(dpid, item, touched);
      for (const { dpid, item } of now) this.#claim(dpid, item, touched);
      held.set(unit, now);
    }
  }

  #claim(dpid: Dpid, item: Item, touched: Map<Dpid, Set<string>>): void {
    let claims = this.#claims.get(dpid);
    if (!claims) this.#claims.set(dpid, (claims = new Map()));
    const list = claims.get(item.key);
    if (list) {
      list.push(item);
      list.sort(byOwner);
    } else claims.set(item.key, [item]);
    touch(touched, dpid, item.key);
  }

  #release(dpid: Dpid, item: Item, touched: Map<Dpid, Set<string>>): void {
    const claims = this.#claims.get(dpid);
    const rest = claims?.get(item.key)?.filter((claimed) => claimed !== item) ?? [];
    if (rest.length > 0) claims?.set(item.key, rest);
    else claims?.delete(item.key);
    touch(touched, dpid, item.key);
  }

  /** Brings the tables in line with the claims; returns the keys whose item is not the same as before. */
  #settle(touched: ReadonlyMap<Dpid, ReadonlySet<string>>): DesiredChange {
    const changes = new Map<Dpid, Set<string>>();
    for (const [dpid, keys] of touched) {
      let table = this.#tables.get(dpid);
      if (!table) this.#tables.set(dpid, (table = new Map()));
      for (const key of keys) {
        const winner = this.#claims.get(dpid)?.get(key)?.[0];
        const before = table.get(key);
        if (winner) table.set(key, winner);
        else table.delete(key);
        if (!sameItem(before, winner)) touch(changes, dpid, key);
      }
      if (table.size === 0) this.#tables.delete(dpid);
    }
    return changes;
  }
}

function buildUnit(app: App, unit: string, facts: FactBase): readonly Placed[] {
  const placed: Placed[] = [];
  const owner: Owner = { kind: app.name, name: unit };
  const cookie = makeCookie({ app: app.id, ruleClass: RULE_CLASS.DESIRED, unit: unitHash(`${app.name}/${unit}`) });
  const output: Output = {
    rule: (dpid, rule) => {
      checkRule(rule);
      const { priority, match, instructions, after = [] } = rule;
      placed.push({
        dpid,
        item: flowItem({ tableId: TABLES[rule.table].id, priority, match, instructions, cookie, owner, after }),
      });
    },
    group: (dpid, group) => {
      if (!isOurGroup(group.groupId))
        throw new PipelineError(`group ${group.groupId} is outside the range kept for this controller`);
      placed.push({ dpid, item: groupItem({ ...group, owner }) });
    },
  };
  app.build(facts, unit, output);
  return placed;
}

function touch(map: Map<Dpid, Set<string>>, dpid: Dpid, key: string): void {
  const keys = map.get(dpid);
  if (keys) keys.add(key);
  else map.set(dpid, new Set([key]));
}

function byOwner(x: Item, y: Item): number {
  const nameX = `${x.owner?.kind ?? ''}/${x.owner?.name ?? ''}`;
  const nameY = `${y.owner?.kind ?? ''}/${y.owner?.name ?? ''}`;
  if (nameX === nameY) return 0;
  return nameX < nameY ? -1 : 1;
}

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

/** An app threw, or made a rule that its table does not allow: an error in the app, which costs nobody else anything. */
export interface AppFailure {
  /** The app and its unit; the unit's name is empty where the app could not name its units. */
  readonly owner: Owner;
  readonly error: unknown;
}

interface Placed {
  readonly dpid: Dpid;
  readonly item: Item;
}

/** What a unit wants: all of it, or nothing where it failed. */
interface Built {
  readonly placed: readonly Placed[];
  readonly failure: AppFailure | undefined;
}

interface Units {
  readonly names: readonly string[];
  readonly failure: AppFailure | undefined;
}

interface AppQuery {
  readonly units: () => Units;
  readonly built: (unit: string) => Built;
  /** What each unit has in the tables now. */
  readonly held: Map<string, Built>;
  failure: AppFailure | undefined;
}

const NOTHING: ReadonlyMap<string, Item> = new Map();
const NONE: readonly never[] = [];

export class DesiredTables {
  readonly #facts: FactBase = createFacts();
  readonly #apps: readonly AppQuery[];
  readonly #onFailure: (failure: AppFailure) => void;
  /** Per switch and key: the items wanted there, the winner first. More than one is a conflict. */
  readonly #claims = new Map<Dpid, Map<string, readonly Item[]>>();
  readonly #tables = new Map<Dpid, Map<string, Item>>();

  /** @param onFailure hears of each failure when it comes about, and again when it comes about otherwise */
  constructor(apps: readonly App[], onFailure: (failure: AppFailure) => void = () => {}) {
    this.#apps = apps.map((app) => this.#appQuery(app));
    this.#onFailure = onFailure;
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

  /** The failures that last: what these apps and units want is not in the tables. */
  failures(): AppFailure[] {
    return this.#apps.flatMap(({ failure, held }) =>
      [failure, ...[...held.values()].map((built) => built.failure)].filter((found) => found !== undefined),
    );
  }

  /** Takes a view in; returns what changed in the tables. */
  update(update: ViewUpdate): DesiredChange {
    this.#facts.update(update);
    const touched = new Map<Dpid, Set<string>>();
    for (const query of this.#apps) this.#refresh(query, touched);
    this.#facts.incremental.sweep();
    return this.#settle(touched);
  }

  #appQuery(app: App): AppQuery {
    const { incremental } = this.#facts;
    const units = incremental.value(() => listUnits(app, this.#facts), {
      equal: (x, y) => x.failure === y.failure && sameTexts(x.names, y.names),
    });
    const built = incremental.query((unit: string) => buildUnit(app, unit, this.#facts));
    return { units, built, held: new Map(), failure: undefined };
  }

  #refresh(query: AppQuery, touched: Map<Dpid, Set<string>>): void {
    const { held } = query;
    const { names, failure } = query.units();
    if (failure && failure !== query.failure) this.#onFailure(failure);
    query.failure = failure;
    const wanted = new Set(names);
    for (const [unit, { placed }] of held) {
      if (wanted.has(unit)) continue;
      for (const { dpid, item } of placed) this.#release(dpid, item, touched);
      held.delete(unit);
    }
    for (const unit of wanted) {
      const old = held.get(unit);
      const now = query.built(unit);
      if (old === now) continue;
      if (now.failure) this.#onFailure(now.failure);
      for (const { dpid, item } of old?.placed ?? NONE) this.#release(dpid, item, touched);
      for (const { dpid, item } of now.placed) this.#claim(dpid, item, touched);
      held.set(unit, now);
    }
  }

  #claim(dpid: Dpid, item: Item, touched: Map<Dpid, Set<string>>): void {
    let claims = this.#claims.get(dpid);
    if (!claims) this.#claims.set(dpid, (claims = new Map()));
    const others = claims.get(item.key) ?? NONE;
    claims.set(item.key, [...others, item].sort(byOwner));
    touch(touched, dpid, item.key);
  }

  #release(dpid: Dpid, item: Item, touched: Map<Dpid, Set<string>>): void {
    const claims = this.#claims.get(dpid);
    const rest = claims?.get(item.key)?.filter((claimed) => claimed !== item) ?? NONE;
    if (rest.length > 0) claims?.set(item.key, rest);
    else claims?.delete(item.key);
    if (claims?.size === 0) this.#claims.delete(dpid);
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

function listUnits(app: App, facts: FactBase): Units {
  try {
    return { names: [...app.units(facts)], failure: undefined };
  } catch (error) {
    return { names: NONE, failure: { owner: { kind: app.name, name: '' }, error } };
  }
}

function buildUnit(app: App, unit: string, facts: FactBase): Built {
  const placed: Placed[] = [];
  const owner: Owner = { kind: app.name, name: unit };
  try {
    app.build(facts, unit, createOutput(app, owner, placed));
    return { placed, failure: undefined };
  } catch (error) {
    return { placed: NONE, failure: { owner, error } };
  }
}

/** Takes what a unit wants; throws PipelineError where it does what its table does not allow. */
function createOutput(app: App, owner: Owner, placed: Placed[]): Output {
  const unit = unitHash(`${app.name}/${owner.name}`);
  const cookie = makeCookie({ app: app.id, ruleClass: RULE_CLASS.DESIRED, unit });
  return {
    rule: (dpid, rule) => {
      checkRule(rule);
      const { priority, match, instructions, after = NONE } = rule;
      const { id: tableId } = TABLES[rule.table];
      placed.push({ dpid, item: flowItem({ tableId, priority, match, instructions, cookie, owner, after }) });
    },
    group: (dpid, group) => {
      if (!isOurGroup(group.groupId))
        throw new PipelineError(`group ${group.groupId} is outside the range kept for this controller`);
      placed.push({ dpid, item: groupItem({ ...group, owner }) });
    },
  };
}

function sameTexts(x: readonly string[], y: readonly string[]): boolean {
  return x.length === y.length && x.every((text, index) => text === y[index]);
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

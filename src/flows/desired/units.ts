/** What an app's units are and what each of them wants: all of it, or nothing where it failed. */
import type { Dpid } from '../../core/ids.ts';
import type { Bucket } from '../../openflow/codec/index.ts';
import { makeCookie, RULE_CLASS, unitHash } from '../cookie.ts';
import { flowItem, groupItem, meterItem } from '../items.ts';
import type { GroupItem, Item, Owner } from '../items.ts';
import { checkRule, isOurGroup, isOurMeter, PipelineError, TABLES } from '../pipeline.ts';
import type { App, Group, Output, Where } from './app.ts';
import type { Facts } from './facts.ts';
import type { Placed } from './placed.ts';

/** An app threw, or made a rule that its table does not allow: an error in the app, which costs nobody else anything. */
export interface AppFailure {
  /** The app and its unit; the unit's name is empty where the app could not name its units. */
  readonly owner: Owner;
  readonly error: unknown;
}

/** What a unit wants: all of it, or nothing where it failed. */
export interface Built {
  placed: readonly Placed[];
  readonly failure: AppFailure | undefined;
}

export interface Units {
  readonly names: readonly string[];
  readonly failure: AppFailure | undefined;
}

const NONE: readonly never[] = [];

export function listUnits(app: App, facts: Facts): Units {
  try {
    return { names: [...app.units(facts)], failure: undefined };
  } catch (error) {
    return { names: NONE, failure: { owner: { kind: app.name, name: '' }, error } };
  }
}

export function buildUnit(app: App, unit: string, facts: Facts): Built {
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
    rule: (where, rule) => {
      checkRule(rule);
      const { priority, match, instructions, after = NONE } = rule;
      const { id: tableId } = TABLES[rule.table];
      place(where, flowItem({ tableId, priority, match, instructions, cookie, owner, after }));
    },
    group: (where, group) => {
      if (!isOurGroup(group.groupId))
        throw new PipelineError(`group ${group.groupId} is outside the range kept for this controller`);
      place(where, sharedGroup(group, owner));
    },
    meter: (where, meter) => {
      if (!isOurMeter(meter.meterId))
        throw new PipelineError(`meter ${meter.meterId} is outside the range kept for this controller`);
      place(where, meterItem({ ...meter, owner }));
    },
  };

  function place(where: Where, item: Item): void {
    placed.push({ where: typeof where === 'string' ? alone(where) : where, item });
  }
}

/** By their buckets: a unit that runs again mostly wants the groups that it wanted. */
const groups = new WeakMap<readonly Bucket[], Map<number, GroupItem>>();

function sharedGroup({ groupId, groupType, buckets, after = NONE }: Group, owner: Owner): GroupItem {
  let alike = groups.get(buckets);
  if (!alike) groups.set(buckets, (alike = new Map()));
  const known = alike.get(groupId);
  if (known?.groupType === groupType && known.after === after && sameOwner(known.owner, owner)) return known;
  const item = groupItem({ groupId, groupType, buckets, after, owner });
  alike.set(groupId, item);
  return item;
}

const singles = new Map<Dpid, readonly Dpid[]>();

/** One list for each switch, since thousands of groups are on one switch each. */
function alone(dpid: Dpid): readonly Dpid[] {
  let single = singles.get(dpid);
  if (!single) singles.set(dpid, (single = [dpid]));
  return single;
}

function sameOwner(x: Owner | undefined, y: Owner): boolean {
  return x?.name === y.name && x.kind === y.kind;
}

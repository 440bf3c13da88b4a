/** The reconciler's reports as the northbound shows them. */
import type { Item } from '../flows/items.ts';
import type { SwitchReport } from '../flows/reconcile/report.ts';
import type { AnyRule, DriftRecord, Some } from '../northbound/services.ts';
import { ownerOfInstalled, toRule } from './rules.ts';

/** @param rules shown in each list */
export function driftOf(report: SwitchReport, rules: number): DriftRecord {
  const { dpid, connected, monitored, readAt, repairs, foreign, foreignCount } = report;
  return {
    dpid,
    connected,
    monitored,
    readAt,
    missing: someOf(report.missing, rules, wanted),
    changed: someOf(report.changed, rules, ({ desired, installed }) => ({
      desired: wanted(desired),
      installed: toRule(installed, ownerOfInstalled(installed, desired)),
    })),
    extra: someOf(report.extra, rules, left),
    foreign: { ...someOf(foreign, rules, left), count: foreignCount },
    refused: someOf(report.refused, rules, ({ item, ...rest }) => ({ rule: wanted(item), ...rest })),
    wars: someOf(report.wars, rules, wanted),
    repairs,
  };
}

/** Keys where the switch is not as desired, those refused left out: waiting does not put them right. */
export function openKeys({ missing, changed, extra, refused }: SwitchReport): ReadonlySet<string> {
  const keys = new Set(differences({ missing, changed, extra }).map(({ key }) => key));
  for (const { item } of refused) keys.delete(item.key);
  return keys;
}

/** What differed in one report and does in a later one no longer. */
export function repairedBetween(found: SwitchReport, now: SwitchReport, rules: number): Some<AnyRule> {
  const still = new Set(differences(now).map(({ key }) => key));
  const extra = new Set(found.extra);
  const repaired = differences(found).filter(({ key }) => !still.has(key));
  return someOf(repaired, rules, (item) => (extra.has(item) ? left(item) : wanted(item)));
}

function differences({ missing, changed, extra }: Pick<SwitchReport, 'missing' | 'changed' | 'extra'>): Item[] {
  return [...missing, ...changed.map(({ desired }) => desired), ...extra];
}

function wanted(item: Item): AnyRule {
  return toRule(item, item.owner ?? null);
}

function left(item: Item): AnyRule {
  return toRule(item, ownerOfInstalled(item, undefined));
}

function someOf<T, U>(all: readonly T[], most: number, toRecord: (one: T) => U): Some<U> {
  return { first: all.slice(0, most).map(toRecord), count: all.length };
}

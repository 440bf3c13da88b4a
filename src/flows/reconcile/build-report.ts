/** How one switch stands, held against what is desired of it. */
import { sameItem } from '../items.ts';
import type { Item } from '../items.ts';
import type { SwitchReport } from './report.ts';
import type { SwitchState } from './state.ts';

/** What is wanted of a switch that was never read is not known to be missing. */
export function buildReport(state: SwitchState, desired: ReadonlyMap<string, Item>, now: number): SwitchReport {
  const { dpid, transport, installed, monitored, readAt, foreign, refused, repairs } = state;
  return {
    dpid,
    connected: transport !== undefined,
    monitored: transport !== undefined && monitored,
    readAt,
    ...compare(installed, desired),
    foreign: foreign.shown(),
    foreignCount: foreign.count,
    refused: refused.list(desired),
    repairs: repairs.count,
    wars: repairs.wars(now).flatMap((key) => desired.get(key) ?? installed?.get(key) ?? []),
  };
}

type Comparison = Pick<SwitchReport, 'missing' | 'changed' | 'extra'>;

function compare(installed: ReadonlyMap<string, Item> | undefined, desired: ReadonlyMap<string, Item>): Comparison {
  const missing: Item[] = [];
  const changed: { readonly desired: Item; readonly installed: Item }[] = [];
  const extra: Item[] = [];
  if (!installed) return { missing, changed, extra };
  for (const [key, wish] of desired) {
    const held = installed.get(key);
    if (!held) missing.push(wish);
    else if (!sameItem(held, wish)) changed.push({ desired: wish, installed: held });
  }
  for (const [key, held] of installed) if (!desired.has(key)) extra.push(held);
  return { missing, changed, extra };
}

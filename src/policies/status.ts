/** How a policy stands: what it wants, held against what the switches say. */
import type { Dpid } from '../core/ids.ts';
import { sameItem } from '../flows/items.ts';
import type { Item } from '../flows/items.ts';
import type { NetworkView } from '../topology/view.ts';
import { kindNamed } from './kinds/index.ts';
import type { Owned, PlacedItem } from './owned.ts';
import type { PolicyRecord } from './record.ts';
import { ruleText } from './rule-text.ts';

/**
 * - `pending`: it waits for something: a switch that is not there, a confirmation, being enabled.
 * - `active`: every switch concerned has confirmed all of it.
 * - `degraded`: some of it is refused; the rest stands.
 * - `failed`: all of it is refused, or it could not be worked out.
 */
export type PolicyPhase = 'pending' | 'active' | 'degraded' | 'failed';

export interface PolicyStatus {
  readonly phase: PolicyPhase;
  /** Why it is not active, with what to do; undefined where it is. */
  readonly reason: string | undefined;
  /** The revision that this is said of. */
  readonly observedRevision: number;
  /** Rules, groups and meters wanted of all switches, those lost to others left out. */
  readonly rules: number;
  /** The switches that are to hold them. */
  readonly switches: readonly Dpid[];
}

/** What the reconciler knows of the switches. */
export interface SwitchOutcomes {
  /** What a switch holds, as last read or confirmed; undefined before it was read. */
  installed(dpid: Dpid): ReadonlyMap<string, Item> | undefined;
  /** What it refused, with its error and what to do. */
  refused(dpid: Dpid): readonly { readonly item: Item; readonly reason: string }[];
}

/** Sentences in a reason: the first few tell what is wrong, and a list of hundreds tells no more. */
const MAX_SENTENCES = 5;

export interface StatusOptions {
  readonly record: PolicyRecord;
  readonly owned: Owned;
  readonly view: NetworkView;
  readonly outcomes: SwitchOutcomes;
}

export function statusOf(options: StatusOptions): PolicyStatus {
  const { record, owned } = options;
  const { placed } = owned;
  const common = {
    observedRevision: record.revision,
    rules: placed.length,
    switches: [...new Set(placed.map(({ dpid }) => dpid))].sort(),
  };
  return { ...judge(options), ...common };
}

type Judgement = Pick<PolicyStatus, 'phase' | 'reason'>;

function judge({ record, owned, view, outcomes }: StatusOptions): Judgement {
  const { placed, lost, failure } = owned;
  if (record.fault !== undefined)
    return { phase: 'failed', reason: `${record.fault} Send it anew with PUT, or delete it.` };
  if (!record.enabled)
    return {
      phase: 'pending',
      reason: 'It is not enabled, so it wants nothing; PATCH {"enabled": true} puts it to work.',
    };
  if (failure !== undefined) return { phase: 'failed', reason: `Its rules could not be made: ${failure}.` };

  const taken = lost.map(({ dpid, item, holder }) => {
    const whose = holder ? `${holder.kind} "${holder.name}"'s` : 'taken';
    return `On ${nameOf(view, dpid)}, ${ruleText(item)} is ${whose} already; give one of the two another priority or match.`;
  });
  const states = placed.map((each) => ({ ...each, ...outcomeOf(each, view, outcomes) }));
  const denied = states.flatMap(({ dpid, item, refusal }) =>
    refusal === undefined ? [] : [`${nameOf(view, dpid)} refuses ${ruleText(item)}: ${refusal}`],
  );
  const waiting = [...new Set(states.filter(({ state }) => state === 'open').map(({ dpid }) => nameOf(view, dpid)))];
  const away = [...new Set(states.filter(({ state }) => state === 'away').map(({ dpid }) => nameOf(view, dpid)))];
  const sentences = [
    ...taken,
    ...denied,
    ...waiting.map((name) => `${name} has not confirmed all of it yet.`),
    ...away.map((name) => `${name} is not connected; what is missing there goes out when it is.`),
  ];
  const bad = taken.length + denied.length;
  if (bad > 0) return { phase: bad < placed.length + lost.length ? 'degraded' : 'failed', reason: joined(sentences) };
  if (placed.length === 0) {
    const missing = kindNamed(record.kind)?.waitsFor(record.spec, view);
    return { phase: 'pending', reason: missing ?? 'Nothing in the network calls for a rule of it now.' };
  }
  return sentences.length > 0
    ? { phase: 'pending', reason: joined(sentences) }
    : { phase: 'active', reason: undefined };
}

interface Outcome {
  readonly state: 'confirmed' | 'refused' | 'open' | 'away';
  readonly refusal?: string;
}

function outcomeOf({ dpid, item }: PlacedItem, view: NetworkView, outcomes: SwitchOutcomes): Outcome {
  // A switch without a session goes on with what it holds.
  if (sameItem(outcomes.installed(dpid)?.get(item.key), item)) return { state: 'confirmed' };
  const refusal = refusalOf(outcomes, dpid, item);
  if (refusal !== undefined) return { state: 'refused', refusal };
  return { state: view.switches.get(dpid)?.connected ? 'open' : 'away' };
}

/** Why a switch refused just this, undefined where it did not. */
export function refusalOf(outcomes: SwitchOutcomes, dpid: Dpid, item: Item): string | undefined {
  return outcomes.refused(dpid).find((refused) => refused.item.key === item.key && sameItem(refused.item, item))
    ?.reason;
}

function nameOf(view: NetworkView, dpid: Dpid): string {
  return view.switches.get(dpid)?.name ?? dpid;
}

function joined(sentences: readonly string[]): string {
  const left = sentences.length - MAX_SENTENCES;
  return [...sentences.slice(0, MAX_SENTENCES), ...(left > 0 ? [`… and ${left} more like these.`] : [])].join(' ');
}

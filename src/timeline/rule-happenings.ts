/** What the reconciler tells, as happenings: repairs, refusals and wars. */
import type { Dpid } from '../core/ids.ts';
import type { ReconcileEvent } from '../flows/reconcile/report.ts';
import type { EntryType, Happening, Subject } from './entry.ts';
import { ruleWords } from './rule-words.ts';
import { ownerName, sentence } from './subjects.ts';

/** Of one kind on one switch at once: whoever clears a switch's tables must not clear the timeline as well. */
export const SHOWN_AT_ONCE = 20;

const TYPES: Readonly<Record<ReconcileEvent['type'], EntryType>> = {
  repair: 'rule.repaired',
  refusal: 'rule.refused',
  war: 'rule.war',
};

const MORE: Readonly<Record<ReconcileEvent['type'], (count: number, name: string) => string>> = {
  repair: (count, name) => `${count} more rules on ${name} were repaired.`,
  refusal: (count, name) => `Switch ${name} refused ${count} more rules.`,
  war: (count, name) => `${count} more rules on ${name} are changed by someone else again and again.`,
};

/** Of events that came at once; what goes beyond SHOWN_AT_ONCE is told by number. */
export function ruleHappenings(
  events: readonly ReconcileEvent[],
  switchName: (dpid: Dpid) => string,
): readonly Happening[] {
  const found: Happening[] = [];
  for (const alike of groups(events)) {
    for (const event of alike.slice(0, SHOWN_AT_ONCE)) found.push(ruleHappening(event, switchName(event.dpid)));
    const rest = alike.slice(SHOWN_AT_ONCE);
    const [first] = rest;
    if (first) found.push(summary(first, rest.length, switchName(first.dpid)));
  }
  return found;
}

/** By kind and switch, in the order in which they came. */
function groups(events: readonly ReconcileEvent[]): Iterable<readonly ReconcileEvent[]> {
  const found = new Map<string, ReconcileEvent[]>();
  for (const event of events) {
    const key = `${event.type} ${event.dpid}`;
    const group = found.get(key);
    if (group) group.push(event);
    else found.set(key, [event]);
  }
  return found.values();
}

function ruleHappening(event: ReconcileEvent, name: string): Happening {
  const { type, dpid, item } = event;
  const words = ruleWords(item);
  const subject: Subject = { kind: 'rule', id: words, name: words, dpid, owner: item.owner };
  const wanted = item.owner ? `, wanted by ${ownerName(item.owner)},` : '';
  if (type === 'refusal') {
    const message = `Switch ${name} refused the ${words}${wanted.replace(/,$/, '')}.`;
    return { type: TYPES[type], subject, message, cause: sentence(event.reason) };
  }
  const done = type === 'repair' ? 'was repaired' : 'is changed by someone else again and again';
  const message = `The ${words} on ${name}${wanted} ${done}.`;
  return { type: TYPES[type], subject, message, cause: sentence(event.cause) };
}

function summary(event: ReconcileEvent, count: number, name: string): Happening {
  const { type, dpid } = event;
  const subject: Subject = { kind: 'switch', id: dpid, name, dpid, owner: undefined };
  const cause = sentence(type === 'refusal' ? event.reason : event.cause);
  return { type: TYPES[type], subject, message: MORE[type](count, name), cause };
}

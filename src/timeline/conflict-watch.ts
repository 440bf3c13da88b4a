/** Conflicts between owners as they come and go: one entry for a pair of owners, however many rules they quarrel about. */
import type { Dpid } from '../core/ids.ts';
import type { Conflict } from '../flows/desired/tables.ts';
import type { Happening } from './entry.ts';
import { aboutOwner, ownerName, sentence } from './subjects.ts';

/** Names of switches in a sentence; the rest by number. */
const NAMED_SWITCHES = 5;

interface Quarrel {
  readonly holder: Conflict['holder'];
  readonly refused: Conflict['refused'];
  readonly dpids: Set<Dpid>;
  places: number;
}

/** Given the conflicts of now, tells which pairs of owners began or ended one since it was last asked. */
export type ConflictWatch = (conflicts: readonly Conflict[], switchName: (dpid: Dpid) => string) => Happening[];

export function createConflictWatch(): ConflictWatch {
  let known: ReadonlyMap<string, Quarrel> = new Map();
  return (conflicts, switchName) => {
    if (conflicts.length === 0 && known.size === 0) return [];
    const now = quarrels(conflicts);
    const found: Happening[] = [];
    for (const [key, quarrel] of now) if (!known.has(key)) found.push(began(quarrel, switchName));
    for (const [key, quarrel] of known) if (!now.has(key)) found.push(ended(quarrel));
    known = now;
    return found;
  };
}

function quarrels(conflicts: readonly Conflict[]): Map<string, Quarrel> {
  const found = new Map<string, Quarrel>();
  for (const { dpid, holder, refused } of conflicts) {
    const key = JSON.stringify([holder.kind, holder.name, refused.kind, refused.name]);
    let quarrel = found.get(key);
    if (!quarrel) found.set(key, (quarrel = { holder, refused, dpids: new Set(), places: 0 }));
    quarrel.dpids.add(dpid);
    quarrel.places++;
  }
  return found;
}

function began({ holder, refused, dpids, places }: Quarrel, switchName: (dpid: Dpid) => string): Happening {
  const rules = places === 1 ? 'a rule' : `${places} rules`;
  const where = switchList([...dpids].map(switchName));
  return {
    type: 'conflict.began',
    subject: aboutOwner(refused),
    message: sentence(`${ownerName(refused)} does not get ${rules} on ${where}: ${ownerName(holder)} has the place.`),
    cause: 'Both want the same table, priority and match, and the one whose name comes first has it.',
  };
}

function ended({ holder, refused }: Quarrel): Happening {
  const message = sentence(`${ownerName(refused)} and ${ownerName(holder)} are in each other's way no longer.`);
  return { type: 'conflict.ended', subject: aboutOwner(refused), message, cause: undefined };
}

function switchList(names: readonly string[]): string {
  const rest = names.length - NAMED_SWITCHES;
  const named = names.slice(0, NAMED_SWITCHES).join(', ');
  return rest > 0 ? `${named} and ${rest} more` : named;
}

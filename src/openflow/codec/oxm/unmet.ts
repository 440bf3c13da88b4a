/** Prerequisites told to people: which field of a match stands without what it needs (OpenFlow 1.3.5 section 7.2.3). */
import type { Json } from '../json/json.ts';
import type { Match, MatchField } from '../match-types.ts';
import { fieldByName } from './fields.ts';
import { missingPrerequisite } from './prerequisites.ts';

export interface UnmetPrerequisite {
  /** As JSON names it: `ipv4_dst`. */
  readonly field: string;
  /** As JSON names it: `eth_type`. */
  readonly needs: string;
  /** The values that would do, as JSON writes them; empty where any does (for `vlan_vid`: any tag). */
  readonly values: readonly string[];
}

/** Every field of the match that lacks its prerequisite. A chain is told from its first gap: each field by itself. */
export function unmetPrerequisites(match: Match): UnmetPrerequisite[] {
  const unmet: UnmetPrerequisite[] = [];
  for (const name of Object.keys(match) as MatchField[]) {
    const field = fieldByName(name);
    if (match[name] === undefined || !field?.needs) continue;
    if (missingPrerequisite(field, { ...match }) === undefined) continue;
    const needed = fieldByName(field.needs.field)!;
    const values = field.needs.values.map((value) => textOf(needed.text.exact(value)));
    unmet.push({ field: field.snakeName, needs: needed.snakeName, values });
  }
  return unmet;
}

function textOf(json: Json): string {
  return typeof json === 'string' ? json : JSON.stringify(json);
}

/** How a spec names a switch: by dpid, or by a name that no other switch has. */
import { z } from 'zod';
import { isDpid } from '../../core/ids.ts';
import type { NetworkView } from '../../topology/view.ts';

/** A bridge's name fits four times (Linux has 15 characters), and a dpid too. */
const MAX_SWITCH_CHARS = 64;

export const SwitchReference = z
  .string()
  .min(1, 'is empty; name a switch by dpid or name')
  .max(MAX_SWITCH_CHARS, `must have at most ${MAX_SWITCH_CHARS} characters`)
  .meta({ description: 'A switch by dpid (16 hex digits) or name', example: 's1' });

/** Why the reference means no switch now, as a sentence; undefined where it means one. */
export function missingSwitch(reference: string, view: NetworkView): string | undefined {
  if (isDpid(reference.toLowerCase()) && view.switches.has(reference.toLowerCase())) return undefined;
  const found = [...view.switches.values()].filter(({ name }) => name === reference).map(({ dpid }) => dpid);
  if (found.length === 1) return undefined;
  return found.length === 0
    ? `There is no switch ${reference} in the network now; the rules go out when it connects.`
    : `${reference} is the name of several switches (${found.join(', ')}); name one by its dpid.`;
}

/**
 * Egress first: where frames are sent to, the port is open and the switch holds what is desired under the key, with all that it
 * uses, and so it is to the end of every way. A next hop that is right already may itself lead to one that is not.
 */
import type { Dpid, PortRef } from '../../core/ids.ts';
import { flowKey } from '../items.ts';
import type { FlowItem, GroupItem, Item } from '../items.ts';
import { PORT_PRIORITY, TABLES } from '../pipeline.ts';
import { referencesOf } from '../references.ts';
import { isSettled } from './state.ts';
import type { SwitchState } from './state.ts';
import type { Place } from './waits.ts';

interface Context {
  readonly states: ReadonlyMap<Dpid, SwitchState>;
  readonly desired: (dpid: Dpid) => ReadonlyMap<string, Item>;
}

const portKeys = new Map<number, string>();

/** The key of intake's rule for a port. */
function portKeyOf(inPort: number): string {
  let key = portKeys.get(inPort);
  if (key === undefined) portKeys.set(inPort, (key = flowKey(TABLES.intake.id, PORT_PRIORITY, { inPort })));
  return key;
}

/** Where a rule leads: by itself, and by the groups it uses. */
export function nextOf(item: FlowItem, desired: ReadonlyMap<string, Item>): readonly PortRef[] {
  const references = referencesOf(item);
  if (references.length === 0) return item.after;
  const groups = references.map((key) => desired.get(key)).filter((used): used is GroupItem => used?.kind === 'group');
  if (groups.length === 1 && item.after.length === 0) return groups[0]!.after;
  return [...item.after, ...groups.flatMap(({ after }) => after)];
}

/**
 * What holds up a rule or group that sends to `next`: the first place on the way that is not as it shall be, and the places that
 * lead there, since the way may come to be another. Undefined where the way is made.
 */
export function holdUpsOf(next: readonly PortRef[], key: string, context: Context): Place[] | undefined {
  if (next.length === 0) return undefined;
  const seen = new Set<Dpid>();
  return follow(next);

  function follow(refs: readonly PortRef[]): Place[] | undefined {
    for (const ref of refs) {
      const holdUps = arrive(ref) ?? pass(ref.dpid);
      if (holdUps) return holdUps;
    }
    return undefined;
  }

  function arrive({ dpid, port }: PortRef): Place[] | undefined {
    const opening = context.desired(dpid).get(portKeyOf(port));
    const isOpen = opening !== undefined && isSettled(context.states.get(dpid), portKeyOf(port), opening);
    return isOpen ? undefined : [{ dpid, key: portKeyOf(port) }];
  }

  function pass(dpid: Dpid): Place[] | undefined {
    if (seen.has(dpid)) return undefined;
    seen.add(dpid);
    const state = context.states.get(dpid);
    const desired = context.desired(dpid);
    const wish = desired.get(key);
    const here = [{ dpid, key }];
    // No group leads on from the switch that a group leads to. A rule that nobody desires any more serves while it is there.
    if (!wish && !key.startsWith('f')) return isSettled(state, key, undefined) ? undefined : here;
    const item = wish ?? state?.installed?.get(key);
    if (!item || !isSettled(state, key, item)) return here;
    if (item.kind === 'meter') return undefined;
    if (item.kind === 'group') return onwards(item.after, here);
    for (const used of referencesOf(item)) {
      here.push({ dpid, key: used });
      if (!isSettled(state, used, desired.get(used))) return here;
    }
    return onwards(nextOf(item, desired), here);
  }

  function onwards(refs: readonly PortRef[], here: readonly Place[]): Place[] | undefined {
    const holdUps = follow(refs);
    holdUps?.push(...here);
    return holdUps;
  }
}

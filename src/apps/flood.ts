/**
 * Flood: broadcast, multicast and unknown destinations go to every host port and along one tree, marked while they are between
 * switches. What arrives on a port outside the tree, or unmarked from another switch, finds no rule and is dropped: nothing
 * circles, and what is forwarded stays so.
 */
import { apply, FLOOD_GROUP, FLOOD_PRIORITY, FLOODED, MARK_FLOODED, OFPG, OFPGT, OFPP, UNMARK_FLOODED } from './sdk.ts';
import type { App, Bucket, Instruction, Rule, UsablePort } from './sdk.ts';

const GROUP = { type: 'group', groupId: FLOOD_GROUP } as const;
const FLOOD: readonly Instruction[] = [apply(GROUP)];
const FLOOD_ON: readonly Instruction[] = [apply(UNMARK_FLOODED, GROUP)];
/** A host that marks its frames would get past all other tables. */
const NO_HOSTS_MARK: Rule = {
  table: 'flood',
  priority: (FLOOD_PRIORITY.HOST + FLOOD_PRIORITY.FABRIC) / 2,
  match: FLOODED,
  instructions: [],
};

export const flood: App = {
  name: 'flood',
  id: 6,
  units: (facts) => facts.switches(),
  build: (facts, dpid, output) => {
    const ports = facts.floodPorts(dpid);
    // A switch does not send a frame back where it came from (section 7.2.5), so one group serves all ports.
    output.group(dpid, { groupId: FLOOD_GROUP, groupType: OFPGT.ALL, buckets: ports.map(bucketTo) });
    output.rule(dpid, NO_HOSTS_MARK);
    for (const port of ports) output.rule(dpid, ruleFrom(port));
  },
};

function ruleFrom({ number: inPort, kind }: UsablePort): Rule {
  return kind === 'host'
    ? { table: 'flood', priority: FLOOD_PRIORITY.HOST, match: { inPort }, instructions: FLOOD }
    : { table: 'flood', priority: FLOOD_PRIORITY.FABRIC, match: { inPort, ...FLOODED }, instructions: FLOOD_ON };
}

function bucketTo({ number: port, kind }: UsablePort): Bucket {
  const mark = kind === 'host' ? [] : MARK_FLOODED;
  const actions = [...mark, { type: 'output', port, maxLen: 0 } as const];
  return { weight: 0, watchPort: OFPP.ANY, watchGroup: OFPG.ANY, actions };
}

/**
 * Next hops: on every switch one group for each switch that has hosts, shared by the rules of all of them; one unit a
 * destination. A link that comes or goes changes groups, not a rule for every host, and a port that goes down is passed over by
 * the switch itself.
 */
import { nextHopBuckets, nextHopGroup, OFPGT } from './sdk.ts';
import type { App } from './sdk.ts';

export const nextHops: App = {
  name: 'next-hops',
  id: 7,
  units: (facts) => facts.hostSwitches(),
  build: (facts, target, output) => {
    const groupId = nextHopGroup(target);
    for (const [dpid, ways] of facts.nextHopsTo(target)) {
      const groupType = ways.equal.length > 1 ? OFPGT.SELECT : OFPGT.FF;
      output.group(dpid, { groupId, groupType, ...nextHopBuckets(ways) });
    }
  },
};

/**
 * Next hops: on every switch one group for each other switch that has hosts, shared by the rules of all of them; one unit a
 * switch. A link that comes or goes changes groups, not a rule for every host, and a port that goes down is passed over by
 * the switch itself.
 */
import { nextHopBuckets, nextHopGroup, OFPGT } from './sdk.ts';
import type { App } from './sdk.ts';

export const nextHops: App = {
  name: 'next-hops',
  id: 7,
  units: (facts) => facts.switches(),
  build: (facts, dpid, output) => {
    const reached = facts.nextHopsFrom(dpid);
    for (const target of facts.hostSwitches()) {
      const ways = reached.get(target);
      if (!ways) continue;
      const groupType = ways.equal.length > 1 ? OFPGT.SELECT : OFPGT.FF;
      output.group(dpid, { groupId: nextHopGroup(target), groupType, ...nextHopBuckets(ways) });
    }
  },
};

/**
 * Flood: broadcast, multicast and unknown destinations go to every host port and along one tree. A frame that arrives on
 * a port outside the tree finds no rule and is dropped, so none can circle.
 */
import { apply, FLOOD_GROUP, FLOOD_PRIORITY, OFPG, OFPGT, OFPP } from './sdk.ts';
import type { App, Bucket, Instruction } from './sdk.ts';

const FLOOD: readonly Instruction[] = [apply({ type: 'group', groupId: FLOOD_GROUP })];

export const flood: App = {
  name: 'flood',
  id: 6,
  units: (facts) => facts.switches(),
  build: (facts, dpid, output) => {
    const ports = facts.floodPorts(dpid);
    // A switch does not send a frame back where it came from (section 7.2.5), so one group serves all ports.
    output.group(dpid, { groupId: FLOOD_GROUP, groupType: OFPGT.ALL, buckets: ports.map(bucketTo) });
    for (const inPort of ports) {
      output.rule(dpid, { table: 'flood', priority: FLOOD_PRIORITY, match: { inPort }, instructions: FLOOD });
    }
  },
};

function bucketTo(port: number): Bucket {
  return { weight: 0, watchPort: OFPP.ANY, watchGroup: OFPG.ANY, actions: [{ type: 'output', port, maxLen: 0 }] };
}

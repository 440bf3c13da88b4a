/** Intake: what may enter, and by which way. A port that nobody has looked at yet has no rule here: it carries LLDP only. */
import { apply, ETHER_TYPE, FLOODED, goto, LLDP_MULTICAST, PORT_PRIORITY, toController } from './sdk.ts';
import type { App, Instruction, Match } from './sdk.ts';

const PRIORITY = { LLDP: 1000, DROP: 900, FLOODED: 800 } as const;

const LLDP: Match = { ethType: ETHER_TYPE.LLDP, ethDst: LLDP_MULTICAST };
/** 01-80-C2-00-00-0X never leaves a link (IEEE 802.1Q table 8-1). */
const LINK_LOCAL: Match = { ethDst: { value: 0x0180c2000000, mask: 0xfffffffffff0 } };
/** A group address cannot send. */
const GROUP_SENDER: Match = { ethSrc: { value: 0x010000000000, mask: 0x010000000000 } };

const TO_CONTROLLER: readonly Instruction[] = [apply(toController())];
const DROP: readonly Instruction[] = [];
const FROM_HOST: readonly Instruction[] = [goto('guard')];
/** What comes over the fabric has been guarded, shaped and learnt where it entered. */
const FROM_FABRIC: readonly Instruction[] = [goto('steer')];
/** What is being flooded is flooded on, and nothing else looks at it. */
const FLOOD_ON: readonly Instruction[] = [goto('flood')];

export const intake: App = {
  name: 'intake',
  id: 1,
  units: (facts) => facts.switches(),
  build: (facts, dpid, output) => {
    output.rule(dpid, { table: 'intake', priority: PRIORITY.LLDP, match: LLDP, instructions: TO_CONTROLLER });
    output.rule(dpid, { table: 'intake', priority: PRIORITY.DROP, match: LINK_LOCAL, instructions: DROP });
    output.rule(dpid, { table: 'intake', priority: PRIORITY.DROP + 1, match: GROUP_SENDER, instructions: DROP });
    output.rule(dpid, { table: 'intake', priority: PRIORITY.FLOODED, match: FLOODED, instructions: FLOOD_ON });
    for (const { number, kind } of facts.ports(dpid)) {
      const instructions = kind === 'host' ? FROM_HOST : FROM_FABRIC;
      output.rule(dpid, { table: 'intake', priority: PORT_PRIORITY, match: { inPort: number }, instructions });
    }
  },
};

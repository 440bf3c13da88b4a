/**
 * Reactive: what `forward` does with frames that no conversation's rule knows. Groups are flooded by the switch itself; whoever is
 * one is asked for. Were it flooded too, a rule further on could send it back, and it would circle.
 */
import { apply, goto, toController } from './sdk.ts';
import type { App, Instruction, Match } from './sdk.ts';

const PRIORITY = { GROUPS: 1, ASK: 0 } as const;

/** Broadcast and multicast: the group bit of the address (IEEE 802 clause 8). */
const GROUPS: Match = { ethDst: { value: 0x010000000000, mask: 0x010000000000 } };
const ANYTHING: Match = {};
const FLOOD: readonly Instruction[] = [goto('flood')];
const ASK: readonly Instruction[] = [apply(toController())];

export const reactive: App = {
  name: 'reactive',
  id: 8,
  units: (facts) => facts.switches(),
  build: (_facts, dpid, output) => {
    output.rule(dpid, { table: 'forward', priority: PRIORITY.GROUPS, match: GROUPS, instructions: FLOOD });
    output.rule(dpid, { table: 'forward', priority: PRIORITY.ASK, match: ANYTHING, instructions: ASK });
  },
};

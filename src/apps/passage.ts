/** Passage: the default way through the tables in which nothing special is wanted. */
import { goto } from './sdk.ts';
import type { App, Instruction, TableName } from './sdk.ts';

const WAYS: readonly (readonly [TableName, readonly Instruction[]])[] = [
  ['guard', [goto('shape')]],
  ['shape', [goto('learn')]],
  ['service', [goto('steer')]],
  ['steer', [goto('forward')]],
];
const ANYTHING = {};

export const passage: App = passageBy([...WAYS, ['forward', [goto('flood')]]]);

/** Only as far as `forward`, where reactive forwarding has a way of its own. */
export const passageToForward: App = passageBy(WAYS);

function passageBy(ways: typeof WAYS): App {
  return {
    name: 'passage',
    id: 2,
    units: (facts) => facts.switches(),
    build: (_facts, dpid, output) => {
      for (const [table, instructions] of ways) {
        output.rule(dpid, { table, priority: 0, match: ANYTHING, instructions });
      }
    },
  };
}

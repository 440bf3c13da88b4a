/** Passage: the default way through the tables in which nothing special is wanted. */
import { goto } from './sdk.ts';
import type { App, Instruction, TableName } from './sdk.ts';

const WAYS: readonly (readonly [TableName, readonly Instruction[]])[] = [
  ['guard', [goto('shape')]],
  ['shape', [goto('learn')]],
  ['service', [goto('steer')]],
  ['steer', [goto('forward')]],
  ['forward', [goto('flood')]],
];
const ANYTHING = {};

export const passage: App = {
  name: 'passage',
  id: 2,
  units: (facts) => facts.switches(),
  build: (_facts, dpid, output) => {
    for (const [table, instructions] of WAYS) output.rule(dpid, { table, priority: 0, match: ANYTHING, instructions });
  },
};

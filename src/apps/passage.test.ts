import { describe, expect, it } from 'vitest';
import { formatDpid } from '../core/ids.ts';
import { goto } from '../flows/pipeline.ts';
import { passage } from './passage.ts';
import { rulesOf, TestNetwork } from './testing/rules.ts';

describe('passage', () => {
  it('leads on from every table where nothing else is wanted, by the lowest priority', () => {
    const dpid = formatDpid(1n);
    const rules = rulesOf(new TestNetwork([dpid]).tables([passage]), dpid);
    expect(rules.map(({ table, instructions }) => [table, instructions])).toEqual([
      ['guard', [goto('shape')]],
      ['shape', [goto('learn')]],
      ['service', [goto('steer')]],
      ['steer', [goto('forward')]],
      ['forward', [goto('flood')]],
    ]);
    for (const { priority, match } of rules) expect([priority, match]).toEqual([0, {}]);
  });
});

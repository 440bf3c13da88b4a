import { expect, it } from 'vitest';
import { bucket, OFPGT } from '../../openflow/codec/index.ts';
import { groupItem } from '../items.ts';
import { group, meter, rule, ruleBy, ruleWith } from './testing/rules.ts';
import { usedKeys } from './uses.ts';

it('names the groups and meters that an item needs', () => {
  const [inner] = [group(1)];
  const outer = groupItem({
    groupId: 5,
    groupType: OFPGT.ALL,
    buckets: [bucket({ actions: [{ type: 'group', groupId: inner.groupId }] })],
  });
  expect(usedKeys(rule(1))).toEqual([]);
  expect(usedKeys(inner)).toEqual([]);
  expect(usedKeys(meter(1))).toEqual([]);
  expect(usedKeys(ruleBy(inner, 1))).toEqual([inner.key]);
  expect(usedKeys(ruleWith(meter(1), 1))).toEqual([meter(1).key]);
  expect(usedKeys(outer)).toEqual([inner.key]);
});

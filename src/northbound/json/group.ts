/** A group as REST shows it. */
import { z } from 'zod';
import { actionsToJson, OFPG, OFPGT, OFPP } from '../../openflow/codec/index.ts';
import type { Bucket } from '../../openflow/codec/index.ts';
import type { GroupRecord, GroupRule } from '../services.ts';
import { CounterJson, counter } from './common.ts';
import { OwnerJson } from './flow.ts';

const TYPE_NAMES: ReadonlyMap<number, string> = new Map([
  [OFPGT.ALL, 'all'],
  [OFPGT.SELECT, 'select'],
  [OFPGT.INDIRECT, 'indirect'],
  [OFPGT.FF, 'fast_failover'],
]);

const bucketShape = {
  weight: z.int().meta({ description: 'Share of the traffic, in a select group' }),
  watchPort: z.int().nullable().meta({ description: 'The bucket is used only while this port is up; null for none' }),
  watchGroup: z
    .int()
    .nullable()
    .meta({ description: 'The bucket is used only while this group is alive; null for none' }),
  actions: z.array(z.unknown()).meta({ example: [{ output: 3 }] }),
};

const ruleShape = {
  groupId: z.int(),
  type: z.string().meta({
    description: 'all, select, indirect or fast_failover; a number where OpenFlow 1.3 names none',
    example: 'all',
  }),
};

/** A group without its counters. */
export const GroupRuleJson = z.object({ ...ruleShape, buckets: z.array(z.object(bucketShape)), owner: OwnerJson });

export const GroupJson = z
  .object({
    ...ruleShape,
    buckets: z.array(z.object({ ...bucketShape, packets: CounterJson, bytes: CounterJson })),
    packets: CounterJson,
    bytes: CounterJson,
    references: z.int().nullable().meta({ description: 'Flows and groups that lead to it; null where not told' }),
    durationSeconds: z.number().nullable().meta({ description: 'How long the switch has had it; null where not told' }),
    owner: OwnerJson,
  })
  .meta({ id: 'Group' });

export type GroupRuleJson = z.infer<typeof GroupRuleJson>;
export type GroupJson = z.infer<typeof GroupJson>;

export function groupRuleToJson({ groupId, groupType, buckets, owner }: GroupRule): GroupRuleJson {
  return {
    groupId,
    type: TYPE_NAMES.get(groupType) ?? String(groupType),
    buckets: buckets.map(bucketToJson),
    owner: owner && { kind: owner.kind, name: owner.name },
  };
}

export function groupToJson(group: GroupRecord): GroupJson {
  const { counted } = group;
  const rule = groupRuleToJson(group);
  return {
    ...rule,
    buckets: rule.buckets.map((bucket, index) => {
      const counters = counted?.buckets[index];
      return {
        ...bucket,
        packets: counters ? counter(counters.packetCount) : null,
        bytes: counters ? counter(counters.byteCount) : null,
      };
    }),
    packets: counted ? counter(counted.packets) : null,
    bytes: counted ? counter(counted.bytes) : null,
    references: counted?.references ?? null,
    durationSeconds: counted?.durationSeconds ?? null,
  };
}

function bucketToJson({ weight, watchPort, watchGroup, actions }: Bucket): GroupRuleJson['buckets'][number] {
  return {
    weight,
    watchPort: watchPort === OFPP.ANY ? null : watchPort,
    watchGroup: watchGroup === OFPG.ANY ? null : watchGroup,
    actions: [...actionsToJson(actions)],
  };
}

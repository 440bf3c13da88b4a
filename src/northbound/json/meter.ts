/** A meter as REST shows it: rates per second, in bits or packets, whatever unit the switch was told them in. */
import { z } from 'zod';
import { OFPMF } from '../../openflow/codec/index.ts';
import type { MeterBand } from '../../openflow/codec/index.ts';
import type { MeterRecord, MeterRule } from '../services.ts';
import { CounterJson, counter } from './common.ts';
import { OwnerJson } from './flow.ts';

/** OpenFlow tells rates and bursts in kilobits (section 7.3.4.4). */
const BITS_PER_KILOBIT = 1_000;

const bandShape = {
  type: z.enum(['drop', 'dscp_remark', 'experimenter']),
  rate: z
    .number()
    .meta({ description: "Per second, in the meter's unit: above it the band applies", example: 1_000_000 }),
  burst: z.number().nullable().meta({ description: "In the meter's unit; null where the meter has no burst size" }),
  precLevel: z
    .int()
    .nullable()
    .meta({ description: 'By how much a dscp_remark band lowers the precedence, else null' }),
};

const ruleShape = {
  meterId: z.int(),
  unit: z.enum(['bits', 'packets']).meta({ description: 'What rates and bursts are counted in' }),
};

/** A meter without its counters. */
export const MeterRuleJson = z.object({ ...ruleShape, bands: z.array(z.object(bandShape)), owner: OwnerJson });

export const MeterJson = z
  .object({
    ...ruleShape,
    bands: z
      .array(z.object({ ...bandShape, packets: CounterJson, bytes: CounterJson }))
      .meta({ description: 'Each with what it applied to' }),
    packetsIn: CounterJson,
    bytesIn: CounterJson,
    flows: z.int().nullable().meta({ description: 'Rules that go through it; null where not told' }),
    durationSeconds: z.number().nullable().meta({ description: 'How long the switch has had it; null where not told' }),
    owner: OwnerJson,
  })
  .meta({ id: 'Meter' });

export type MeterRuleJson = z.infer<typeof MeterRuleJson>;
export type MeterJson = z.infer<typeof MeterJson>;

export function meterRuleToJson({ meterId, flags, bands, owner }: MeterRule): MeterRuleJson {
  return {
    meterId,
    unit: inPackets(flags) ? 'packets' : 'bits',
    bands: bands.map((band) => bandToJson(band, flags)),
    owner: owner && { kind: owner.kind, name: owner.name },
  };
}

export function meterToJson(meter: MeterRecord): MeterJson {
  const { counted } = meter;
  const rule = meterRuleToJson(meter);
  return {
    ...rule,
    bands: rule.bands.map((band, index) => {
      const counters = counted?.bands[index];
      return {
        ...band,
        packets: counters ? counter(counters.packetBandCount) : null,
        bytes: counters ? counter(counters.byteBandCount) : null,
      };
    }),
    packetsIn: counted ? counter(counted.packetsIn) : null,
    bytesIn: counted ? counter(counted.bytesIn) : null,
    flows: counted?.flows ?? null,
    durationSeconds: counted?.durationSeconds ?? null,
  };
}

function bandToJson(band: MeterBand, flags: number): MeterRuleJson['bands'][number] {
  const factor = inPackets(flags) ? 1 : BITS_PER_KILOBIT;
  return {
    type: band.type === 'dscpRemark' ? 'dscp_remark' : band.type,
    rate: band.rate * factor,
    burst: (flags & OFPMF.BURST) === 0 ? null : band.burstSize * factor,
    precLevel: band.type === 'dscpRemark' ? band.precLevel : null,
  };
}

function inPackets(flags: number): boolean {
  return (flags & OFPMF.PKTPS) !== 0;
}

import { OFPVID } from '../constants/flows.ts';
import type { OxmField } from './field.ts';

/** The EtherType that a packet_type without an Ethernet header stands for (namespace 1), or -1. */
function etherTypeOfPacket(packetType: unknown): number {
  return typeof packetType === 'number' && packetType >>> 16 === 1 ? packetType & 0xffff : -1;
}

/**
 * What `field` lacks in a match, in words; undefined where its prerequisite stands. A prerequisite needs an exact value
 * (or, for a VLAN tag, a match on its presence); that one's own prerequisites were checked with it.
 */
export function missingPrerequisite(field: OxmField, match: Readonly<Record<string, unknown>>): string | undefined {
  const { needs } = field;
  if (!needs) return undefined;
  const found = match[needs.field];
  if (needs.values.length === 0) {
    const bits =
      typeof found === 'object' && found !== null ? (found as { value: number }).value : (found as number | undefined);
    if (needs.field !== 'vlanVid') return bits === undefined ? needs.field : undefined;
    return bits !== undefined && (bits & OFPVID.PRESENT) !== 0 ? undefined : 'a tagged vlanVid';
  }
  if (typeof found === 'number' && needs.values.includes(found)) return undefined;
  if (needs.field === 'ethType' && needs.values.includes(etherTypeOfPacket(match['packetType']))) return undefined;
  return `${needs.field} ${needs.values.map((value) => `0x${value.toString(16)}`).join(' or ')}`;
}

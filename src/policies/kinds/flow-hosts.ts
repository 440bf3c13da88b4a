/** The hosts that a raw flow names: those whose addresses its match gives in full. */
import { formatIp, formatMac, isGroupMac } from '../../core/addresses.ts';
import { matchFromJson } from '../../openflow/codec/index.ts';
import type { Match } from '../../openflow/codec/index.ts';
import type { FlowSpec } from './flow-rule.ts';

const MAC_FIELDS = [
  'ethSrc',
  'ethDst',
  'arpSha',
  'arpTha',
  'ipv6NdSll',
  'ipv6NdTll',
] as const satisfies (keyof Match)[];
const IPV4_FIELDS = ['ipv4Src', 'ipv4Dst', 'arpSpa', 'arpTpa'] as const satisfies (keyof Match)[];
const IPV6_FIELDS = ['ipv6Src', 'ipv6Dst', 'ipv6NdTarget'] as const satisfies (keyof Match)[];

export function hostsInMatch({ match: json }: Pick<FlowSpec, 'match'>): readonly string[] {
  const match = matchFromJson(json);
  // One that has a mask is an object, and means many.
  const macs = MAC_FIELDS.map((field) => match[field]).filter((value) => typeof value === 'number');
  const ips = [
    ...IPV4_FIELDS.map((field) => match[field]).filter((value) => typeof value === 'number'),
    ...IPV6_FIELDS.map((field) => match[field]).filter((value) => typeof value === 'bigint'),
  ];
  return [...new Set([...macs.filter((mac) => !isGroupMac(mac)).map(formatMac), ...ips.map(formatIp)])];
}

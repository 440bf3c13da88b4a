/** How OXM values read in JSON, REST and logs: one text form per kind of value. */
import { formatIpv4, formatIpv6, formatMac, parseIpv4, parseIpv6, parseMac } from '../../../core/addresses.ts';
import { OFPVID } from '../constants/flows.ts';
import { nameOf } from '../constants/errors.ts';
import { parseBigint, parseInteger, port } from '../json/formats.ts';
import { asText, type Json } from '../json/json.ts';
import type { OxmText } from './field.ts';

type Value = number | bigint;
const hexText = (value: Value): string => `0x${value.toString(16)}`;

/** The text of values with `value/mask` behind a slash. */
function slashed<T extends Value>(
  exact: (value: T) => Json,
  parse: (json: Json) => T | undefined,
  rule: string,
  maskText: (mask: T) => string = hexText,
  valueText: (value: T) => string = (value) => asText(exact(value), 'value'),
): OxmText {
  return {
    exact: (value) => exact(value as T),
    masked: (value, mask) => `${valueText(value as T)}/${maskText(mask as T)}`,
    parse(json) {
      const slash = typeof json === 'string' ? json.indexOf('/') : -1;
      if (slash < 0) return parse(json);
      const [valuePart, maskPart] = [(json as string).slice(0, slash), (json as string).slice(slash + 1)];
      const value = parse(valuePart);
      const mask = parse(maskPart);
      return value === undefined || mask === undefined ? undefined : { value, mask };
    },
    rule,
  };
}

export const decimal = slashed<number>((value) => value, parseInteger, 'a number or "value/mask"', hexText, hexText);
export const hex = slashed<number>(hexText, parseInteger, 'a number like "0x1f" or "value/mask"');
export const hexWide = slashed<bigint>(hexText, parseBigint, 'a number like "0x1f" or "value/mask"');
export const portNumber = slashed<number>(
  (value) => port.toJson(value),
  (json) => {
    try {
      return port.fromJson(json, '');
    } catch {
      return undefined;
    }
  },
  'a port number or the name of a reserved port',
);
export const macAddress = slashed<number>(
  formatMac,
  (json) => (typeof json === 'string' ? parseMac(json) : undefined),
  'a MAC address like "00:00:00:00:00:01" or "address/mask"',
  formatMac,
);

const ALL_V4 = 0xffffffff;
const ALL_V6 = (1n << 128n) - 1n;

/** The prefix length of a contiguous mask, or undefined. */
function prefixLength(mask: Value, bits: number): number | undefined {
  const all = (1n << BigInt(bits)) - 1n;
  const left = all ^ BigInt(mask);
  return (left & (left + 1n)) === 0n ? bits - left.toString(2).length + (left === 0n ? 1 : 0) : undefined;
}

/** A prefix length where the mask is one; a full mask is spelt out, since "/32" means no mask at all. */
function prefixText(mask: Value, bits: number, spelt: string): string {
  const length = prefixLength(mask, bits);
  return length === undefined || length === bits ? spelt : String(length);
}

export const ipv4Address = withPrefix(
  slashed<number>(
    formatIpv4,
    (json) => (typeof json === 'string' ? parseIpv4(json) : undefined),
    'an IPv4 address like "10.0.0.1", "10.0.0.0/24" or "address/mask"',
    (mask) => prefixText(mask, 32, formatIpv4(mask)),
  ),
  32,
  (length) => (length === 0 ? 0 : (ALL_V4 << (32 - length)) >>> 0),
);

export const ipv6Address = withPrefix(
  slashed<bigint>(
    formatIpv6,
    (json) => (typeof json === 'string' ? parseIpv6(json) : undefined),
    'an IPv6 address like "fe80::1", "fe80::/64" or "address/mask"',
    (mask) => prefixText(mask, 128, formatIpv6(mask)),
  ),
  128,
  (length) => ALL_V6 ^ ((1n << BigInt(128 - length)) - 1n),
);

/** Understands `address/length` besides what `base` does. */
function withPrefix(base: OxmText, bits: number, maskOf: (length: number) => Value): OxmText {
  return {
    ...base,
    parse(json) {
      const parts = typeof json === 'string' ? /^(.+)\/(\d{1,3})$/.exec(json) : null;
      if (!parts) return base.parse(json);
      const value = base.parse(parts[1]!);
      const length = Number(parts[2]);
      if (value === undefined || typeof value === 'object' || length > bits) return undefined;
      return length === bits ? value : { value, mask: maskOf(length) };
    },
  };
}

function namedNumber(
  table: Readonly<Record<string, number>>,
  fallback: (value: number) => Json,
  rule: string,
): OxmText {
  return slashed<number>(
    (value) => nameOf(table, value) ?? fallback(value),
    (json) => (typeof json === 'string' && Object.hasOwn(table, json) ? table[json] : parseInteger(json)),
    rule,
  );
}

/** EtherTypes with a name; any other is written in hex. */
const ETHER_TYPES = {
  ipv4: 0x0800,
  arp: 0x0806,
  ipv6: 0x86dd,
  lldp: 0x88cc,
  mpls: 0x8847,
  mplsm: 0x8848,
  pbb: 0x88e7,
};

export const etherType = namedNumber(
  ETHER_TYPES,
  (value) => `0x${value.toString(16).padStart(4, '0')}`,
  `one of ${Object.keys(ETHER_TYPES).join(', ')} or a number like "0x0800"`,
);

const IP_PROTOCOLS = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, sctp: 132 };

/** Printed as a number; names are understood. */
export const ipProtocol: OxmText = {
  ...namedNumber(IP_PROTOCOLS, (value) => value, `one of ${Object.keys(IP_PROTOCOLS).join(', ')} or a number`),
  exact: (value) => Number(value),
};

/** The VLAN's number for a tagged frame; "none" for untagged, "any" for every tag. Other bit patterns stay hex. */
export const vlanVid: OxmText = {
  exact(value) {
    const bits = Number(value);
    if (bits === OFPVID.NONE) return 'none';
    return (bits & OFPVID.PRESENT) !== 0 && bits <= 0x1fff ? bits & 0xfff : hexText(bits);
  },
  masked: (value, mask) =>
    Number(value) === OFPVID.PRESENT && Number(mask) === OFPVID.PRESENT ? 'any' : `${hexText(value)}/${hexText(mask)}`,
  parse(json) {
    if (json === 'none') return OFPVID.NONE;
    if (json === 'any') return { value: OFPVID.PRESENT, mask: OFPVID.PRESENT };
    if (typeof json === 'string' && /^0x/i.test(json)) return hex.parse(json);
    const vid = parseInteger(json);
    return vid !== undefined && vid <= 0xfff ? OFPVID.PRESENT | vid : undefined;
  },
  rule: 'a VLAN number from 0 to 4095, "none", "any" or hex with the present bit, "value/mask"',
};

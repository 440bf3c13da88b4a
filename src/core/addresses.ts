/**
 * Addresses as values that can be compared with `===` and used as Map keys:
 * a MAC is a number of 48 bits, an IPv4 address a number of 32 bits, an IPv6 address a bigint of 128 bits.
 * Text appears only at the edges (REST, logs, screens), in the forms of RFC 5952 for IPv6 and lower-case colons for MACs.
 */
import ipaddr from 'ipaddr.js';

/** 48-bit Ethernet address as an unsigned number. */
export type Mac = number;
/** IPv4 as an unsigned 32-bit number, IPv6 as an unsigned 128-bit bigint: `typeof` tells them apart. */
export type Ip = number | bigint;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const MAC_TEXT = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i;
/** No leading zeros: some read such an octet as octal (RFC 6943 section 3.1.1). */
const IPV4_TEXT = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;

export const MAC_BROADCAST: Mac = 0xffffffffffff;

/** True for broadcast and multicast addresses (the group bit, IEEE 802 clause 8). */
export function isGroupMac(mac: Mac): boolean {
  return (Math.floor(mac / 2 ** 40) & 1) === 1;
}

export function formatMac(mac: Mac): string {
  const high = Math.floor(mac / 2 ** 32);
  const low = mac >>> 0;
  return `${HEX[(high >>> 8) & 0xff]}:${HEX[high & 0xff]}:${HEX[low >>> 24]}:${HEX[(low >>> 16) & 0xff]}:${HEX[(low >>> 8) & 0xff]}:${HEX[low & 0xff]}`;
}

/** The address, or undefined where the text is no MAC in colon form. */
export function parseMac(text: string): Mac | undefined {
  return MAC_TEXT.test(text) ? Number.parseInt(text.replaceAll(':', ''), 16) : undefined;
}

export function formatIpv4(ip: number): string {
  return `${ip >>> 24}.${(ip >>> 16) & 0xff}.${(ip >>> 8) & 0xff}.${ip & 0xff}`;
}

/** The address, or undefined where the text is not four decimal octets. */
export function parseIpv4(text: string): number | undefined {
  const parts = IPV4_TEXT.exec(text);
  if (!parts) return undefined;
  let value = 0;
  for (let i = 1; i <= 4; i++) {
    const octet = Number(parts[i]);
    if (octet > 255) return undefined;
    value = value * 256 + octet;
  }
  return value;
}

export function formatIpv6(ip: bigint): string {
  const bytes: number[] = [];
  for (let shift = 120n; shift >= 0n; shift -= 8n) bytes.push(Number((ip >> shift) & 0xffn));
  return new ipaddr.IPv6(bytes).toRFC5952String();
}

/** The address, or undefined where the text is none or carries a zone, which means something on one machine only. */
export function parseIpv6(text: string): bigint | undefined {
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  return ipaddr.IPv6.parse(text)
    .toByteArray()
    .reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

export function formatIp(ip: Ip): string {
  return typeof ip === 'number' ? formatIpv4(ip) : formatIpv6(ip);
}

export function parseIp(text: string): Ip | undefined {
  return parseIpv4(text) ?? parseIpv6(text);
}

/** fe80::/10, RFC 4291 section 2.5.6. */
export function isLinkLocalIpv6(ip: bigint): boolean {
  return ip >> 118n === 0x3fan;
}

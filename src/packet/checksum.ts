/** The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of 16-bit words. */
import { u16, u8 } from './bytes.ts';

/** The sum of the words in [start, end), not yet folded; an odd last byte counts as a word's high half. */
export function sumWords(data: Uint8Array, start: number, end: number, initial = 0): number {
  let sum = initial;
  let at = start;
  for (; at + 1 < end; at += 2) sum += u16(data, at);
  return at < end ? sum + (u8(data, at) << 8) : sum;
}

/** Folds a sum to 16 bits and complements it: the value to write into a checksum field. */
export function foldSum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = Math.floor(folded / 0x10000) + (folded % 0x10000);
  return ~folded & 0xffff;
}

/** The checksum of [start, end): zero where a correct checksum lies within. */
export function checksum(data: Uint8Array, start: number, end: number, initial = 0): number {
  return foldSum(sumWords(data, start, end, initial));
}

/**
 * The sum over the pseudo header of RFC 9293 section 3.1 and RFC 8200 section 8.1. The two addresses are read where
 * they stand in the frame, in [addresses, addressesEnd): 8 bytes for IPv4, 32 for IPv6.
 */
export function sumPseudoHeader(
  data: Uint8Array,
  addresses: number,
  addressesEnd: number,
  proto: number,
  length: number,
): number {
  return sumWords(data, addresses, addressesEnd, proto + length);
}

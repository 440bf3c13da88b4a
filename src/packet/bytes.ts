/**
 * Big-endian reads and writes. Parsers check lengths before they read; a read past the end gives zero bits and never
 * throws. Writes keep the low bits that fit, and are for buffers whose size the builder has worked out beforehand.
 */

const ENCODER = new TextEncoder();
/** A leading byte order mark is text like any other. */
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });
/** Scratch for 128-bit reads: faster than joining four bigints, and independent of the machine's byte order. */
const WIDE = new DataView(new ArrayBuffer(16));

export const EMPTY = new Uint8Array(0);

export function u8(data: Uint8Array, offset: number): number {
  return data[offset] ?? 0;
}

export function u16(data: Uint8Array, offset: number): number {
  return (u8(data, offset) << 8) | u8(data, offset + 1);
}

export function u24(data: Uint8Array, offset: number): number {
  return (u8(data, offset) << 16) | u16(data, offset + 1);
}

export function u32(data: Uint8Array, offset: number): number {
  return ((u16(data, offset) << 16) | u16(data, offset + 2)) >>> 0;
}

/** A MAC address: beyond 32 bits, so by multiplication. */
export function u48(data: Uint8Array, offset: number): number {
  return u16(data, offset) * 0x1_0000_0000 + u32(data, offset + 2);
}

/** An IPv6 address. */
export function u128(data: Uint8Array, offset: number): bigint {
  for (let i = 0; i < 16; i += 4) WIDE.setUint32(i, u32(data, offset + i));
  return (WIDE.getBigUint64(0) << 64n) | WIDE.getBigUint64(8);
}

/** Text as UTF-8; bytes that are not UTF-8 become U+FFFD. */
export function text(data: Uint8Array, start: number, end: number): string {
  return DECODER.decode(data.subarray(start, end));
}

export function encodeText(value: string): Uint8Array {
  return ENCODER.encode(value);
}

export function putU16(data: Uint8Array, offset: number, value: number): void {
  data[offset] = value >>> 8;
  data[offset + 1] = value;
}

export function putU24(data: Uint8Array, offset: number, value: number): void {
  data[offset] = value >>> 16;
  putU16(data, offset + 1, value);
}

export function putU32(data: Uint8Array, offset: number, value: number): void {
  putU16(data, offset, value >>> 16);
  putU16(data, offset + 2, value);
}

export function putU48(data: Uint8Array, offset: number, value: number): void {
  putU16(data, offset, Math.floor(value / 0x1_0000_0000));
  putU32(data, offset + 2, value);
}

export function putU128(data: Uint8Array, offset: number, value: bigint): void {
  for (let i = 0; i < 4; i++) putU32(data, offset + 4 * i, Number((value >> BigInt(96 - 32 * i)) & 0xffffffffn));
}

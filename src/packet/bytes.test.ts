import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeText, putU128, putU16, putU24, putU32, putU48, text, u128, u16, u24, u32, u48, u8 } from './bytes.ts';
import { arbitrary, hex } from './fixtures.ts';

const DATA = hex('ff 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10');

describe('bytes', () => {
  it('reads big-endian, unsigned', () => {
    expect(u8(DATA, 0)).toBe(0xff);
    expect(u16(DATA, 0)).toBe(0xff01);
    expect(u24(DATA, 0)).toBe(0xff0102);
    expect(u32(DATA, 0)).toBe(0xff010203);
    expect(u48(DATA, 0)).toBe(0xff0102030405);
    expect(u128(DATA, 0)).toBe(0xff0102030405060708090a0b0c0d0e0fn);
    expect(u128(DATA, 1)).toBe(0x0102030405060708090a0b0c0d0e0f10n);
  });

  it('reads zero bits past the end', () => {
    expect(u32(DATA, 15)).toBe(0x0f100000);
    expect(u128(DATA, 100)).toBe(0n);
  });

  it('reads back what it wrote', () => {
    const data = new Uint8Array(32);
    fc.assert(
      fc.property(arbitrary.u32, arbitrary.mac, arbitrary.ipv6, (small, mac, wide) => {
        putU16(data, 1, small);
        expect(u16(data, 1)).toBe(small % 0x10000);
        putU24(data, 1, small);
        expect(u24(data, 1)).toBe(small % 0x1000000);
        putU32(data, 1, small);
        expect(u32(data, 1)).toBe(small);
        putU48(data, 1, mac);
        expect(u48(data, 1)).toBe(mac);
        putU128(data, 1, wide);
        expect(u128(data, 1)).toBe(wide);
        expect(data[0]).toBe(0);
        expect(data.subarray(17).every((byte) => byte === 0)).toBe(true);
      }),
    );
  });

  it('reads text as UTF-8, with a byte order mark kept and broken bytes replaced', () => {
    const value = '\ufeffgr\u00fc\u00df';
    const bytes = encodeText(value);
    expect(text(bytes, 0, bytes.length)).toBe(value);
    expect(text(hex('61 ff 62'), 0, 3)).toBe('a\ufffdb');
  });
});

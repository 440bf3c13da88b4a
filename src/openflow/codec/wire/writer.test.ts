import { describe, expect, it } from 'vitest';
import { EncodeError } from './errors.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

describe('Writer', () => {
  it('writes what Reader reads', () => {
    const writer = new Writer(4);
    writer.u8(0xfe, 'a');
    writer.u16(0xfedc, 'a');
    writer.u24(0xfedcba, 'a');
    writer.u32(0xfedcba98, 'a');
    writer.u48(0xfedcba987654, 'a');
    writer.u64(0xfedcba9876543210n, 'a');
    writer.u128(0xfedcba98765432100123456789abcdefn, 'a');
    const bytes = writer.take();
    expect(bytes.toString('hex')).toBe(
      'fefedcfedcbafedcba98fedcba987654fedcba9876543210fedcba98765432100123456789abcdef',
    );
    const reader = new Reader(bytes);
    expect([reader.u8(), reader.u16(), reader.u24(), reader.u32(), reader.u48(), reader.u64(), reader.u128()]).toEqual([
      0xfe,
      0xfedc,
      0xfedcba,
      0xfedcba98,
      0xfedcba987654,
      0xfedcba9876543210n,
      0xfedcba98765432100123456789abcdefn,
    ]);
    expect(reader.remaining).toBe(0);
  });

  it('never writes again to bytes it handed out', () => {
    const writer = new Writer(16);
    const taken: Buffer[] = [];
    for (let i = 0; i < 100; i++) {
      for (let n = 0; n <= i % 7; n++) writer.u8(i, 'a');
      taken.push(writer.take());
    }
    taken.forEach((bytes, i) => expect(bytes).toEqual(Buffer.alloc((i % 7) + 1, i)));
  });

  it('zeroes padding, even where memory was used before', () => {
    const writer = new Writer(64);
    writer.u64(0xffffffffffffffffn, 'a');
    writer.truncate(1);
    writer.padTo8(0);
    expect(writer.take().toString('hex')).toBe('ff00000000000000');
  });

  it.each([
    ['u8', 256],
    ['u8', -1],
    ['u16', 1.5],
    ['u32', 2 ** 32],
    ['u32', Number.NaN],
    ['u48', 2 ** 48],
    ['u48', -1],
  ] as const)('refuses %s of %d, naming the field', (method, value) => {
    const writer = new Writer();
    expect(() => writer[method](value, 'ttl')).toThrow(EncodeError);
    expect(() => writer[method](value, 'ttl')).toThrow(/^ttl is .* must be an integer from 0/);
    expect(writer.length).toBe(0);
  });

  it('refuses bigints out of range', () => {
    const writer = new Writer();
    expect(() => writer.u64(1n << 64n, 'cookie')).toThrow(EncodeError);
    expect(() => writer.u64(-1n, 'cookie')).toThrow(EncodeError);
    expect(() => writer.u128(1n << 128n, 'address')).toThrow(EncodeError);
  });
});

describe('Reader', () => {
  it('never reads past its end', () => {
    const reader = new Reader(new Uint8Array(16), 0, 3);
    expect(() => reader.u32()).toThrow(/4 bytes are needed and 3 are left/);
    expect(() => reader.take(4)).toThrow();
    expect(() => reader.skip(4)).toThrow();
    expect(reader.pos).toBe(0);
  });
});

import { assert, property, uint8Array } from 'fast-check';
import { expect, it } from 'vitest';
import { bytesFromText, textFromBytes } from './text.ts';

it('gives any bytes back as they were, through JSON too', () => {
  assert(
    property(uint8Array({ maxLength: 20 }), (bytes) => {
      const text = JSON.parse(JSON.stringify(textFromBytes(bytes))) as string;
      expect(bytesFromText(text).equals(bytes)).toBe(true);
    }),
  );
});

it('reads UTF-8 as UTF-8', () => {
  expect(textFromBytes(Buffer.from('größe €𝄞'))).toBe('größe €𝄞');
  expect(textFromBytes(Buffer.from([0x61, 0xff, 0xc3, 0xb6]))).toBe('a\udcffö');
});

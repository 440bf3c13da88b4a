import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { putU16 } from './bytes.ts';
import { checksum, foldSum, sumWords } from './checksum.ts';
import { hex } from './fixtures.ts';

describe('checksum', () => {
  it('gives the sum of RFC 1071 section 3', () => {
    const data = hex('0001 f203 f4f5 f6f7');
    expect(sumWords(data, 0, data.length)).toBe(0x2ddf0);
    expect(checksum(data, 0, data.length)).toBe(~0xddf2 & 0xffff);
  });

  it('takes an odd last byte as the high half of a word', () => {
    expect(checksum(hex('0001 f2'), 0, 3)).toBe(checksum(hex('0001 f200'), 0, 4));
  });

  it('folds sums of any size', () => {
    expect(foldSum(0)).toBe(0xffff);
    expect(foldSum(0xffff)).toBe(0);
    expect(foldSum(0x7fff_8000_0000)).toBe(~(0x7fff + 0x8000) & 0xffff);
  });

  it('is zero over data that hold their own checksum', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2, maxLength: 64 }), (data) => {
        putU16(data, 0, 0);
        putU16(data, 0, checksum(data, 0, data.length));
        expect(checksum(data, 0, data.length)).toBe(0);
      }),
    );
  });
});

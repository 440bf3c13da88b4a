import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOurs, makeCookie, OUR_COOKIE, OUR_COOKIE_MASK, readCookie, RULE_CLASS, unitHash } from './cookie.ts';

const parts = fc.record({
  app: fc.integer({ min: 0, max: 0xff }),
  ruleClass: fc.integer({ min: 0, max: 0xff }),
  unit: fc.integer({ min: 0, max: 0xffffffff }),
});

describe('a cookie', () => {
  it('says whose a rule is', () => {
    fc.assert(
      fc.property(parts, (value) => {
        const cookie = makeCookie(value);
        expect(readCookie(cookie)).toEqual(value);
        expect(isOurs(cookie)).toBe(true);
        expect(cookie & OUR_COOKIE_MASK).toBe(OUR_COOKIE);
        expect(cookie).toBeLessThan(2n ** 64n);
      }),
    );
  });

  it('of others is told from ours', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (cookie) => {
        expect(isOurs(cookie)).toBe(cookie >> 48n === 0x5b0cn);
      }),
    );
  });

  it('never changes its form: a restarted controller, and a newer one, must know their rules again', () => {
    expect(makeCookie({ app: 5, ruleClass: RULE_CLASS.DESIRED, unit: unitHash('foobar') })).toBe(
      0x5b0c_0500_bf9c_f968n,
    );
    expect(makeCookie({ app: 5, ruleClass: RULE_CLASS.REACTIVE, unit: 0 })).toBe(0x5b0c_0501_0000_0000n);
  });
});

describe('the hash of a unit', () => {
  it('is FNV-1a', () => {
    // Test vectors of the authors' page: "", "a" and "foobar".
    expect([unitHash(''), unitHash('a'), unitHash('foobar')]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  });
});

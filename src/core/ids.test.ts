import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePorts, dpidToBigInt, formatDpid, isDpid, linkId, portKey, samePort } from './ids.ts';

const dpid = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const port = fc.record({
  dpid: fc.oneof(dpid, fc.bigInt({ min: 0n, max: 3n })).map(formatDpid),
  port: fc.integer({ min: 1, max: 12 }),
});

describe('a datapath id', () => {
  it('is the same after a round trip through text', () => {
    fc.assert(fc.property(dpid, (value) => isDpid(formatDpid(value)) && dpidToBigInt(formatDpid(value)) === value));
  });

  it.each(['', '1', '000000000000000G', '000000000000000A', '00000000000000001', '0x00000000000001'])(
    'is not %j',
    (text) => {
      expect(isDpid(text)).toBe(false);
    },
  );
});

describe('ports in order', () => {
  it('go by datapath, then by number as a number', () => {
    const refs = [
      { dpid: formatDpid(2n), port: 1 },
      { dpid: formatDpid(1n), port: 10 },
      { dpid: formatDpid(1n), port: 9 },
    ];
    expect(refs.sort(comparePorts).map(portKey)).toEqual([
      '0000000000000001:9',
      '0000000000000001:10',
      '0000000000000002:1',
    ]);
  });

  it('are a total order whose zero is sameness', () => {
    fc.assert(
      fc.property(port, port, port, (a, b, c) => {
        expect(Math.sign(comparePorts(a, b))).toBe(-Math.sign(comparePorts(b, a)) + 0);
        expect(comparePorts(a, b) === 0).toBe(samePort(a, b));
        expect(portKey(a) === portKey(b)).toBe(samePort(a, b));
        if (comparePorts(a, b) <= 0 && comparePorts(b, c) <= 0) expect(comparePorts(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('a link id', () => {
  it('is the same whichever way round, and starts with the lower end', () => {
    fc.assert(
      fc.property(port, port, (a, b) => {
        expect(linkId(a, b)).toBe(linkId(b, a));
        const [low, high] = comparePorts(a, b) <= 0 ? [a, b] : [b, a];
        expect(linkId(a, b)).toBe(`${portKey(low)}-${portKey(high)}`);
      }),
    );
  });
});

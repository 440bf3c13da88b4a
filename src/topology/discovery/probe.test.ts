import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDpid } from '../../core/ids.ts';
import { buildEthernet, buildLldp, ETHER_TYPE, lldpTextId } from '../../packet/index.ts';
import { isLldp, ProbeFrame, readProbe } from './probe.ts';
import type { Probe } from './probe.ts';

const KEY = new Uint8Array(32).fill(7);
const PORT_MAC = 0x0200_0000_0001;
const PROBE: Probe = { from: { dpid: formatDpid(0xabcn), port: 3 }, sequence: 5, sentAt: 1_234.5 };

function buildProbe(key: Uint8Array, { from, sequence, sentAt }: Probe): Uint8Array {
  return new ProbeFrame(key, from, PORT_MAC).stamp(sequence, sentAt);
}

describe('a probe', () => {
  it('is read as it was built', () => {
    const probe = fc.record({
      from: fc.record({
        dpid: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(formatDpid),
        port: fc.integer({ min: 1, max: 0xffffff00 }),
      }),
      sequence: fc.integer({ min: 0, max: 0xffffffff }),
      sentAt: fc.double({ noNaN: true }),
    });
    fc.assert(
      fc.property(probe, (value) => {
        const frame = buildProbe(KEY, value);
        expect(isLldp(frame)).toBe(true);
        expect(readProbe(KEY, frame)).toEqual(value);
      }),
    );
  });

  it('is stamped anew in the same bytes', () => {
    const frame = new ProbeFrame(KEY, PROBE.from, PORT_MAC);
    const first = frame.stamp(1, 10);
    const copy = first.slice();
    const second = frame.stamp(2, 20.25);
    expect(second).toBe(first);
    expect(readProbe(KEY, copy)).toEqual({ from: PROBE.from, sequence: 1, sentAt: 10 });
    expect(readProbe(KEY, second)).toEqual({ from: PROBE.from, sequence: 2, sentAt: 20.25 });
  });

  it('is none with any single bit changed that it means', () => {
    const frame = buildProbe(KEY, PROBE);
    // What a frame says of its way (Ethernet addresses), its TTL and the end are not signed; all else is.
    const meaning = JSON.stringify(PROBE);
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const changed = frame.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const read = readProbe(KEY, changed);
      if (read) expect(JSON.stringify(read)).toBe(meaning);
    }
  });

  it('is none under another key', () => {
    expect(readProbe(new Uint8Array(32).fill(8), buildProbe(KEY, PROBE))).toBeUndefined();
  });

  it('is none when cut off anywhere', () => {
    const frame = buildProbe(KEY, PROBE);
    for (let length = 0; length < frame.length - 2; length++) {
      expect(readProbe(KEY, frame.subarray(0, length))).toBeUndefined();
    }
  });

  it('is no other LLDP frame, and no frame of another kind', () => {
    const id = lldpTextId(7, 'switch');
    const lldp = buildLldp({ ethSrc: PORT_MAC, chassisId: id, portId: id, ttl: 120 });
    expect(readProbe(KEY, lldp)).toBeUndefined();
    expect(isLldp(lldp)).toBe(true);
    const other = buildEthernet({ ethDst: 1, ethSrc: 2, etherType: ETHER_TYPE.IPV4, payload: new Uint8Array(60) });
    expect(readProbe(KEY, other)).toBeUndefined();
    expect(isLldp(other)).toBe(false);
  });

  it('is never read from noise, and noise does not make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (noise) => {
        const frame = new Uint8Array(14 + noise.length);
        frame.set(buildProbe(KEY, PROBE).subarray(0, 14));
        frame.set(noise, 14);
        expect(readProbe(KEY, frame)).toBeUndefined();
        expect(readProbe(KEY, noise)).toBeUndefined();
      }),
    );
  });
});

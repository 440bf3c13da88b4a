/** Whatever arrives, parsers answer with something inside the frame or with undefined: they never throw. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAMES } from './fixtures.ts';
import * as packet from './index.ts';

const PARSERS: readonly ((data: Uint8Array, offset: number, end?: number) => object | undefined)[] = [
  packet.parseArp,
  packet.parseIpv4,
  packet.parseIpv6,
  packet.parseIcmp,
  packet.parseNd,
  packet.parseTcp,
  packet.parseUdp,
  packet.parseSctp,
  packet.parseDhcp,
  packet.parseLldp,
];
/** Where headers start in the frames below, and past the end of the short ones. */
const OFFSETS = [0, 14, 18, 34, 42, 54, 62, 1000];

function expectInside(parsed: object | undefined, data: Uint8Array, offset: number): void {
  if (parsed === undefined) return;
  const { payload, end } = parsed as { payload?: number; end?: number };
  if (payload !== undefined && (payload < offset || payload > data.length)) throw new Error(`payload at ${payload}`);
  if (end !== undefined && (end < (payload ?? offset) || end > data.length)) throw new Error(`end at ${end}`);
}

function parseEverything(data: Uint8Array): void {
  expectInside(packet.parseEthernet(data), data, 0);
  for (const offset of OFFSETS) {
    for (const parse of PARSERS) {
      expectInside(parse(data, offset), data, offset);
      expectInside(parse(data, offset, data.length - 3), data, offset);
    }
    const ip = packet.parseIpv4(data, offset) ?? packet.parseIpv6(data, offset);
    if (ip === undefined) continue;
    packet.isTransportChecksumValid(data, ip);
    if ('id' in ip) packet.findIpv4Option(data, ip, 0x94);
    const nd = packet.parseNd(data, ip.payload, ip.end);
    if (nd !== undefined && 'hopLimit' in ip) packet.isAcceptableNd(data, ip, nd);
  }
  const fields = packet.toMatchFields(data, 1);
  for (const value of Object.values(fields ?? {})) {
    if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new Error(`A field is ${value}.`);
  }
  expect(packet.summarize(data)).toMatch(/^\P{C}+$/u);
}

describe('robustness', () => {
  it.each(Object.entries(FRAMES))('takes every prefix of %s', (_, frame) => {
    for (let length = 0; length <= frame.length; length++) parseEverything(frame.subarray(0, length));
  });

  it('takes random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (data) => parseEverything(data)),
      { numRuns: 300 },
    );
  });

  it('takes valid frames with some bytes changed', () => {
    const changes = fc.array(fc.tuple(fc.nat(120), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(FRAMES)), changes, (frame, changes) => {
        const data = frame.slice();
        for (const [at, value] of changes) data[at % data.length] = value;
        parseEverything(data);
      }),
      { numRuns: 1000 },
    );
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PacketBuildError } from './errors.ts';
import { buildEthernet, ETHER_TYPE, ETHERNET_MIN_FRAME, parseEthernet } from './ethernet.ts';
import { arbitrary, hex, LINK } from './fixtures.ts';

const ENDS = '0200 0000 0002  0200 0000 0001';

describe('parseEthernet', () => {
  it('reads an untagged frame', () => {
    expect(parseEthernet(hex(`${ENDS} 0800`))).toEqual({
      dst: 0x020000000002,
      src: 0x020000000001,
      vlan: undefined,
      pcp: 0,
      innerVlan: undefined,
      etherType: ETHER_TYPE.IPV4,
      payload: 14,
    });
  });

  it('reads an 802.1Q tag', () => {
    expect(parseEthernet(hex(`${ENDS} 8100 a00a 0806`))).toMatchObject({
      vlan: 10,
      pcp: 5,
      innerVlan: undefined,
      etherType: ETHER_TYPE.ARP,
      payload: 18,
    });
  });

  it('reads an 802.1ad tag over an 802.1Q tag, outermost first', () => {
    const frame = hex(`${ENDS} 88a8 7064 8100 000a 86dd`);
    expect(parseEthernet(frame)).toMatchObject({ vlan: 100, pcp: 3, innerVlan: 10, etherType: 0x86dd, payload: 22 });
    expect(parseEthernet(frame, 1)).toMatchObject({ vlan: 100, innerVlan: undefined, etherType: 0x8100, payload: 18 });
  });

  it('stops at a third tag', () => {
    const frame = hex(`${ENDS} 8100 0001 8100 0002 8100 0003 0800`);
    expect(parseEthernet(frame)).toMatchObject({ vlan: 1, innerVlan: 2, etherType: ETHER_TYPE.VLAN, payload: 22 });
  });

  it('finds the type of an 802.3 frame behind LLC and SNAP, and says NONE without', () => {
    expect(parseEthernet(hex(`${ENDS} 0026 aaaa03 000000 0800`))).toMatchObject({ etherType: 0x0800, payload: 22 });
    expect(parseEthernet(hex(`${ENDS} 0026 aaaa03 00000c 2000`))).toMatchObject({ etherType: ETHER_TYPE.NONE });
    expect(parseEthernet(hex(`${ENDS} 0026 424203`))).toMatchObject({ etherType: ETHER_TYPE.NONE, payload: 14 });
  });

  it('refuses headers that end early', () => {
    expect(parseEthernet(hex(`${ENDS} 08`))).toBeUndefined();
    expect(parseEthernet(hex(`${ENDS} 8100 0001 08`))).toBeUndefined();
    expect(parseEthernet(new Uint8Array(0))).toBeUndefined();
  });
});

describe('buildEthernet', () => {
  it('gives back what was built, padded to 60 bytes', () => {
    const etherType = fc.integer({ min: 0x0600, max: 0xffff }).filter((type) => type !== 0x8100 && type !== 0x88a8);
    fc.assert(
      fc.property(
        arbitrary.mac,
        arbitrary.mac,
        arbitrary.tags,
        etherType,
        arbitrary.bytes,
        (ethDst, ethSrc, tags, etherType, payload) => {
          const frame = buildEthernet({ ethDst, ethSrc, tags, etherType, payload });
          const at = 14 + 4 * tags.length;
          expect(parseEthernet(frame)).toEqual({
            dst: ethDst,
            src: ethSrc,
            vlan: tags[0]?.vid,
            pcp: tags[0]?.pcp ?? 0,
            innerVlan: tags[1]?.vid,
            etherType,
            payload: at,
          });
          expect(frame.length).toBe(Math.max(ETHERNET_MIN_FRAME, at + payload.length));
          expect(frame.subarray(at, at + payload.length)).toEqual(payload);
          expect(frame.subarray(at + payload.length).every((byte) => byte === 0)).toBe(true);
        },
      ),
    );
  });

  it('names a tag that is out of range', () => {
    const build = (vid: number, pcp: number) => () =>
      buildEthernet({ ...LINK, tags: [{ vid, pcp }], etherType: 0x0800, payload: hex('') });
    expect(build(4096, 0)).toThrow(new PacketBuildError('VLAN id is 4096; give a whole number from 0 to 4095.'));
    expect(build(1, 8)).toThrow(PacketBuildError);
  });
});

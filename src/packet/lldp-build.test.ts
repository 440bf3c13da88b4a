import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PacketBuildError } from './errors.ts';
import { parseEthernet } from './ethernet.ts';
import { A, arbitrary, FRAMES, hex } from './fixtures.ts';
import { LLDP_MULTICAST, parseLldp } from './lldp.ts';
import type { LldpOptions } from './lldp-build.ts';
import { buildLldp, lldpTextId } from './lldp-build.ts';

const id = fc.record({ subtype: arbitrary.u8, value: fc.uint8Array({ minLength: 1, maxLength: 255 }) });
const organizational = fc.record({
  oui: fc.integer({ min: 0, max: 0xffffff }),
  subtype: arbitrary.u8,
  value: fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: 500, maxLength: 507 })),
});
const text = fc.string({ maxLength: 60, unit: 'binary' });
const lldp = fc.record(
  {
    chassisId: id,
    portId: id,
    ttl: arbitrary.u16,
    portDescription: text,
    systemName: text,
    systemDescription: text,
    organizational: fc.array(organizational, { maxLength: 3 }),
  },
  { requiredKeys: ['chassisId', 'portId', 'ttl', 'organizational'] },
);

describe('buildLldp', () => {
  it('builds a frame byte by byte', () => {
    const mandatory = '0207 04 0200 0000 0001  0408 05 73312d65746831  0602 0078';
    const texts = '0805 746f207332  0a02 7331  0c08 6120737769746368';
    const rest = 'fe06 0080c2 01 000a  0000';
    expect(FRAMES.lldp).toEqual(hex(`0180 c200 000e 0200 0000 0001 88cc ${mandatory} ${texts} ${rest}`));
  });

  it('gives back what was built', () => {
    fc.assert(
      fc.property(lldp, arbitrary.tags, (lldp, tags) => {
        const frame = buildLldp({ ...lldp, ethSrc: A.mac, tags });
        const ethernet = parseEthernet(frame);
        expect(ethernet?.dst).toBe(LLDP_MULTICAST);
        const { portDescription, systemName, systemDescription } = lldp;
        const expected = { ...lldp, portDescription, systemName, systemDescription };
        expect(parseLldp(frame, ethernet?.payload ?? 0)).toEqual(expected);
      }),
    );
  });

  it('names what does not fit', () => {
    const options = { ethSrc: A.mac, chassisId: lldpTextId(7, 's1'), portId: lldpTextId(7, '1'), ttl: 1 };
    const build = (change: Partial<LldpOptions>) => () => buildLldp({ ...options, ...change });
    const tlv = { oui: 1, subtype: 1, value: hex('') };
    expect(build({})).not.toThrow();
    expect(build({ portId: lldpTextId(7, '') })).toThrow(PacketBuildError);
    expect(build({ chassisId: lldpTextId(7, 'x'.repeat(256)) })).toThrow(PacketBuildError);
    expect(build({ ttl: 65_536 })).toThrow(PacketBuildError);
    expect(build({ systemName: '\u00fc'.repeat(128) })).toThrow(PacketBuildError);
    expect(build({ organizational: [{ ...tlv, value: new Uint8Array(508) }] })).toThrow(PacketBuildError);
    expect(build({ organizational: Array.from({ length: 65 }, () => tlv) })).toThrow(PacketBuildError);
  });
});

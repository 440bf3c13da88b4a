import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARP_OP, buildArp, isArpAnnouncement, isArpProbe, parseArp } from './arp.ts';
import { parseEthernet } from './ethernet.ts';
import { A, arbitrary, B, hex } from './fixtures.ts';

const REQUEST = '0001 0800 06 04 0001  0200 0000 0001  0a00 0001  0000 0000 0000  0a00 0002';

describe('parseArp', () => {
  it('reads a request', () => {
    expect(parseArp(hex(REQUEST), 0)).toEqual({ op: ARP_OP.REQUEST, sha: A.mac, spa: A.ip, tha: 0, tpa: B.ip });
  });

  it.each([
    ['another hardware', REQUEST.replace('0001', '0006')],
    ['another protocol', REQUEST.replace('0800', '86dd')],
    ['another hardware length', REQUEST.replace('06 04', '08 04')],
    ['another protocol length', REQUEST.replace('06 04', '06 10')],
    ['a missing last byte', REQUEST.slice(0, -2)],
  ])('refuses %s', (_, digits) => {
    expect(parseArp(hex(digits), 0)).toBeUndefined();
  });

  it('tells probes and announcements (RFC 5227) from questions', () => {
    const question = { op: ARP_OP.REQUEST, sha: A.mac, spa: A.ip, tha: 0, tpa: B.ip };
    expect([isArpProbe(question), isArpAnnouncement(question)]).toEqual([false, false]);
    expect([isArpProbe({ ...question, spa: 0 }), isArpAnnouncement({ ...question, spa: 0 })]).toEqual([true, false]);
    const announcement = { ...question, tpa: A.ip };
    expect([isArpProbe(announcement), isArpAnnouncement(announcement)]).toEqual([false, true]);
    expect(isArpAnnouncement({ ...question, spa: 0, tpa: 0 })).toBe(false);
  });
});

describe('buildArp', () => {
  it('builds the request byte by byte', () => {
    const frame = buildArp({ op: ARP_OP.REQUEST, sha: A.mac, spa: A.ip, tha: 0, tpa: B.ip });
    expect(frame).toEqual(hex(`ffff ffff ffff 0200 0000 0001 0806 ${REQUEST} ${'00'.repeat(18)}`));
  });

  it('sends a request to all, an answer to the asker, and either where it is told', () => {
    const fields = { sha: A.mac, spa: A.ip, tha: B.mac, tpa: B.ip };
    expect(parseEthernet(buildArp({ op: ARP_OP.REQUEST, ...fields }))?.dst).toBe(0xffffffffffff);
    expect(parseEthernet(buildArp({ op: ARP_OP.REPLY, ...fields }))?.dst).toBe(B.mac);
    expect(parseEthernet(buildArp({ op: ARP_OP.REQUEST, ...fields, ethDst: 5, ethSrc: 6 }))).toMatchObject({
      dst: 5,
      src: 6,
    });
  });

  it('gives back what was built', () => {
    const packet = fc.record({
      op: arbitrary.u16,
      sha: arbitrary.mac,
      spa: arbitrary.u32,
      tha: arbitrary.mac,
      tpa: arbitrary.u32,
    });
    fc.assert(
      fc.property(packet, arbitrary.tags, (arp, tags) => {
        const frame = buildArp({ ...arp, tags });
        expect(parseArp(frame, 14 + 4 * tags.length)).toEqual(arp);
      }),
    );
  });
});

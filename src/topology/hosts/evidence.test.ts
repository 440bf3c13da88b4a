import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIpv6 } from '../../core/addresses.ts';
import {
  ARP_OP,
  buildArp,
  buildDhcp,
  buildEthernet,
  buildLldp,
  buildNeighborAdvertisement,
  buildNeighborSolicitation,
  buildRouterSolicitation,
  buildUdp,
  DHCP_MESSAGE_TYPE,
  DHCP_OP,
  ETHER_TYPE,
  lldpTextId,
} from '../../packet/index.ts';
import { readEvidence } from './evidence.ts';

const MAC = 0x0200_0000_0001;
const OTHER = 0x0200_0000_0002;
const BROADCAST = 0xffff_ffff_ffff;
const IP = 0x0a00_0001;
const IP6 = parseIpv6('2001:db8::1')!;
const LINK = { ethDst: OTHER, ethSrc: MAC };
const PORTS = { srcPort: 49_200, dstPort: 49_201 };

function arp(spa: number, sha = MAC, ethSrc = MAC): Uint8Array {
  return buildArp({ op: ARP_OP.REQUEST, ethSrc, sha, spa, tha: 0, tpa: 0x0a00_0009 });
}

function addressOf(frame: Uint8Array) {
  return readEvidence(frame)?.address;
}

describe('ARP', () => {
  it('tells the sender and its address, for certain', () => {
    expect(readEvidence(arp(IP))).toEqual({
      mac: MAC,
      vlan: undefined,
      address: { ip: IP, certain: true },
      lease: undefined,
    });
    const reply = buildArp({ op: ARP_OP.REPLY, sha: MAC, spa: IP, tha: OTHER, tpa: 5, tags: [{ vid: 10, pcp: 0 }] });
    expect(readEvidence(reply)).toMatchObject({ mac: MAC, vlan: 10, address: { ip: IP } });
  });

  it('tells no address when it probes for one, speaks for another, or names one that no host has', () => {
    for (const frame of [arp(0), arp(IP, OTHER, MAC), arp(0x7f000001), arp(0xe0000001), arp(0xffffffff)]) {
      expect(readEvidence(frame)?.mac).toBe(MAC);
      expect(addressOf(frame)).toBeUndefined();
    }
  });
});

describe('Neighbor Discovery', () => {
  it('tells who solicits, and who advertises', () => {
    const asks = buildNeighborSolicitation({ ethSrc: MAC, src: IP6, target: IP6 + 1n });
    expect(addressOf(asks)).toEqual({ ip: IP6, certain: true });
    const link = { router: false, solicited: false, override: true };
    const answers = buildNeighborAdvertisement({
      ethSrc: MAC,
      src: IP6 + 7n,
      target: IP6,
      targetLinkLayer: MAC,
      ...link,
    });
    expect(addressOf(answers)).toEqual({ ip: IP6, certain: true });
    const seeks = buildRouterSolicitation({ ethSrc: MAC, src: parseIpv6('fe80::1')! });
    expect(addressOf(seeks)).toEqual({ ip: parseIpv6('fe80::1'), certain: true });
  });

  it('tells no address when it asks whether one is free', () => {
    const frame = buildNeighborSolicitation({ ethSrc: MAC, src: 0n, target: IP6 });
    expect(readEvidence(frame)?.mac).toBe(MAC);
    expect(addressOf(frame)).toBeUndefined();
  });

  it('tells nothing of another for whom the sender speaks', () => {
    const flags = { router: false, solicited: false, override: true };
    const proxy = buildNeighborAdvertisement({
      ethSrc: MAC,
      src: IP6 + 7n,
      target: IP6,
      targetLinkLayer: OTHER,
      ...flags,
    });
    expect(addressOf(proxy)).toBeUndefined();
  });

  it('is not believed when it came through a router or its checksum is wrong', () => {
    const frame = buildNeighborSolicitation({ ethSrc: MAC, src: IP6, target: IP6 + 1n });
    const far = frame.slice();
    far[14 + 7] = 64;
    expect(addressOf(far)).toBeUndefined();
    const broken = frame.slice();
    broken[14 + 40 + 2]! ^= 0xff;
    expect(addressOf(broken)).toBeUndefined();
  });
});

describe('IP packets', () => {
  it('tell their source, which is not certain to be the sender', () => {
    const v4 = buildUdp({ ...LINK, ...PORTS, src: IP, dst: IP + 1, payload: new Uint8Array(4) });
    expect(addressOf(v4)).toEqual({ ip: IP, certain: false });
    const v6 = buildUdp({ ...LINK, ...PORTS, src: IP6, dst: IP6 + 1n, payload: new Uint8Array(4) });
    expect(addressOf(v6)).toEqual({ ip: IP6, certain: false });
  });

  it.each([
    ['unspecified', 0],
    ['loopback', 0x7f000001],
    ['multicast', 0xe0000001],
    ['broadcast', 0xffffffff],
    ['unspecified, version 6', 0n],
    ['loopback, version 6', 1n],
    ['multicast, version 6', (0xffn << 120n) + 1n],
  ])('tell no address from a source that is %s', (_, src) => {
    const addresses = typeof src === 'bigint' ? { src, dst: IP6 } : { src, dst: IP };
    const frame = buildUdp({ ...LINK, ...PORTS, ...addresses, payload: new Uint8Array(4) });
    expect(readEvidence(frame)?.mac).toBe(MAC);
    expect(addressOf(frame)).toBeUndefined();
  });
});

describe('DHCP', () => {
  const message = {
    ethDst: OTHER,
    ethSrc: MAC,
    op: DHCP_OP.BOOTREPLY,
    src: IP,
    dst: IP + 5,
    xid: 1,
    chaddr: OTHER,
    yiaddr: IP + 5,
    messageType: DHCP_MESSAGE_TYPE.ACK,
  };

  it('tells by an acknowledgement which address a client has now', () => {
    expect(readEvidence(buildDhcp(message))).toMatchObject({
      mac: MAC,
      address: { ip: IP, certain: false },
      lease: { mac: OTHER, ip: IP + 5 },
    });
  });

  it('tells no lease by an offer, a client, or an acknowledgement without address', () => {
    for (const frame of [
      buildDhcp({ ...message, messageType: DHCP_MESSAGE_TYPE.OFFER }),
      buildDhcp({ ...message, op: DHCP_OP.BOOTREQUEST }),
      buildDhcp({ ...message, yiaddr: 0 }),
    ]) {
      expect(readEvidence(frame)).toBeDefined();
      expect(readEvidence(frame)?.lease).toBeUndefined();
    }
  });
});

describe('any frame', () => {
  it('tells its sender, whatever it carries', () => {
    const frame = buildEthernet({ ...LINK, etherType: 0x88b5, payload: new Uint8Array(4), tags: [{ vid: 7, pcp: 0 }] });
    expect(readEvidence(frame)).toEqual({ mac: MAC, vlan: 7, address: undefined, lease: undefined });
    const id = lldpTextId(7, 'x');
    expect(readEvidence(buildLldp({ ethSrc: MAC, chassisId: id, portId: id, ttl: 1 }))?.mac).toBe(MAC);
  });

  it.each([
    ['a group', 0x0100_5e00_0001],
    ['everybody', BROADCAST],
    ['nobody', 0],
  ])('tells nothing when its sender is %s', (_, ethSrc) => {
    expect(
      readEvidence(buildEthernet({ ethDst: MAC, ethSrc, etherType: 0x88b5, payload: new Uint8Array(4) })),
    ).toBeUndefined();
  });

  it('never makes it throw, cut off or garbled as it may be', () => {
    const whole = [
      arp(IP),
      buildNeighborSolicitation({ ethSrc: MAC, src: IP6, target: IP6 + 1n }),
      buildUdp({ ...LINK, ...PORTS, src: IP, dst: IP + 1, payload: new Uint8Array(4) }),
      buildDhcp({
        ...LINK,
        op: DHCP_OP.BOOTREPLY,
        src: IP,
        dst: IP,
        xid: 1,
        chaddr: 1,
        yiaddr: IP,
        messageType: DHCP_MESSAGE_TYPE.ACK,
      }),
    ];
    for (const frame of whole) {
      for (let length = 0; length < frame.length; length++) readEvidence(frame.subarray(0, length));
    }
    const noise = fc.tuple(fc.constantFrom(...whole), fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }))));
    fc.assert(
      fc.property(noise, ([frame, changes]) => {
        const garbled = frame.slice();
        for (const [at, value] of changes) garbled[at % garbled.length] = value;
        const evidence = readEvidence(garbled);
        if (evidence) expect(evidence.mac).toBeGreaterThan(0);
      }),
    );
    expect(readEvidence(new Uint8Array(0))).toBeUndefined();
    expect(
      readEvidence(buildEthernet({ ...LINK, etherType: ETHER_TYPE.ARP, payload: new Uint8Array(3) }))?.address,
    ).toBeUndefined();
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PacketBuildError } from './errors.ts';
import { parseEthernet } from './ethernet.ts';
import { A, arbitrary, B, FRAMES, hex, LINK, V6 } from './fixtures.ts';
import { parseIpv6 } from './ipv6.ts';
import { multicastMacOfIpv6, solicitedNode } from './multicast.ts';
import type { NdMessage } from './nd.ts';
import { isAcceptableNd, parseNd } from './nd.ts';
import {
  buildNeighborAdvertisement,
  buildNeighborSolicitation,
  buildRouterAdvertisement,
  buildRouterSolicitation,
} from './nd-build.ts';

/** Parses the frame whole; undefined unless a receiver may act on it. */
function receive(frame: Uint8Array): NdMessage | undefined {
  const ip = parseIpv6(frame, 14);
  const nd = ip && parseNd(frame, ip.payload, ip.end);
  return ip && nd && isAcceptableNd(frame, ip, nd) ? nd : undefined;
}

describe('Neighbor Discovery builders', () => {
  it('builds a solicitation byte by byte', () => {
    const header =
      '6000 0000 0020 3a ff fe80 0000 0000 0000 0000 0000 0000 0001 ff02 0000 0000 0000 0000 0001 ff00 0002';
    const message = '8700 7a97 0000 0000 fe80 0000 0000 0000 0000 0000 0000 0002 0101 0200 0000 0001';
    expect(FRAMES.neighborSolicitation).toEqual(hex(`3333 ff00 0002 0200 0000 0001 86dd ${header} ${message}`));
  });

  it('gives back a solicitation', () => {
    fc.assert(
      fc.property(arbitrary.mac, arbitrary.ipv6Host, arbitrary.ipv6Host, (ethSrc, src, target) => {
        const frame = buildNeighborSolicitation({ ethSrc, src, target });
        expect(receive(frame)).toEqual({ type: 'neighborSolicitation', target, sourceLinkLayer: ethSrc });
        expect(parseIpv6(frame, 14)?.dst).toBe(solicitedNode(target));
        expect(parseEthernet(frame)?.dst).toBe(multicastMacOfIpv6(solicitedNode(target)));
        const duplicate = buildNeighborSolicitation({ ethSrc, src: 0n, target });
        expect(receive(duplicate)).toEqual({ type: 'neighborSolicitation', target, sourceLinkLayer: undefined });
      }),
    );
  });

  it('gives back an advertisement', () => {
    const fields = fc.record({
      target: arbitrary.ipv6Host,
      targetLinkLayer: arbitrary.mac,
      router: fc.boolean(),
      solicited: fc.boolean(),
      override: fc.boolean(),
    });
    fc.assert(
      fc.property(fields, (fields) => {
        const frame = buildNeighborAdvertisement({ ...LINK, ...V6, ...fields });
        expect(receive(frame)).toEqual({ type: 'neighborAdvertisement', ...fields });
      }),
    );
  });

  it('gives back router messages', () => {
    const prefix = fc.record({
      prefix: arbitrary.ipv6,
      prefixLength: fc.integer({ min: 0, max: 128 }),
      onLink: fc.boolean(),
      autonomous: fc.boolean(),
      validLifetime: arbitrary.u32,
      preferredLifetime: arbitrary.u32,
    });
    const fields = fc.record({
      hopLimit: arbitrary.u8,
      managed: fc.boolean(),
      other: fc.boolean(),
      routerLifetime: arbitrary.u16,
      reachableTimeMs: arbitrary.u32,
      retransTimerMs: arbitrary.u32,
      prefixes: fc.array(prefix, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fields, arbitrary.u32, (fields, mtu) => {
        const from = { ethSrc: A.mac, src: A.ip6 };
        const rest = { type: 'routerAdvertisement', sourceLinkLayer: A.mac, ...fields };
        expect(receive(buildRouterAdvertisement({ ...from, ...fields }))).toEqual({ ...rest, mtu: undefined });
        expect(receive(buildRouterAdvertisement({ ...from, ...fields, mtu }))).toEqual({ ...rest, mtu });
      }),
    );
    const solicitation = { type: 'routerSolicitation', sourceLinkLayer: A.mac };
    expect(receive(buildRouterSolicitation({ ethSrc: A.mac, src: A.ip6 }))).toEqual(solicitation);
    const nameless = { type: 'routerSolicitation', sourceLinkLayer: undefined };
    expect(receive(buildRouterSolicitation({ ethSrc: A.mac, src: 0n }))).toEqual(nameless);
  });

  it('asks for the MAC of a destination that is no group', () => {
    const options = { ethSrc: A.mac, src: A.ip6, target: B.ip6, dst: B.ip6 };
    expect(() => buildNeighborSolicitation(options)).toThrow(PacketBuildError);
    expect(parseEthernet(buildNeighborSolicitation({ ...options, ethDst: B.mac }))?.dst).toBe(B.mac);
  });
});

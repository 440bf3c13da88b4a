import { describe, expect, it } from 'vitest';
import { A, B, FRAMES, hex, LINK, V6 } from './fixtures.ts';
import { buildIcmp } from './icmp.ts';
import { parseIpv6 } from './ipv6.ts';
import { isAcceptableNd, parseNd } from './nd.ts';

const HOST_B = 'fe80 0000 0000 0000 0000 0000 0000 0002';
const SOLICITATION = `8700 0000 00000000 ${HOST_B}`;
const SOURCE = '0101 0200 0000 0001';

describe('parseNd', () => {
  it('reads a neighbor solicitation', () => {
    expect(parseNd(hex(SOLICITATION + SOURCE), 0)).toEqual({
      type: 'neighborSolicitation',
      target: B.ip6,
      sourceLinkLayer: A.mac,
    });
  });

  it('reads a neighbor advertisement and its flags', () => {
    const advertisement = (flags: string) => parseNd(hex(`8800 0000 ${flags}000000 ${HOST_B} 0201 0200 0000 0002`), 0);
    const rest = { type: 'neighborAdvertisement', target: B.ip6, targetLinkLayer: B.mac };
    expect(advertisement('80')).toEqual({ ...rest, router: true, solicited: false, override: false });
    expect(advertisement('40')).toEqual({ ...rest, router: false, solicited: true, override: false });
    expect(advertisement('20')).toEqual({ ...rest, router: false, solicited: false, override: true });
  });

  it('reads a router solicitation', () => {
    expect(parseNd(hex(`8500 0000 00000000 ${SOURCE}`), 0)).toEqual({
      type: 'routerSolicitation',
      sourceLinkLayer: A.mac,
    });
  });

  it('reads a router advertisement with MTU and prefix', () => {
    const mtu = '0501 0000 000005dc';
    const prefix = '0304 40c0 00000e10 00000708 00000000 20010db8000000000000000000000000';
    expect(parseNd(hex(`8600 0000 40c0 0708 00007530 000003e8 ${mtu} ${prefix}`), 0)).toEqual({
      type: 'routerAdvertisement',
      hopLimit: 64,
      managed: true,
      other: true,
      routerLifetime: 1800,
      reachableTimeMs: 30_000,
      retransTimerMs: 1000,
      sourceLinkLayer: undefined,
      mtu: 1500,
      prefixes: [
        {
          prefix: 0x20010db8n << 96n,
          prefixLength: 64,
          onLink: true,
          autonomous: true,
          validLifetime: 3600,
          preferredLifetime: 1800,
        },
      ],
    });
  });

  it('passes over options it does not know', () => {
    expect(parseNd(hex(`${SOLICITATION} 0e01 0000 0000 0000 ${SOURCE}`), 0)).toMatchObject({ sourceLinkLayer: A.mac });
  });

  it.each([
    ['another type', `89${SOLICITATION.slice(2)}`],
    ['a code', SOLICITATION.replace('8700', '8701')],
    ['a target cut short', SOLICITATION.slice(0, -2)],
    ['a group as target', SOLICITATION.replace('fe80', 'ff02')],
    ['an option of length 0', `${SOLICITATION} 0100 0200 0000 0001`],
    ['an option past the end', `${SOLICITATION} 0102 0200 0000 0001`],
    ['half an option header', `${SOLICITATION} 01`],
    ['a link-layer address given twice', SOLICITATION + SOURCE + SOURCE],
    ['a router advertisement cut short', '8600 0000 40c0 0708 00007530 0000'],
  ])('refuses %s', (_, digits) => {
    expect(parseNd(hex(digits), 0)).toBeUndefined();
  });
});

describe('isAcceptableNd', () => {
  const judge = (frame: Uint8Array): boolean | undefined => {
    const ip = parseIpv6(frame, 14);
    const nd = ip && parseNd(frame, ip.payload, ip.end);
    return ip && nd && isAcceptableNd(frame, ip, nd);
  };
  const send = (message: string, ip: { src?: bigint; dst?: bigint; hopLimit?: number } = {}) =>
    buildIcmp({ ...LINK, ...V6, hopLimit: 255, ...ip, message: hex(message) });

  it('takes what the builders make', () => {
    for (const name of ['neighborSolicitation', 'duplicateDetection', 'neighborAdvertisement', 'routerAdvertisement']) {
      expect(judge(FRAMES[name] ?? hex(''))).toBe(true);
    }
  });

  it('refuses what came through a router or has a wrong checksum', () => {
    expect(judge(send(SOLICITATION))).toBe(true);
    expect(judge(send(SOLICITATION, { hopLimit: 254 }))).toBe(false);
    const frame = send(SOLICITATION);
    frame[56] = 0x12;
    expect(judge(frame)).toBe(false);
  });

  it('refuses a nameless solicitation that goes elsewhere or gives an address', () => {
    const group = 0xff02_0000_0000_0000_0000_0001_ff00_0002n;
    expect(judge(send(SOLICITATION, { src: 0n, dst: group }))).toBe(true);
    expect(judge(send(SOLICITATION, { src: 0n }))).toBe(false);
    expect(judge(send(SOLICITATION + SOURCE, { src: 0n, dst: group }))).toBe(false);
    expect(judge(send(`8500 0000 00000000 ${SOURCE}`, { src: 0n }))).toBe(false);
    expect(judge(send(`8500 0000 00000000`, { src: 0n }))).toBe(true);
  });

  it('refuses an answer to a group that says it was asked', () => {
    expect(judge(send(`8800 0000 40000000 ${HOST_B}`, { dst: 0xff02n << 112n }))).toBe(false);
    expect(judge(send(`8800 0000 20000000 ${HOST_B}`, { dst: 0xff02n << 112n }))).toBe(true);
  });

  it('takes router advertisements from link-local addresses only', () => {
    const message = '8600 0000 4000 0708 00000000 00000000';
    expect(judge(send(message))).toBe(true);
    expect(judge(send(message, { src: 0x20010db8n << 96n }))).toBe(false);
  });
});

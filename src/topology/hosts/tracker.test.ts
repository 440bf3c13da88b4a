import { describe, expect, it } from 'vitest';
import { parseIpv6 } from '../../core/addresses.ts';
import type { Ip, Mac } from '../../core/addresses.ts';
import { formatDpid } from '../../core/ids.ts';
import type { PortRef } from '../../core/ids.ts';
import { createManualClock } from '../../core/manual-clock.ts';
import {
  ARP_OP,
  buildArp,
  buildDhcp,
  buildEthernet,
  buildNeighborSolicitation,
  buildUdp,
  DHCP_MESSAGE_TYPE,
  DHCP_OP,
} from '../../packet/index.ts';
import { Network } from '../network.ts';
import { hostAt, portOf, switchOf } from '../testing/facts.ts';
import { MAX_IPS } from './address-book.ts';
import { HostTracker, MAX_HOSTS, MAX_HOSTS_PER_PORT } from './tracker.ts';

const S1 = formatDpid(1n);
const S2 = formatDpid(2n);
const P1: PortRef = { dpid: S1, port: 1 };
const P2: PortRef = { dpid: S1, port: 2 };
const Q1: PortRef = { dpid: S2, port: 1 };
const M: Mac = 0x0200_0000_0001;
const N: Mac = 0x0200_0000_0002;
const IP = 0x0a00_0001;
const IP6 = parseIpv6('2001:db8::1')!;
const TIMEOUT_MS = 60_000;

function start() {
  const clock = createManualClock(1_000_000);
  const network = new Network(clock);
  network.setSwitch(S1, switchOf(S1, [portOf(1, 'host'), portOf(2, 'host'), portOf(3, 'fabric'), portOf(4)]));
  network.setSwitch(S2, switchOf(S2, [portOf(1, 'host')]));
  const names = new Map<Mac, string>();
  const hosts = new HostTracker({ network, clock, timeoutMs: TIMEOUT_MS, nameOf: (mac) => names.get(mac) });
  return { clock, network, hosts, names, known: () => [...network.hosts()].map(([mac]) => mac) };
}

function plain(ethSrc: Mac): Uint8Array {
  return buildEthernet({ ethDst: 0xffff_ffff_ffff, ethSrc, etherType: 0x88b5, payload: new Uint8Array(8) });
}
function arp(sha: Mac, spa: number): Uint8Array {
  return buildArp({ op: ARP_OP.REQUEST, sha, spa, tha: 0, tpa: 0x0a00_00ff });
}
function udp(ethSrc: Mac, src: number): Uint8Array {
  const ports = { srcPort: 49_200, dstPort: 49_201 };
  return buildUdp({ ethDst: N, ethSrc, src, dst: 0x0a00_00fe, ...ports, payload: new Uint8Array(1) });
}
function solicit(ethSrc: Mac, src: bigint): Uint8Array {
  return buildNeighborSolicitation({ ethSrc, src, target: src + 0x100n });
}

describe('a host', () => {
  it('is known from its first frame at a host port', () => {
    const { clock, network, hosts, names } = start();
    names.set(M, 'printer');
    clock.advance(5);
    hosts.frame(plain(M), P1);
    expect(network.host(M)).toEqual({ ...hostAt(M, P1), name: 'printer', firstSeen: 1_000_005 });
    expect(hosts.lastSeen(M)).toBe(1_000_005);
    clock.advance(10);
    hosts.frame(plain(M), P1);
    expect(network.host(M)?.firstSeen).toBe(1_000_005);
    expect(hosts.lastSeen(M)).toBe(1_000_015);
  });

  it.each([
    ['the fabric', 3],
    ['nobody knows where', 4],
    ['nothing that is there', 5],
  ])('is not known from a frame at a port that leads to %s', (_, port) => {
    const { hosts, known } = start();
    hosts.frame(arp(M, IP), { dpid: S1, port });
    hosts.frame(arp(M, IP), { dpid: formatDpid(99n), port: 1 });
    expect(known()).toEqual([]);
  });

  it('has the addresses it speaks for, IPv4 first, each in order', () => {
    const { network, hosts } = start();
    hosts.frame(solicit(M, IP6 + 1n), P1);
    hosts.frame(arp(M, IP + 1), P1);
    hosts.frame(solicit(M, IP6), P1);
    hosts.frame(udp(M, IP), P1);
    hosts.frame(udp(M, IP), P1);
    expect(network.host(M)?.ips).toEqual([IP, IP + 1, IP6, IP6 + 1n]);
  });

  it('makes no view when it says what is known', () => {
    const { network, hosts } = start();
    hosts.frame(arp(M, IP), P1);
    network.flush();
    const { version } = network.view;
    for (const frame of [arp(M, IP), plain(M), udp(M, IP)]) hosts.frame(frame, P1);
    network.flush();
    expect(network.view.version).toBe(version);
  });

  it('is given and taken a name', () => {
    const { network, hosts, names } = start();
    expect(hosts.rename(M)).toBe(false);
    hosts.frame(plain(M), P1);
    names.set(M, 'server');
    expect(hosts.rename(M)).toBe(true);
    expect(network.host(M)?.name).toBe('server');
    names.delete(M);
    expect(hosts.rename(M)).toBe(true);
    expect(network.host(M)?.name).toBeUndefined();
  });
});

describe('an address', () => {
  it('is not taken by an IP packet, which a router may have passed on', () => {
    const { network, hosts } = start();
    hosts.frame(arp(M, IP), P1);
    hosts.frame(udp(N, IP), P2);
    expect(network.host(M)?.ips).toEqual([IP]);
    expect(network.host(N)?.ips).toEqual([]);
  });

  it('is given by DHCP to a host that is known', () => {
    const { network, hosts, known } = start();
    hosts.frame(plain(M), P1);
    const ack = (chaddr: Mac, yiaddr: number) =>
      buildDhcp({
        ethDst: chaddr,
        ethSrc: N,
        src: IP + 9,
        dst: yiaddr,
        op: DHCP_OP.BOOTREPLY,
        xid: 1,
        chaddr,
        yiaddr,
        messageType: DHCP_MESSAGE_TYPE.ACK,
      });
    hosts.frame(ack(M, IP), P2);
    hosts.frame(ack(0x0200_0000_0099, IP + 1), P2);
    expect(network.host(M)?.ips).toEqual([IP]);
    expect(known()).toEqual([M, N]);
  });

  it('gives way when a host has too many: the one it has not spoken for longest', () => {
    const { network, hosts } = start();
    hosts.frame(arp(M, IP), P1);
    const temporary: Ip[] = [];
    for (let i = 0; i < MAX_IPS + 4; i++) {
      temporary.push(IP6 + BigInt(i));
      hosts.frame(solicit(M, IP6 + BigInt(i)), P1);
      expect(network.host(M)?.ips).toContain(IP);
      hosts.frame(arp(M, IP), P1);
    }
    expect(network.host(M)?.ips).toEqual([IP, ...temporary.slice(-(MAX_IPS - 1))]);
    // What gave way is free for another.
    hosts.frame(udp(N, 1), P2);
    hosts.frame(solicit(N, IP6), P2);
    expect(network.host(N)?.ips).toEqual([IP6]);
    // What is not certain pushes nothing out.
    hosts.frame(udp(M, IP + 7), P1);
    expect(network.host(M)?.ips).not.toContain(IP + 7);
  });
});

describe('limits', () => {
  it('keep a flood of senders at a port from filling the memory, and count what left', () => {
    const { network, hosts, known } = start();
    for (let i = 0; i < MAX_HOSTS_PER_PORT + 10; i++) hosts.frame(plain(0x0600_0000_0000 + i), P1);
    expect(known()).toHaveLength(MAX_HOSTS_PER_PORT);
    hosts.frame(plain(M), P2);
    hosts.frame(plain(M), P1);
    expect(known()).toHaveLength(MAX_HOSTS_PER_PORT + 1);
    hosts.portLost(P1);
    expect(known()).toEqual([M]);
    hosts.portLost(P2);
    hosts.frame(plain(M), P1);
    expect(network.host(M)?.at).toEqual(P1);
  });
});

describe('limits of the whole', () => {
  it('keep a flood from many ports from filling the memory', () => {
    const { network, hosts } = start();
    const ports = Math.ceil(MAX_HOSTS / MAX_HOSTS_PER_PORT) + 1;
    network.setSwitch(
      S1,
      switchOf(
        S1,
        Array.from({ length: ports }, (_, index) => portOf(index + 1, 'host')),
      ),
    );
    for (let i = 0; i < ports * MAX_HOSTS_PER_PORT; i++) {
      hosts.frame(plain(0x0600_0000_0000 + i), { dpid: S1, port: 1 + Math.floor(i / MAX_HOSTS_PER_PORT) });
    }
    network.flush();
    expect(network.view.hosts.size).toBe(MAX_HOSTS);
    hosts.portLost(P1);
    hosts.frame(plain(M), P2);
    network.flush();
    expect(network.view.hosts.size).toBe(MAX_HOSTS - MAX_HOSTS_PER_PORT);
    hosts.frame(plain(M), P1);
    expect(network.host(M)?.at).toEqual(P1);
  });
});

describe('forgetting', () => {
  it('takes hosts that have been silent for too long on switches whose counters were looked at', () => {
    const { clock, hosts, known } = start();
    hosts.frame(plain(M), P1);
    hosts.frame(plain(N), Q1);
    clock.advance(TIMEOUT_MS);
    hosts.expire(() => true);
    expect(known()).toEqual([M, N]);
    clock.advance(1);
    hosts.expire((dpid) => dpid === S2);
    expect(known()).toEqual([M]);
    hosts.counted(M);
    hosts.expire(() => true);
    expect(known()).toEqual([M]);
    expect(hosts.lastSeen(M)).toBe(clock.wall());
    expect(hosts.lastSeen(N)).toBeUndefined();
  });

  it('does not go by a clock that was set', () => {
    let wall = 0;
    const clock = { ...createManualClock(), wall: () => wall };
    const network = new Network(clock);
    network.setSwitch(S1, switchOf(S1, [portOf(1, 'host')]));
    const hosts = new HostTracker({ network, clock, timeoutMs: TIMEOUT_MS, nameOf: () => undefined });
    hosts.frame(plain(M), P1);
    wall += 10 * TIMEOUT_MS;
    hosts.expire(() => true);
    expect(network.host(M)).toBeDefined();
  });

  it('takes the hosts of a lost port, and of a switch, with their addresses', () => {
    const { network, hosts, known } = start();
    hosts.frame(arp(M, IP), P1);
    hosts.frame(plain(N), P2);
    hosts.portLost(P1);
    expect(known()).toEqual([N]);
    hosts.frame(udp(N, IP), P2);
    expect(network.host(N)?.ips).toEqual([IP]);
    hosts.frame(plain(M), Q1);
    hosts.switchGone(S1);
    expect(known()).toEqual([M]);
    hosts.counted(N);
    expect(hosts.lastSeen(N)).toBeUndefined();
  });
});

describe('restoring', () => {
  it('takes a host in as it was, seen now, with the name it has now', () => {
    const { clock, network, hosts, names } = start();
    clock.advance(100);
    names.set(M, 'new');
    hosts.restore({ ...hostAt(M, P1, [IP, IP6]), name: 'old', vlan: 5, firstSeen: 7 }, [IP]);
    expect(hosts.sureAddresses(M)).toEqual([IP]);
    expect(network.host(M)).toEqual({ ...hostAt(M, P1, [IP, IP6]), name: 'new', vlan: 5, firstSeen: 7 });
    expect(hosts.lastSeen(M)).toBe(clock.wall());
    hosts.portLost(P1);
    expect(network.host(M)).toBeUndefined();
  });

  it('does not overrule what was seen since', () => {
    const { network, hosts } = start();
    hosts.frame(arp(M, IP), P1);
    hosts.restore(hostAt(M, Q1, [IP + 1]), []);
    hosts.restore(hostAt(N, Q1, [IP, IP + 2]), []);
    expect(network.host(M)).toMatchObject({ at: P1, ips: [IP] });
    expect(network.host(N)?.ips).toEqual([IP + 2]);
  });
});

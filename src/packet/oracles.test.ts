/** The frames built here, held against two dissectors that are not ours: tshark and Open vSwitch's flow extraction. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatIpv4, formatIpv6, formatMac } from '../core/addresses.ts';
import { putU32 } from './bytes.ts';
import { arbitrary, FRAMES } from './fixtures.ts';
import { buildArp, buildIcmpEcho, buildNeighborSolicitation, buildTcp, buildUdp } from './index.ts';
import type { PacketFields } from './index.ts';
import { toMatchFields } from './index.ts';

/** In CI a missing oracle is a failure; elsewhere its tests are named as not run. */
const MUST_RUN = process.env.CI === 'true';
const tshark = findTool('tshark');
const ofctl = findTool('ovs-ofctl');

interface Tool {
  readonly run: boolean;
  readonly note: string;
}

function findTool(name: string): Tool {
  const missing = spawnSync(name, ['--version']).error !== undefined;
  return { run: MUST_RUN || !missing, note: missing && !MUST_RUN ? ` (not run: ${name} is missing)` : '' };
}

function runTool(name: string, args: readonly string[]): string[] {
  const { error, status, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8', maxBuffer: 2 ** 24 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  return stdout.trimEnd().split('\n');
}

/** The classic pcap format, version 2.4, Ethernet, every frame at time 0. */
function encodePcap(frames: readonly Uint8Array[]): Uint8Array {
  const head = new Uint8Array(24);
  [0xa1b2c3d4, 0x0002_0004, 0, 0, 0xffff, 1].forEach((word, index) => putU32(head, 4 * index, word));
  const records = frames.map((frame) => {
    const record = new Uint8Array(16 + frame.length);
    putU32(record, 8, frame.length);
    putU32(record, 12, frame.length);
    record.set(frame, 16);
    return record;
  });
  return Buffer.concat([head, ...records]);
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'packet-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function writePcap(name: string, frames: readonly Uint8Array[]): string {
  const file = join(folder, name);
  writeFileSync(file, encodePcap(frames));
  return file;
}

/** Per frame, what tshark finds in it: only fields that are there. */
function dissect(file: string, fields: readonly string[]): Record<string, string>[] {
  const checks = ['ip', 'udp', 'tcp'].flatMap((proto) => ['-o', `${proto}.check_checksum:TRUE`]);
  const args = ['-r', file, ...checks, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])];
  return runTool('tshark', [...args, '-E', 'separator=|', '-E', 'aggregator=;']).map((line) => {
    const values = line.split('|').map((value, index) => [fields[index] ?? '', value] as const);
    return Object.fromEntries(values.filter(([, value]) => value !== ''));
  });
}

const GOOD = '1';
/** What tshark must find in some of the frames, beside good checksums. */
const DISSECTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  arpRequest: { 'arp.opcode': '1', 'arp.src.proto_ipv4': '10.0.0.1', 'arp.dst.proto_ipv4': '10.0.0.2' },
  arpReply: { 'arp.opcode': '2', 'arp.src.hw_mac': '02:00:00:00:00:02', 'vlan.id': '10', 'vlan.priority': '3' },
  ping: { 'icmp.type': '8', 'icmp.ident': '7', 'icmp.checksum.status': GOOD, 'ip.checksum.status': GOOD },
  ping6: { 'icmpv6.type': '128', 'icmpv6.checksum.status': GOOD, 'vlan.id': '0', 'vlan.priority': '5' },
  udp: { 'udp.dstport': '49201', 'ip.dsfield.dscp': '46', 'ip.dsfield.ecn': '1', 'udp.checksum.status': GOOD },
  udp6: { 'ipv6.flow': '0x0abcde', 'ipv6.tclass.dscp': '10', 'udp.checksum.status': GOOD },
  tcp: { 'tcp.srcport': '40000', 'tcp.dstport': '80', 'tcp.flags': '0x0002', 'tcp.checksum.status': GOOD },
  tcp6: { 'tcp.flags': '0x0014', 'tcp.checksum.status': GOOD },
  routerAlert: { 'ip.opt.type': '148', 'ip.hdr_len': '24', 'ip.checksum.status': GOOD },
  extensions: { 'udp.dstport': '49201', 'udp.checksum.status': GOOD },
  neighborSolicitation: {
    'icmpv6.type': '135',
    'icmpv6.nd.ns.target_address': 'fe80::2',
    'icmpv6.opt.linkaddr': '02:00:00:00:00:01',
    'icmpv6.checksum.status': GOOD,
  },
  neighborAdvertisement: { 'icmpv6.nd.na.target_address': 'fe80::1', 'icmpv6.nd.na.flag.s': '1' },
  routerAdvertisement: {
    'icmpv6.nd.ra.router_lifetime': '1800',
    'icmpv6.opt.mtu': '1500',
    'icmpv6.opt.prefix': '2001:db8::;2001:db9::',
    'icmpv6.checksum.status': GOOD,
  },
  dhcpDiscover: {
    'dhcp.option.dhcp': '1',
    'dhcp.id': '0x12345678',
    'dhcp.hw.mac_addr': '02:00:00:00:00:01',
    'dhcp.option.requested_ip_address': '10.0.0.1',
    'dhcp.option.hostname': 'h1',
    'udp.checksum.status': GOOD,
  },
  dhcpAck: { 'dhcp.option.dhcp': '5', 'dhcp.ip.your': '10.0.0.1', 'dhcp.option.dhcp_server_id': '10.0.0.2' },
  lldp: {
    'lldp.chassis.id.mac': '02:00:00:00:00:01',
    'lldp.port.id': 's1-eth1',
    'lldp.time_to_live': '120',
    'lldp.port.desc': 'to s2',
    'lldp.tlv.system.name': 's1',
    'lldp.tlv.system.desc': 'a switch',
    'lldp.ieee.802_1.port_vlan.id': '10',
  },
  qinq: { 'ieee8021ad.id': '100', 'vlan.id': '10', 'udp.checksum.status': GOOD },
  mpls: { 'mpls.label': '100', 'mpls.exp': '5', 'mpls.bottom': '1', 'udp.checksum.status': GOOD },
};

describe('tshark', () => {
  it.runIf(tshark.run)(`reads the frames as they were meant${tshark.note}`, () => {
    const wanted = new Set(Object.values(DISSECTED).flatMap((fields) => Object.keys(fields)));
    const frames = dissect(writePcap('meant.pcap', Object.values(FRAMES)), [...wanted]);
    const seen = Object.fromEntries(Object.keys(FRAMES).map((name, index) => [name, frames[index]]));
    expect(frames).toHaveLength(Object.keys(FRAMES).length);
    expect(seen).toMatchObject(DISSECTED);
  });

  it.runIf(tshark.run)(`finds nothing malformed and no bad checksum${tshark.note}`, () => {
    const sums = ['ip', 'udp', 'tcp', 'icmp', 'icmpv6'].map((proto) => `${proto}.checksum.status`);
    const frames = {
      ...FRAMES,
      ...Object.fromEntries(sampleFrames().map((frame, index) => [`sample${index}`, frame])),
    };
    const found = dissect(writePcap('sound.pcap', Object.values(frames)), ['_ws.malformed', ...sums]);
    const names = Object.keys(frames);
    expect(found).toHaveLength(names.length);
    const bad = found.flatMap((fields, index) =>
      Object.entries(fields).some(([field, value]) => field === '_ws.malformed' || value !== GOOD)
        ? [{ name: names[index], fields }]
        : [],
    );
    expect(bad).toEqual([]);
  });
});

/** Well-formed frames with all their values at random; the seed makes them the same in every run. */
function sampleFrames(): Uint8Array[] {
  const { mac, u8, u16, u32, ipv6Host, tags, bytes } = arbitrary;
  const link = { ethDst: mac, ethSrc: mac, tags };
  const service = { dscp: fc.integer({ min: 0, max: 63 }), ecn: fc.integer({ min: 0, max: 3 }) };
  const ip4 = { src: u32, dst: u32, ...service };
  const ip6 = { src: ipv6Host, dst: ipv6Host, ...service, flowLabel: fc.integer({ min: 0, max: 0xfffff }) };
  // Above the registered ports, so that tshark looks for no application in random bytes.
  const port = fc.integer({ min: 60_100, max: 60_900 });
  const ports = { srcPort: port, dstPort: port };
  const echo = { reply: fc.boolean(), identifier: u16, sequence: u16, payload: bytes };
  const arp = { op: fc.constantFrom(1, 2), sha: mac, spa: u32, tha: mac, tpa: u32 };
  const frame = fc.oneof(
    fc.record({ ...link, ...arp }).map((options) => buildArp(options)),
    fc.record({ ...link, ...ip4, ...ports, payload: bytes }).map((options) => buildUdp(options)),
    fc.record({ ...link, ...ip6, ...ports, payload: bytes }).map((options) => buildUdp(options)),
    fc.record({ ...link, ...ip4, ...ports, flags: u8 }).map((options) => buildTcp(options)),
    fc.record({ ...link, ...ip6, ...ports, flags: u8 }).map((options) => buildTcp(options)),
    fc.record({ ...link, ...ip4, ...echo }).map((options) => buildIcmpEcho(options)),
    fc.record({ ...link, ...ip6, ...echo }).map((options) => buildIcmpEcho(options)),
    fc
      .record({ ethSrc: mac, tags, src: ipv6Host, target: ipv6Host })
      .map((options) => buildNeighborSolicitation(options)),
  );
  return fc.sample(frame, { numRuns: 300, seed: 826 });
}

/** Open vSwitch's words for our fields; `nw_tos` is the DSCP in the place of the type of service. */
const OVS_FIELDS: readonly (readonly [keyof PacketFields, string, (value: number | bigint) => string])[] = [
  ['ethDst', 'dl_dst', mac],
  ['ethSrc', 'dl_src', mac],
  ['vlanPcp', 'dl_vlan_pcp', String],
  ['ipDscp', 'nw_tos', (value) => String(Number(value) << 2)],
  ['ipEcn', 'nw_ecn', String],
  ['ipv4Src', 'nw_src', ipv4],
  ['ipv4Dst', 'nw_dst', ipv4],
  ['ipv6Src', 'ipv6_src', ipv6],
  ['ipv6Dst', 'ipv6_dst', ipv6],
  ['ipv6Flabel', 'ipv6_label', (value) => `0x${value.toString(16).padStart(5, '0')}`],
  ['tcpSrc', 'tp_src', String],
  ['tcpDst', 'tp_dst', String],
  ['udpSrc', 'tp_src', String],
  ['udpDst', 'tp_dst', String],
  ['icmpv4Type', 'icmp_type', String],
  ['icmpv4Code', 'icmp_code', String],
  ['icmpv6Type', 'icmp_type', String],
  ['icmpv6Code', 'icmp_code', String],
  ['arpOp', 'arp_op', String],
  ['arpSpa', 'arp_spa', ipv4],
  ['arpTpa', 'arp_tpa', ipv4],
  ['arpSha', 'arp_sha', mac],
  ['arpTha', 'arp_tha', mac],
  ['ipv6NdTarget', 'nd_target', ipv6],
  ['ipv6NdSll', 'nd_sll', mac],
  ['ipv6NdTll', 'nd_tll', mac],
  ['mplsLabel', 'mpls_label', String],
  ['mplsTc', 'mpls_tc', String],
  ['mplsBos', 'mpls_bos', String],
];

function mac(value: number | bigint): string {
  return formatMac(Number(value));
}

function ipv4(value: number | bigint): string {
  return formatIpv4(Number(value));
}

function ipv6(value: number | bigint): string {
  return formatIpv6(BigInt(value));
}

/** ethType and ipProto, as Open vSwitch abbreviates them. */
const OVS_KINDS: Readonly<Record<string, string>> = {
  '2054': 'arp',
  '2048/1': 'icmp',
  '2048/6': 'tcp',
  '2048/17': 'udp',
  '34525/6': 'tcp6',
  '34525/17': 'udp6',
  '34525/58': 'icmp6',
  '34525/44': 'ipv6,nw_proto=44',
  '34887': 'mpls',
  '35020': 'dl_type=0x88cc',
};

/** Our fields in Open vSwitch's words. */
function toOvs(fields: PacketFields | undefined): string[] {
  if (fields === undefined) return [];
  const kind = fields.ipProto === undefined ? String(fields.ethType) : `${fields.ethType}/${fields.ipProto}`;
  const words = (OVS_KINDS[kind] ?? kind).split(',');
  words.push(fields.vlanVid === 0 ? 'vlan_tci=0x0000' : `dl_vlan=${fields.vlanVid & 0xfff}`);
  for (const [field, name, format] of OVS_FIELDS) {
    const value = fields[field];
    if (value !== undefined) words.push(`${name}=${format(value)}`);
  }
  return words.sort();
}

/** What is no OXM field of ours, the second tag, and the all-zero link-layer address that stands for none. */
const NOT_OURS = /^(in_port|nw_ttl|nw_frag|tcp_flags|mpls_ttl|vlan_tci1|dl_vlan1|dl_vlan_pcp1)=|^nd_.ll=[0:]+$/;

function fromOvs(line: string): string[] {
  return line
    .split(',')
    .filter((word) => !NOT_OURS.test(word))
    .sort();
}

describe('Open vSwitch', () => {
  it.runIf(ofctl.run)(`extracts the fields that we do${ofctl.note}`, () => {
    // `parse-pcap` looks past two tags and shows the ports of a first fragment: what makes them 0 comes after it.
    const named = Object.entries(FRAMES).filter(([name]) => !/^(first|later)Fragment/.test(name));
    const frames = [...named.map(([, frame]) => frame), ...sampleFrames()];
    const lines = runTool('ovs-ofctl', ['parse-pcap', writePcap('flows.pcap', frames)]);
    expect(frames.map((frame) => toOvs(toMatchFields(frame, 1, 2)))).toEqual(lines.map(fromOvs));
  });

  it.runIf(ofctl.run)(`sees a later IPv6 fragment as protocol 44${ofctl.note}`, () => {
    const frame = FRAMES.laterFragment6 ?? new Uint8Array(0);
    const lines = runTool('ovs-ofctl', ['parse-pcap', writePcap('fragment.pcap', [frame])]);
    expect(lines.map(fromOvs)).toEqual([toOvs(toMatchFields(frame, 1))]);
  });
});

/**
 * Rules of conversations held against Open vSwitch's own view of a packet: whatever a frame holds, the rule made for it matches it,
 * and none that is made for an odd packet matches a whole one of TCP or UDP.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { parseIpv4, parseIpv6, parseMac } from '../../src/core/addresses.ts';
import { decode } from '../../src/openflow/codec/index.ts';
import type { FlowMod, Match } from '../../src/openflow/codec/index.ts';
import { FRAMES } from '../../src/packet/fixtures.ts';
import { ConversationKey } from '../../src/reactive/conversation-key.ts';
import { RuleTemplates } from '../../src/reactive/rule-templates.ts';
import { pcapFile } from '../support/pcap.ts';
import { seededRandom } from '../support/random.ts';
import { withOvs } from '../support/tools.ts';

const VARIANTS = 200;
const ETHERNET = 14;

/** The words with which Open vSwitch begins a flow, and what they stand for. */
const KINDS: Readonly<Record<string, Match>> = {
  ip: { ethType: 0x0800 },
  icmp: { ethType: 0x0800, ipProto: 1 },
  tcp: { ethType: 0x0800, ipProto: 6 },
  udp: { ethType: 0x0800, ipProto: 17 },
  sctp: { ethType: 0x0800, ipProto: 132 },
  ipv6: { ethType: 0x86dd },
  icmp6: { ethType: 0x86dd, ipProto: 58 },
  tcp6: { ethType: 0x86dd, ipProto: 6 },
  udp6: { ethType: 0x86dd, ipProto: 17 },
  sctp6: { ethType: 0x86dd, ipProto: 132 },
  arp: { ethType: 0x0806 },
  rarp: { ethType: 0x8035 },
  mpls: { ethType: 0x8847 },
  mplsm: { ethType: 0x8848 },
};

/** A frame as the switch that looks up its rules has it. */
function seenBy(line: string): Map<string, unknown> {
  const [kind, ...words] = line.split(',');
  const told = new Map([kind!, ...words].map((word) => word.split('=') as [string, string]));
  // In fragments ports count as 0 (OFPC_FRAG_NORMAL), which `parse-pcap` does not go into; where there are none they are 0.
  const isFragment = told.get('nw_frag') !== 'no';
  const port = (name: string): number => (isFragment ? 0 : Number(told.get(name) ?? 0));
  const seen = new Map<string, unknown>([
    ['ethSrc', parseMac(told.get('dl_src')!)],
    ['ethDst', parseMac(told.get('dl_dst')!)],
    ['ethType', Number(told.get('dl_type'))],
    ['ipProto', Number(told.get('nw_proto'))],
    ...Object.entries(KINDS[kind!] ?? {}),
  ]);
  for (const name of ['tcp', 'udp', 'sctp']) {
    seen.set(`${name}Src`, port('tp_src')).set(`${name}Dst`, port('tp_dst'));
  }
  const address = (field: string, word: string, parse: (text: string) => unknown): void => {
    const text = told.get(word);
    if (text !== undefined) seen.set(field, parse(text));
  };
  address('ipv4Src', 'nw_src', parseIpv4);
  address('ipv4Dst', 'nw_dst', parseIpv4);
  address('ipv6Src', 'ipv6_src', parseIpv6);
  address('ipv6Dst', 'ipv6_dst', parseIpv6);
  return seen;
}

/** Whole frames of every kind, and of each many that are cut off or have bytes changed behind the addresses. */
function oddFrames(): Buffer[] {
  const random = seededRandom(7);
  const unicast = Object.values(FRAMES).filter((frame) => (frame[0]! & 1) === 0);
  return unicast.flatMap((whole) =>
    Array.from({ length: VARIANTS }, (_, variant) => {
      if (variant === 0) return Buffer.from(whole);
      const frame = Buffer.from(
        whole.subarray(0, variant % 2 ? whole.length : ETHERNET + random.int(whole.length - 13)),
      );
      const changes = 1 + random.int(3);
      for (let i = 0; i < changes; i++) frame[12 + random.int(Math.min(64, frame.length - 12))] = random.int(256);
      return frame;
    }),
  );
}

/** What Open vSwitch sees in each. */
function extracted(frames: readonly Buffer[]): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-frames-'));
  try {
    const file = join(directory, 'frames.pcap');
    writeFileSync(file, pcapFile(frames));
    return execFileSync('ovs-ofctl', ['parse-pcap', file], { encoding: 'utf8' }).trim().split('\n');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('the rule of a flow', () => {
  withOvs('matches the frame that it was made for as Open vSwitch sees it, and never another flow', () => {
    const frames = oddFrames();
    const lines = extracted(frames);
    expect(lines).toHaveLength(frames.length);
    const key = new ConversationKey('5tuple');
    const templates = new RuleTemplates(1);
    let compared = 0;
    for (const [i, frame] of frames.entries()) {
      // It looks past two tags there, and past one where it forwards.
      if (lines[i]!.includes('dl_vlan1=')) continue;
      key.read(frame);
      templates.make(key, frame, 1);
      const { match } = decode(templates.bytes) as FlowMod;
      const seen = seenBy(lines[i]!);
      const wrong = Object.entries(match).filter(([field, value]) => seen.get(field) !== value);
      expect(wrong, `${lines[i]} of ${frame.toString('hex')}`).toEqual([]);
      if (match.ethType === 0x0800 || match.ethType === 0x86dd) expect(match.ipProto).toBeDefined();
      if (match.ipProto === 6) expect(match.tcpSrc).toBeDefined();
      if (match.ipProto === 17) expect(match.udpSrc).toBeDefined();
      if (match.ipProto === 132) expect(match.sctpSrc).toBeDefined();
      compared++;
    }
    expect(compared).toBeGreaterThan(frames.length * 0.9);
  });
});

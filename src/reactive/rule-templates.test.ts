import { describe, expect, it } from 'vitest';
import { isOurs, readCookie, RULE_CLASS } from '../flows/cookie.ts';
import { TABLES } from '../flows/pipeline.ts';
import { decode, OFPFC } from '../openflow/codec/index.ts';
import type { FlowMod } from '../openflow/codec/index.ts';
import { FRAMES } from '../packet/fixtures.ts';
import { toMatchFields } from '../packet/index.ts';
import type { PacketFields } from '../packet/index.ts';
import { ConversationKey } from './conversation-key.ts';
import type { ReactiveMatch } from './conversation-key.ts';
import { REACTIVE_PRIORITY, RuleTemplates } from './rule-templates.ts';

const UNIT = 0xfeed_0001;
const PORT = 0x7fff_fffe;

/** The rule for a frame's conversation; undefined where it has none. */
function ruleFor(frame: Uint8Array, match: ReactiveMatch, templates = new RuleTemplates(17)): FlowMod | undefined {
  const key = new ConversationKey(match);
  if (!key.read(frame)) return undefined;
  templates.make(key, frame, UNIT);
  templates.setOutPort(PORT);
  return decode(templates.bytes) as FlowMod;
}

const unicast = Object.entries(FRAMES).filter(([, frame]) => (frame[0]! & 1) === 0);

describe('a rule made of a template', () => {
  it('is a rule of a conversation in forward, and goes when idle', () => {
    const rule = ruleFor(FRAMES['tcp']!, 'mac')!;
    expect(rule).toMatchObject({
      type: 'flowMod',
      xid: 0,
      command: OFPFC.ADD,
      tableId: TABLES.forward.id,
      priority: REACTIVE_PRIORITY,
      idleTimeout: 17,
      hardTimeout: 0,
      match: { ethSrc: 0x0200_0000_0001, ethDst: 0x0200_0000_0002 },
      instructions: [{ type: 'applyActions', actions: [{ type: 'output', port: PORT }] }],
    });
    expect(Object.keys(rule.match)).toHaveLength(2);
    expect(isOurs(rule.cookie)).toBe(true);
    expect(readCookie(rule.cookie)).toEqual({ app: 8, ruleClass: RULE_CLASS.REACTIVE, unit: UNIT });
  });

  it.each([
    ['tcp', { ethType: 0x0800, ipProto: 6, ipv4Src: 0x0a000001, ipv4Dst: 0x0a000002, tcpSrc: 40_000, tcpDst: 80 }],
    ['udp', { ethType: 0x0800, ipProto: 17, udpSrc: 49_200, udpDst: 49_201 }],
    ['udp6', { ethType: 0x86dd, ipProto: 17, udpSrc: 49_200, udpDst: 49_201 }],
    ['laterFragment', { ethType: 0x0800, ipProto: 17, udpSrc: 0, udpDst: 0 }],
    ['ping', { ethType: 0x0800, ipProto: 1 }],
    ['arpReply', { ethType: 0x0806 }],
  ])('knows the flow of %s', (name, fields) => {
    expect(ruleFor(FRAMES[name]!, '5tuple')!.match).toMatchObject(fields);
  });

  it.each([
    ['extensions', whole('extensions'), { ipProto: 17, udpSrc: 49_200, udpDst: 49_201 }],
    ['a first fragment of IPv6', whole('firstFragment6'), { ipProto: 17, udpSrc: 0, udpDst: 0 }],
    ['a later fragment of IPv6', whole('laterFragment6'), { ipProto: 44 }],
    ['TCP cut off within its header', shortened(10), { ipProto: 6, tcpSrc: 0, tcpDst: 0 }],
    ['IPv4 that is shorter than it says', whole('tcp').subarray(0, 40), { ipProto: 0, ipv4Src: 0, ipv4Dst: 0 }],
    ['IPv6 that is shorter than it says', whole('tcp6').subarray(0, 60), { ipProto: 0, ipv6Src: 0n, ipv6Dst: 0n }],
    ['no header of IP at all', whole('tcp').subarray(0, 14), { ipProto: 0, ipv4Src: 0, ipv4Dst: 0 }],
    ['IPv4 behind LLC and SNAP', behindSnap(whole('tcp')), { ethType: 0x0800, ipProto: 6, tcpDst: 80 }],
  ])('matches no whole flow of TCP or UDP where it is made of %s', (_, frame, fields) => {
    const { match, priority } = ruleFor(frame, '5tuple')!;
    expect(priority).toBe(REACTIVE_PRIORITY);
    expect(match).toMatchObject(fields);
  });

  // `test/ovs/conversation-rules.test.ts` does this with all that a frame may hold, and Open vSwitch as the judge.
  it.each(['mac', '5tuple'] as const)('by %s, matches the frame that it was made for', (kind) => {
    const templates = new RuleTemplates(1);
    for (const [name, frame] of unicast) {
      expect(wrongFields(ruleFor(frame, kind, templates)!, toMatchFields(frame, 1)!), name).toEqual([]);
    }
  });
});

function whole(name: string): Buffer {
  return Buffer.from(FRAMES[name]!);
}

/** TCP over IPv4 with so many bytes of payload, whose header says so. */
function shortened(bytes: number): Buffer {
  const frame = whole('tcp');
  frame.writeUInt16BE(20 + bytes, 14 + 2);
  return frame.subarray(0, 14 + 20 + bytes);
}

/** In a frame of IEEE 802.3. */
function behindSnap(frame: Buffer): Buffer {
  const payload = frame.subarray(12);
  const length = Buffer.from([0, 6 + payload.length]);
  return Buffer.concat([frame.subarray(0, 12), length, Buffer.from('aaaa03000000', 'hex'), payload]);
}

function wrongFields({ match }: FlowMod, fields: PacketFields): string[] {
  const held = new Map<string, unknown>(Object.entries(fields));
  return Object.entries(match)
    .filter(([field, value]) => held.get(field) !== value)
    .map(([field, value]) => `${field} is ${String(held.get(field))}, not ${String(value)}`);
}

describe('a conversation', () => {
  it('is not known from a frame to a group, or without a whole header', () => {
    expect(ruleFor(FRAMES['arpRequest']!, 'mac')).toBeUndefined();
    expect(ruleFor(FRAMES['tcp']!.subarray(0, 13), 'mac')).toBeUndefined();
  });

  it('has a hash of all that its rule matches, and of nothing else', () => {
    const hashOf = (frame: Uint8Array, match: ReactiveMatch): string => {
      const key = new ConversationKey(match);
      key.read(frame);
      return `${key.hash} ${key.otherHash}`;
    };
    const changed = (at: number): Buffer => {
      const frame = Buffer.from(FRAMES['tcp']!);
      frame[at]! ^= 1;
      return frame;
    };
    const pair = hashOf(FRAMES['tcp']!, 'mac');
    const flow = hashOf(FRAMES['tcp']!, '5tuple');
    for (const at of [5, 11]) expect(hashOf(changed(at), 'mac')).not.toBe(pair);
    for (const at of [26, 33, 34, 37]) {
      expect(hashOf(changed(at), 'mac')).toBe(pair);
      expect(hashOf(changed(at), '5tuple')).not.toBe(flow);
    }
    // Identification and sequence number.
    for (const at of [19, 41]) expect(hashOf(changed(at), '5tuple')).toBe(flow);
  });
});

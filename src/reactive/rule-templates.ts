/**
 * Rules of conversations as bytes: each shape is encoded once, by the codec and checked against its table, and for every
 * conversation only what differs is copied in.
 */
import { makeCookie, RULE_CLASS } from '../flows/cookie.ts';
import { apply, checkRule, TABLES } from '../flows/pipeline.ts';
import type { RuleShape } from '../flows/pipeline.ts';
import { encode, flowMod, OFPFC } from '../openflow/codec/index.ts';
import type { Match } from '../openflow/codec/index.ts';
import { ETHER_TYPE, IP_PROTO } from '../packet/index.ts';
import { SHAPES } from './conversation-key.ts';
import type { ConversationKey, Shape } from './conversation-key.ts';

/** The app's number in cookies, shared with the app of the same name that asks. */
export const REACTIVE_APP_ID = 8;
/** Below the rules of hosts that proactive forwarding has: what is left over of this mode never shadows that one. */
export const REACTIVE_PRIORITY = 50;
/** Of rules that may match more than one conversation. */
const COARSE_PRIORITY = REACTIVE_PRIORITY - 1;

/** Values that stand nowhere else in a template, by which the places of fields are found. */
const SAMPLE = {
  ethDst: 0x02d1_d2d3_d4d5,
  ethSrc: 0x02e1_e2e3_e4e5,
  ethType: 0x9abc,
  ipProto: 0xb7,
  ipv4Src: 0xa1a2a3a4,
  ipv4Dst: 0xb1b2b3b4,
  ipv6Src: 0xa1a2a3a4_a5a6a7a8_a9aaabac_adaeafa0n,
  ipv6Dst: 0xb1b2b3b4_b5b6b7b8_b9babbbc_bdbebfb0n,
  srcPort: 0xf1f2,
  dstPort: 0xf3f4,
  outPort: 0x71727374,
  unit: 0x61626364,
} as const;

interface Template {
  readonly bytes: Buffer;
  readonly ethDst: number;
  readonly ethSrc: number;
  readonly ethType: number;
  readonly ipProto: number;
  readonly addressSrc: number;
  readonly addressDst: number;
  readonly addressBytes: number;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly unit: number;
  readonly outPort: number;
}

/** Where a field does not stand in a shape. */
const NOWHERE = -1;

/** The rule that a shape is, of sample values. */
export function sampleRule(shape: Shape): RuleShape {
  const { outPort: port } = SAMPLE;
  return {
    table: 'forward',
    priority: shape === 'link' ? COARSE_PRIORITY : REACTIVE_PRIORITY,
    match: sampleMatch(shape),
    instructions: [apply({ type: 'output', port, maxLen: 0 })],
  };
}

function sampleMatch(shape: Shape): Match {
  const { ethDst, ethSrc, ethType, ipProto, srcPort, dstPort } = SAMPLE;
  const link = { ethDst, ethSrc };
  if (shape === 'pair') return link;
  if (shape === 'link') return { ...link, ethType };
  const network = shape.endsWith('4')
    ? { ...link, ethType: ETHER_TYPE.IPV4, ipv4Src: SAMPLE.ipv4Src, ipv4Dst: SAMPLE.ipv4Dst }
    : { ...link, ethType: ETHER_TYPE.IPV6, ipv6Src: SAMPLE.ipv6Src, ipv6Dst: SAMPLE.ipv6Dst };
  if (shape.startsWith('tcp')) return { ...network, ipProto: IP_PROTO.TCP, tcpSrc: srcPort, tcpDst: dstPort };
  if (shape.startsWith('udp')) return { ...network, ipProto: IP_PROTO.UDP, udpSrc: srcPort, udpDst: dstPort };
  if (shape.startsWith('sctp')) return { ...network, ipProto: IP_PROTO.SCTP, sctpSrc: srcPort, sctpDst: dstPort };
  return { ...network, ipProto };
}

export class RuleTemplates {
  readonly #templates: Readonly<Record<Shape, Template>>;
  #filled: Template;

  /** @param idleTimeoutS 1 to 65535 */
  constructor(idleTimeoutS: number) {
    const made = SHAPES.map((shape) => [shape, makeTemplate(shape, idleTimeoutS)] as const);
    this.#templates = Object.fromEntries(made) as Record<Shape, Template>;
    this.#filled = this.#templates.pair;
  }

  /** The message filled last. */
  get bytes(): Buffer {
    return this.#filled.bytes;
  }

  /** Makes the message for a conversation to a destination; `setOutPort` completes it for each switch on the way. */
  fill(key: ConversationKey, frame: Uint8Array, unit: number): void {
    const template = this.#templates[key.shape];
    const { bytes } = template;
    this.#filled = template;
    copy(frame, 0, bytes, template.ethDst, 6);
    copy(frame, 6, bytes, template.ethSrc, 6);
    putU32(bytes, template.unit, unit);
    if (template.ethType !== NOWHERE) putU16(bytes, template.ethType, key.etherType);
    if (template.ipProto !== NOWHERE) bytes[template.ipProto] = key.ipProto;
    if (template.addressBytes > 0) {
      copy(frame, key.addresses, bytes, template.addressSrc, template.addressBytes);
      copy(frame, key.addresses + template.addressBytes, bytes, template.addressDst, template.addressBytes);
    }
    if (template.srcPort === NOWHERE) return;
    if (key.ports < 0) {
      putU16(bytes, template.srcPort, 0);
      putU16(bytes, template.dstPort, 0);
    } else {
      copy(frame, key.ports, bytes, template.srcPort, 2);
      copy(frame, key.ports + 2, bytes, template.dstPort, 2);
    }
  }

  setOutPort(port: number): void {
    putU32(this.#filled.bytes, this.#filled.outPort, port);
  }
}

function makeTemplate(shape: Shape, idleTimeout: number): Template {
  const rule = sampleRule(shape);
  checkRule(rule);
  const { match, priority, instructions } = rule;
  const cookie = makeCookie({ app: REACTIVE_APP_ID, ruleClass: RULE_CLASS.REACTIVE, unit: SAMPLE.unit });
  const tableId = TABLES.forward.id;
  // An xid of 0: no request waits for an answer, and refusals are known by it.
  const bytes = encode(
    flowMod({ xid: 0, command: OFPFC.ADD, tableId, priority, match, instructions, cookie, idleTimeout }),
  );
  const isIp4 = shape.endsWith('4');
  const isIp = isIp4 || shape.endsWith('6');
  const hasPorts = isIp && !shape.startsWith('ip');
  const place = (wanted: boolean, value: number | bigint, length: number): number =>
    wanted ? placeOf(bytes, value, length) : NOWHERE;
  return {
    bytes,
    ethDst: placeOf(bytes, SAMPLE.ethDst, 6),
    ethSrc: placeOf(bytes, SAMPLE.ethSrc, 6),
    ethType: place(shape === 'link', SAMPLE.ethType, 2),
    ipProto: place(isIp && !hasPorts, SAMPLE.ipProto, 1),
    addressSrc: place(isIp, isIp4 ? SAMPLE.ipv4Src : SAMPLE.ipv6Src, isIp4 ? 4 : 16),
    addressDst: place(isIp, isIp4 ? SAMPLE.ipv4Dst : SAMPLE.ipv6Dst, isIp4 ? 4 : 16),
    addressBytes: isIp ? (isIp4 ? 4 : 16) : 0,
    srcPort: place(hasPorts, SAMPLE.srcPort, 2),
    dstPort: place(hasPorts, SAMPLE.dstPort, 2),
    unit: placeOf(bytes, SAMPLE.unit, 4),
    outPort: placeOf(bytes, SAMPLE.outPort, 4),
  };
}

/** The one place where a value stands. */
function placeOf(bytes: Buffer, value: number | bigint, length: number): number {
  const wanted = Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
  const at = bytes.indexOf(wanted);
  if (at < 0 || bytes.includes(wanted, at + 1)) throw new Error(`a template has not exactly one ${value.toString(16)}`);
  return at;
}

function copy(from: Uint8Array, start: number, to: Buffer, at: number, length: number): void {
  for (let i = 0; i < length; i++) to[at + i] = from[start + i]!;
}

function putU16(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

function putU32(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

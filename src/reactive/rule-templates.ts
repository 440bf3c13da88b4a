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
import { SHAPES, ZERO } from './conversation-key.ts';
import type { ConversationKey, Shape } from './conversation-key.ts';

/** The app's number in cookies, shared with the app of the same name that asks. */
export const REACTIVE_APP_ID = 8;
/** Below the rules of hosts that proactive forwarding has: what is left over of this mode never shadows that one. */
export const REACTIVE_PRIORITY = 50;

/** Values of all that differs from rule to rule. */
interface Values {
  readonly ethDst: number;
  readonly ethSrc: number;
  readonly ethType: number;
  readonly ipProto: number;
  readonly ipv4Src: number;
  readonly ipv4Dst: number;
  readonly ipv6Src: bigint;
  readonly ipv6Dst: bigint;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly outPort: number;
  readonly unit: number;
}

const SAMPLE: Values = {
  ethDst: 0x020000000001,
  ethSrc: 0x020000000002,
  ethType: 0x88b5,
  ipProto: 1,
  ipv4Src: 0x0a000001,
  ipv4Dst: 0x0a000002,
  ipv6Src: 1n,
  ipv6Dst: 2n,
  srcPort: 1,
  dstPort: 2,
  outPort: 1,
  unit: 1,
};

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
const ALL_128_BITS = (1n << 128n) - 1n;

function ruleOf(shape: Shape, values: Values): RuleShape {
  return {
    table: 'forward',
    priority: REACTIVE_PRIORITY,
    match: matchOf(shape, values),
    instructions: [apply({ type: 'output', port: values.outPort, maxLen: 0 })],
  };
}

function matchOf(shape: Shape, values: Values): Match {
  const { ethDst, ethSrc, ethType, ipProto, ipv4Src, ipv4Dst, ipv6Src, ipv6Dst, srcPort, dstPort } = values;
  const link = { ethDst, ethSrc };
  if (shape === 'pair') return link;
  if (shape === 'link') return { ...link, ethType };
  const network = shape.endsWith('4')
    ? { ...link, ethType: ETHER_TYPE.IPV4, ipv4Src, ipv4Dst }
    : { ...link, ethType: ETHER_TYPE.IPV6, ipv6Src, ipv6Dst };
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

  /** The message made last. */
  get bytes(): Buffer {
    return this.#filled.bytes;
  }

  /** Makes the message for a conversation to a destination; `setOutPort` completes it for each switch on the way. */
  make(key: ConversationKey, frame: Uint8Array, unit: number): void {
    const template = this.#templates[key.shape];
    const { bytes } = template;
    this.#filled = template;
    put(frame, 0, bytes, template.ethDst, 6);
    put(frame, 6, bytes, template.ethSrc, 6);
    putU32(bytes, template.unit, unit);
    if (template.ethType !== NOWHERE) putU16(bytes, template.ethType, key.etherType);
    if (template.ipProto !== NOWHERE) bytes[template.ipProto] = key.ipProto;
    const { addressBytes } = template;
    if (addressBytes > 0) {
      put(frame, key.addresses, bytes, template.addressSrc, addressBytes);
      put(
        frame,
        key.addresses === ZERO ? ZERO : key.addresses + addressBytes,
        bytes,
        template.addressDst,
        addressBytes,
      );
    }
    if (template.srcPort === NOWHERE) return;
    put(frame, key.ports, bytes, template.srcPort, 2);
    put(frame, key.ports === ZERO ? ZERO : key.ports + 2, bytes, template.dstPort, 2);
  }

  setOutPort(port: number): void {
    putU32(this.#filled.bytes, this.#filled.outPort, port);
  }
}

function makeTemplate(shape: Shape, idleTimeout: number): Template {
  checkRule(ruleOf(shape, SAMPLE));
  const bytes = encodeRule(shape, SAMPLE, idleTimeout);
  /** Where a field stands: its first byte is the first that another value, other in every byte, changes. */
  const place = (other: Partial<Values>): number => {
    const changed = encodeRule(shape, { ...SAMPLE, ...other }, idleTimeout);
    return bytes.findIndex((byte, at) => byte !== changed[at]);
  };
  const isIp6 = shape.endsWith('6');
  const isIp = isIp6 || shape.endsWith('4');
  return {
    bytes,
    ethDst: place({ ethDst: 0xfdfffffffffe }),
    ethSrc: place({ ethSrc: 0xfdfffffffffd }),
    ethType: place({ ethType: 0x774a }),
    ipProto: place({ ipProto: 254 }),
    addressSrc: place({ ipv4Src: 0xf5fffffe, ipv6Src: ~1n & ALL_128_BITS }),
    addressDst: place({ ipv4Dst: 0xf5fffffd, ipv6Dst: ~2n & ALL_128_BITS }),
    addressBytes: isIp ? (isIp6 ? 16 : 4) : 0,
    srcPort: place({ srcPort: 0xfffe }),
    dstPort: place({ dstPort: 0xfffd }),
    unit: place({ unit: 0xfffffffe }),
    outPort: place({ outPort: 0xfffffffe }),
  };
}

function encodeRule(shape: Shape, values: Values, idleTimeout: number): Buffer {
  const { match, priority, instructions } = ruleOf(shape, values);
  const cookie = makeCookie({ app: REACTIVE_APP_ID, ruleClass: RULE_CLASS.REACTIVE, unit: values.unit });
  const tableId = TABLES.forward.id;
  // An xid of 0: no request waits for an answer, and refusals are known by it.
  const rule = { xid: 0, command: OFPFC.ADD, tableId, priority, match, instructions, cookie, idleTimeout };
  return encode(flowMod(rule));
}

/** Bytes of the frame, or zeros. */
function put(from: Uint8Array, start: number, to: Buffer, at: number, length: number): void {
  for (let i = 0; i < length; i++) to[at + i] = start === ZERO ? 0 : from[start + i]!;
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

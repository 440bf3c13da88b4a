/**
 * TCP segments that carry a number, so that each of them is known wherever it is seen. Not UDP: the hash by which Open vSwitch
 * spreads flows has the ports of TCP and SCTP in it, but not those of UDP.
 */
import { macOf } from './ring.ts';
import { untagged } from './untagged.ts';

const MAGIC = 0x53424f58;
/** Behind Ethernet, IPv4 and TCP without options. */
const PAYLOAD_AT = 14 + 20 + 20;
const BYTES = PAYLOAD_AT + 8;
const FIRST_SOURCE_PORT = 20_000;
const DISCARD_PORT = 9;

const BROADCAST = 0xffffffffffff;

export interface Addressed {
  readonly from: number;
  readonly to: number | 'all';
  /** Segments of different flows differ in their source port. */
  readonly flow: number;
}

/** From one host to another, or to all. */
export function numberedSegment({ from, to, flow }: Addressed, id: number): Buffer {
  const frame = Buffer.alloc(BYTES);
  frame.writeUIntBE(to === 'all' ? BROADCAST : macOf(to), 0, 6);
  frame.writeUIntBE(macOf(from), 6, 6);
  frame.writeUInt16BE(0x0800, 12);
  frame.writeUInt8(0x45, 14);
  frame.writeUInt16BE(BYTES - 14, 16);
  frame.writeUInt8(64, 22);
  frame.writeUInt8(6, 23);
  frame.writeUInt32BE(addressOf(from), 26);
  frame.writeUInt32BE(to === 'all' ? 0xffffffff : addressOf(to), 30);
  frame.writeUInt16BE(FIRST_SOURCE_PORT + flow, 34);
  frame.writeUInt16BE(DISCARD_PORT, 36);
  frame.writeUInt8(0x50, 46); // five words of header
  frame.writeUInt32BE(MAGIC, PAYLOAD_AT);
  frame.writeUInt32BE(id, PAYLOAD_AT + 4);
  return frame;
}

/** As `arpRequest` has it. */
function addressOf(index: number): number {
  return 0x0a000000 + index;
}

/** The number, where the frame has one; between switches it may be tagged. */
export function numberOf(seen: Buffer): number | undefined {
  const frame = untagged(seen);
  if (frame.length < BYTES || frame.readUInt32BE(PAYLOAD_AT) !== MAGIC) return undefined;
  return frame.readUInt32BE(PAYLOAD_AT + 4);
}

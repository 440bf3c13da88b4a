/** UDP frames that carry the number of their flow and their own: whoever sees one can tell which it is. */
import { buildUdp } from '../../src/packet/index.ts';
import { untagged } from './untagged.ts';

const MARK = 0x5b0c_7e57;
/** Behind Ethernet, IPv4 without options and UDP. */
const PAYLOAD_AT = 14 + 20 + 8;
const PAYLOAD_BYTES = 12;
const UDP_PORT = 9; // discard
const FIRST_IP = 0x0a000000;

export interface Numbered {
  readonly flow: number;
  readonly seq: number;
}

export interface FlowEnds {
  readonly flow: number;
  readonly ethSrc: number;
  readonly ethDst: number;
}

export function numberedFrame({ flow, ethSrc, ethDst }: FlowEnds, seq: number): Uint8Array {
  const payload = Buffer.alloc(PAYLOAD_BYTES);
  payload.writeUInt32BE(MARK, 0);
  payload.writeUInt32BE(flow, 4);
  payload.writeUInt32BE(seq, 8);
  const ips = { src: FIRST_IP + (ethSrc & 0xffff), dst: FIRST_IP + (ethDst & 0xffff) };
  return buildUdp({ ethSrc, ethDst, ...ips, srcPort: UDP_PORT, dstPort: UDP_PORT, payload });
}

/** Undefined for any other frame; between switches it may be tagged. */
export function readNumbered(seen: Buffer): Numbered | undefined {
  const frame = untagged(seen);
  if (frame.length < PAYLOAD_AT + PAYLOAD_BYTES || frame.readUInt32BE(PAYLOAD_AT) !== MARK) return undefined;
  return { flow: frame.readUInt32BE(PAYLOAD_AT + 4), seq: frame.readUInt32BE(PAYLOAD_AT + 8) };
}

/** TCP (RFC 9293), UDP (RFC 768) and SCTP (RFC 9260) headers. */
import { EMPTY, putU16, putU32, u16, u32, u8 } from './bytes.ts';
import { checksum } from './checksum.ts';
import { checkRange } from './errors.ts';
import type { LinkHeader } from './ethernet.ts';
import type { IpHeader } from './ip.ts';
import { startIp } from './ip.ts';
import { IP_PROTO } from './ip-proto.ts';

export const TCP_HEADER = 20;
export const UDP_HEADER = 8;
export const SCTP_HEADER = 12;

export const TCP_FLAG = { FIN: 0x01, SYN: 0x02, RST: 0x04, PSH: 0x08, ACK: 0x10, URG: 0x20 } as const;

const MAX_PORT = 0xffff;

export interface TcpSegment {
  readonly srcPort: number;
  readonly dstPort: number;
  readonly seq: number;
  readonly ack: number;
  /** TCP_FLAG bits, with ECE (0x40) and CWR (0x80). */
  readonly flags: number;
  readonly window: number;
  readonly payload: number;
  readonly end: number;
}

export interface UdpDatagram {
  readonly srcPort: number;
  readonly dstPort: number;
  readonly payload: number;
  readonly end: number;
}

export interface SctpPacket {
  readonly srcPort: number;
  readonly dstPort: number;
  readonly verificationTag: number;
  readonly payload: number;
  readonly end: number;
}

/** Undefined where the header or its options end early. `end` is where the IP payload ends. */
export function parseTcp(data: Uint8Array, offset: number, end = data.length): TcpSegment | undefined {
  const last = Math.min(end, data.length);
  if (last < offset + TCP_HEADER) return undefined;
  const payload = offset + (u8(data, offset + 12) >>> 4) * 4;
  if (payload < offset + TCP_HEADER || payload > last) return undefined;
  return {
    srcPort: u16(data, offset),
    dstPort: u16(data, offset + 2),
    seq: u32(data, offset + 4),
    ack: u32(data, offset + 8),
    flags: u8(data, offset + 13),
    window: u16(data, offset + 14),
    payload,
    end: last,
  };
}

/**
 * Undefined where the header ends early or gives a length below its own. A length beyond `end` (the IP payload's) is
 * cut to it, as a packet-in may be.
 */
export function parseUdp(data: Uint8Array, offset: number, end = data.length): UdpDatagram | undefined {
  const last = Math.min(end, data.length);
  if (last < offset + UDP_HEADER) return undefined;
  const length = u16(data, offset + 4);
  if (length < UDP_HEADER) return undefined;
  return {
    srcPort: u16(data, offset),
    dstPort: u16(data, offset + 2),
    payload: offset + UDP_HEADER,
    end: Math.min(offset + length, last),
  };
}

/** Undefined where the common header ends early. `end` is where the IP payload ends. */
export function parseSctp(data: Uint8Array, offset: number, end = data.length): SctpPacket | undefined {
  const last = Math.min(end, data.length);
  if (last < offset + SCTP_HEADER) return undefined;
  return {
    srcPort: u16(data, offset),
    dstPort: u16(data, offset + 2),
    verificationTag: u32(data, offset + 4),
    payload: offset + SCTP_HEADER,
    end: last,
  };
}

interface Ports {
  readonly srcPort: number;
  readonly dstPort: number;
  readonly payload?: Uint8Array;
}

export type UdpOptions = LinkHeader & IpHeader & Ports;

/** A UDP frame of the addresses' own IP version, with its checksum. */
export function buildUdp(options: UdpOptions): Uint8Array {
  const { srcPort, dstPort, payload = EMPTY } = options;
  const length = UDP_HEADER + payload.length;
  checkPorts(options);
  const { frame, offset, pseudoSum } = startIp(options, options, IP_PROTO.UDP, length);
  putU16(frame, offset, srcPort);
  putU16(frame, offset + 2, dstPort);
  putU16(frame, offset + 4, length);
  frame.set(payload, offset + UDP_HEADER);
  // Zero would say "no checksum"; its other form in ones' complement says the same sum.
  putU16(frame, offset + 6, checksum(frame, offset, offset + length, pseudoSum) || 0xffff);
  return frame;
}

export interface TcpFields {
  readonly seq?: number;
  readonly ack?: number;
  /** TCP_FLAG bits; default SYN. */
  readonly flags?: number;
  readonly window?: number;
}

/** A TCP frame without TCP options, of the addresses' own IP version: a probe, or a reset. */
export function buildTcp(options: LinkHeader & IpHeader & Ports & TcpFields): Uint8Array {
  const { srcPort, dstPort, payload = EMPTY, seq = 0, ack = 0, flags = TCP_FLAG.SYN, window = 0xffff } = options;
  const length = TCP_HEADER + payload.length;
  checkPorts(options);
  const { frame, offset, pseudoSum } = startIp(options, options, IP_PROTO.TCP, length);
  putU16(frame, offset, srcPort);
  putU16(frame, offset + 2, dstPort);
  putU32(frame, offset + 4, seq);
  putU32(frame, offset + 8, ack);
  frame[offset + 12] = (TCP_HEADER / 4) << 4;
  frame[offset + 13] = flags;
  putU16(frame, offset + 14, window);
  frame.set(payload, offset + TCP_HEADER);
  putU16(frame, offset + 16, checksum(frame, offset, offset + length, pseudoSum));
  return frame;
}

function checkPorts(ports: Ports): void {
  checkRange('Source port', ports.srcPort, 0, MAX_PORT);
  checkRange('Destination port', ports.dstPort, 0, MAX_PORT);
}

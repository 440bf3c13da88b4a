/** OpenFlow messages out of captured packets: finds TCP segments and puts their bytes in order, each way by itself. */
import { formatIpv4, formatIpv6 } from '../../core/addresses.ts';
import { Framer } from '../codec/index.ts';
import type { CapturedPacket } from './capture.ts';

export interface StreamEvents {
  /** `direction` is `source > destination`, addresses and ports. */
  onFrame(frame: Buffer, direction: string): void;
  onProblem(error: unknown, direction: string): void;
}

interface Segment {
  readonly direction: string;
  readonly ports: readonly [number, number];
  readonly seq: number;
  readonly syn: boolean;
  readonly payload: Buffer;
}

interface Direction {
  framer: Framer;
  /** The next byte's sequence number; undefined until the first segment. */
  next: number | undefined;
  /** Segments that came too early, by sequence number. */
  readonly early: Map<number, Buffer>;
}

/** The IANA port and the one before it. */
const OPENFLOW_PORTS: readonly number[] = [6653, 6633];
/** Segments kept for one that is missing: more means that the capture lost it. */
const EARLY_MAX = 256;
const LINK_HEADER_LEN: Readonly<Record<number, number>> = { 0: 4, 1: 14, 12: 0, 101: 0, 113: 16, 276: 20 };
const ETHERNET = 1;
const VLAN_TYPES: readonly number[] = [0x8100, 0x88a8];
const TCP = 6;

/** Follows every OpenFlow connection of a capture. */
export class ConversationTracker {
  readonly #ports: readonly number[];
  readonly #directions = new Map<string, Direction>();

  constructor(port?: number) {
    this.#ports = port === undefined ? OPENFLOW_PORTS : [...OPENFLOW_PORTS, port];
  }

  add(packet: CapturedPacket, events: StreamEvents): void {
    const segment = segmentIn(packet);
    if (!segment || !segment.ports.some((port) => this.#ports.includes(port))) return;
    const direction = this.#directions.get(segment.direction) ?? {
      framer: new Framer(),
      next: undefined,
      early: new Map(),
    };
    this.#directions.set(segment.direction, direction);
    if (segment.syn) direction.next = (segment.seq + 1) >>> 0;
    if (segment.payload.length === 0) return;
    direction.next ??= segment.seq;
    direction.early.set(segment.seq, segment.payload);
    this.#drain(direction, segment.direction, events);
  }

  /** Hands on every byte that is next in order. */
  #drain(direction: Direction, name: string, events: StreamEvents): void {
    for (let payload = takeNext(direction); payload; payload = takeNext(direction)) {
      direction.next = (direction.next! + payload.length) >>> 0;
      try {
        direction.framer.push(Buffer.from(payload), (frame) => events.onFrame(frame, name));
      } catch (error) {
        events.onProblem(error, name);
        direction.framer = new Framer(); // the next segment most likely begins with a message
      }
    }
    if (direction.early.size <= EARLY_MAX) return;
    events.onProblem('the capture has a gap; reading goes on behind it', name);
    direction.framer = new Framer();
    direction.next = Math.min(...direction.early.keys());
    this.#drain(direction, name, events);
  }
}

/** The unseen part of a segment that reaches up to the next byte, if there is one; drops what was seen already. */
function takeNext(direction: Direction): Buffer | undefined {
  for (const [seq, payload] of direction.early) {
    const seen = (direction.next! - seq) >>> 0; // bytes of it that came before, or a huge number where it is early
    if (seen > 0x7fffffff) continue;
    direction.early.delete(seq);
    if (seen < payload.length) return payload.subarray(seen);
  }
  return undefined;
}

function segmentIn({ linkType, data }: CapturedPacket): Segment | undefined {
  const skipped = LINK_HEADER_LEN[linkType];
  if (skipped === undefined) return undefined;
  const ip = data.subarray(linkType === ETHERNET ? behindVlanTags(data, skipped) : skipped);
  const version = ip.length > 0 ? ip[0]! >>> 4 : 0;
  if (version === 4) return inIpv4(ip);
  return version === 6 ? inIpv6(ip) : undefined;
}

/** Where the packet begins that a frame carries. */
function behindVlanTags(frame: Buffer, at: number): number {
  const tagged = frame.length >= at + 4 && VLAN_TYPES.includes(frame.readUInt16BE(at - 2));
  return tagged ? behindVlanTags(frame, at + 4) : at;
}

function inIpv4(ip: Buffer): Segment | undefined {
  const headerLength = (ip[0]! & 0xf) * 4;
  if (headerLength < 20 || ip.length < headerLength + 20 || ip[9] !== TCP) return undefined;
  if ((ip.readUInt16BE(6) & 0x1fff) !== 0) return undefined; // a later fragment has no TCP header
  const end = Math.max(ip.readUInt16BE(2), headerLength) || ip.length;
  return inTcp(ip.subarray(headerLength, end), formatIpv4(ip.readUInt32BE(12)), formatIpv4(ip.readUInt32BE(16)));
}

function inIpv6(ip: Buffer): Segment | undefined {
  if (ip.length < 60 || ip[6] !== TCP) return undefined;
  const address = (at: number): string =>
    `[${formatIpv6((ip.readBigUInt64BE(at) << 64n) | ip.readBigUInt64BE(at + 8))}]`;
  return inTcp(ip.subarray(40, 40 + ip.readUInt16BE(4)), address(8), address(24));
}

function inTcp(tcp: Buffer, source: string, destination: string): Segment | undefined {
  if (tcp.length < 20) return undefined;
  const ports = [tcp.readUInt16BE(0), tcp.readUInt16BE(2)] as const;
  return {
    direction: `${source}:${ports[0]} > ${destination}:${ports[1]}`,
    ports,
    seq: tcp.readUInt32BE(4),
    syn: (tcp[13]! & 0x02) !== 0,
    payload: tcp.subarray(Math.max((tcp[12]! >>> 4) * 4, 20)),
  };
}

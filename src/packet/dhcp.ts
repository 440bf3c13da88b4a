/** DHCPv4 (RFC 2131) and the options (RFC 2132) that tell who a host is and what it was given. */
import type { Mac } from '../core/addresses.ts';
import { text, u16, u32, u48, u8 } from './bytes.ts';

export const DHCP_PORT = { SERVER: 67, CLIENT: 68 } as const;
export const DHCP_OP = { BOOTREQUEST: 1, BOOTREPLY: 2 } as const;
export const DHCP_MESSAGE_TYPE = {
  DISCOVER: 1,
  OFFER: 2,
  REQUEST: 3,
  DECLINE: 4,
  ACK: 5,
  NAK: 6,
  RELEASE: 7,
  INFORM: 8,
} as const;

/** Option codes. */
export const DHCP_OPTION = {
  PAD: 0,
  HOSTNAME: 12,
  REQUESTED_IP: 50,
  LEASE_TIME: 51,
  OVERLOAD: 52,
  MESSAGE_TYPE: 53,
  SERVER_ID: 54,
  END: 255,
} as const;

const SNAME = 44;
const FILE = 108;
/** What the wire fixes, for reading and for building. */
export const DHCP_WIRE = {
  /** Offset of the magic cookie. */
  COOKIE: 236,
  /** Offset of the options. */
  OPTIONS: 240,
  MAGIC: 0x63825363,
  BROADCAST_FLAG: 0x8000,
  /** Ethernet's hardware type and address length, as the second and third byte. */
  ETHERNET: 0x0106,
} as const;

interface DhcpOptions {
  /** A DHCP_MESSAGE_TYPE. */
  readonly messageType: number;
  readonly requestedIp: number | undefined;
  readonly serverId: number | undefined;
  /** In seconds. */
  readonly leaseTime: number | undefined;
  /** As the client wrote it: text of a stranger, which may hold anything. */
  readonly hostname: string | undefined;
}

interface DhcpFields {
  /** A DHCP_OP. */
  readonly op: number;
  readonly xid: number;
  readonly secs: number;
  /** The client wants the answer broadcast. */
  readonly broadcast: boolean;
  readonly ciaddr: number;
  readonly yiaddr: number;
  readonly siaddr: number;
  readonly giaddr: number;
  readonly chaddr: Mac;
}

export type DhcpMessage = DhcpFields & DhcpOptions;

type Found = { -readonly [K in keyof DhcpOptions]: DhcpOptions[K] | undefined };

/**
 * Reads the message in a UDP payload. Undefined where it is not DHCP over Ethernet: cut short, another cookie, an
 * option past the end, or no message type (plain BOOTP). The first of an option given twice counts; split options (RFC
 * 3396) are not joined.
 * @param end where the UDP payload ends
 */
export function parseDhcp(data: Uint8Array, offset: number, end = data.length): DhcpMessage | undefined {
  const last = Math.min(end, data.length);
  if (last < offset + DHCP_WIRE.OPTIONS || u32(data, offset + DHCP_WIRE.COOKIE) !== DHCP_WIRE.MAGIC) return undefined;
  const op = u8(data, offset);
  if (op !== DHCP_OP.BOOTREQUEST && op !== DHCP_OP.BOOTREPLY) return undefined;
  if (u16(data, offset + 1) !== DHCP_WIRE.ETHERNET) return undefined;
  const found = parseOptions(data, offset, last);
  if (found?.messageType === undefined) return undefined;
  return {
    op,
    xid: u32(data, offset + 4),
    secs: u16(data, offset + 8),
    broadcast: (u16(data, offset + 10) & DHCP_WIRE.BROADCAST_FLAG) !== 0,
    ciaddr: u32(data, offset + 12),
    yiaddr: u32(data, offset + 16),
    siaddr: u32(data, offset + 20),
    giaddr: u32(data, offset + 24),
    chaddr: u48(data, offset + 28),
    messageType: found.messageType,
    requestedIp: found.requestedIp,
    serverId: found.serverId,
    leaseTime: found.leaseTime,
    hostname: found.hostname,
  };
}

/** The options field, then `file` and `sname` where the overload option says they hold options (RFC 2132 9.3). */
function parseOptions(data: Uint8Array, offset: number, end: number): Found | undefined {
  const found: Found = {
    messageType: undefined,
    requestedIp: undefined,
    serverId: undefined,
    leaseTime: undefined,
    hostname: undefined,
  };
  const overload = scanOptions(found, data, offset + DHCP_WIRE.OPTIONS, end);
  if (overload === undefined) return undefined;
  if ((overload & 1) !== 0 && scanOptions(found, data, offset + FILE, offset + DHCP_WIRE.COOKIE) === undefined)
    return undefined;
  if ((overload & 2) !== 0 && scanOptions(found, data, offset + SNAME, offset + FILE) === undefined) return undefined;
  return found;
}

/** Takes what is in [start, end). Returns the overload option's value, 0 without one; undefined where malformed. */
function scanOptions(found: Found, data: Uint8Array, start: number, end: number): number | undefined {
  let overload = 0;
  let at = start;
  while (at < end) {
    const code = u8(data, at);
    if (code === DHCP_OPTION.END) break;
    if (code === DHCP_OPTION.PAD) {
      at++;
      continue;
    }
    const value = at + 2;
    if (value > end) return undefined;
    const length = u8(data, at + 1);
    if (value + length > end || !isLengthValid(code, length)) return undefined;
    if (code === DHCP_OPTION.OVERLOAD) overload = u8(data, value);
    else takeOption(found, data, code, value, length);
    at = value + length;
  }
  return overload;
}

function isLengthValid(code: number, length: number): boolean {
  switch (code) {
    case DHCP_OPTION.MESSAGE_TYPE:
    case DHCP_OPTION.OVERLOAD:
      return length === 1;
    case DHCP_OPTION.REQUESTED_IP:
    case DHCP_OPTION.SERVER_ID:
    case DHCP_OPTION.LEASE_TIME:
      return length === 4;
    default:
      return true;
  }
}

function takeOption(found: Found, data: Uint8Array, code: number, value: number, length: number): void {
  switch (code) {
    case DHCP_OPTION.MESSAGE_TYPE:
      found.messageType ??= u8(data, value);
      break;
    case DHCP_OPTION.REQUESTED_IP:
      found.requestedIp ??= u32(data, value);
      break;
    case DHCP_OPTION.SERVER_ID:
      found.serverId ??= u32(data, value);
      break;
    case DHCP_OPTION.LEASE_TIME:
      found.leaseTime ??= u32(data, value);
      break;
    case DHCP_OPTION.HOSTNAME:
      found.hostname ??= text(data, value, value + length);
      break;
    default:
  }
}

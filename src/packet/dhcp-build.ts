/** Building DHCPv4 messages (RFC 2131): whole frames, checksums done. */
import { encodeText, putU16, putU32, putU48 } from './bytes.ts';
import type { DhcpMessage } from './dhcp.ts';
import { DHCP_OP, DHCP_OPTION, DHCP_PORT, DHCP_WIRE } from './dhcp.ts';
import { checkRange } from './errors.ts';
import type { LinkHeader } from './ethernet.ts';
import type { Ipv4Header } from './ipv4.ts';
import { buildUdp } from './transport.ts';

/** Relays and servers drop what is shorter than a BOOTP message (RFC 1542 section 2.1). */
const MIN_MESSAGE = 300;
const MAX_HOSTNAME = 255;

export type DhcpBuildOptions = LinkHeader &
  Pick<Ipv4Header, 'src' | 'dst'> &
  Pick<DhcpMessage, 'op' | 'xid' | 'chaddr' | 'messageType'> &
  Partial<DhcpMessage>;

/** A DHCP frame, from client to server port or back as `op` says. */
export function buildDhcp(options: DhcpBuildOptions): Uint8Array {
  const { op, ethDst, ethSrc, tags = [], src, dst } = options;
  const tail = encodeOptions(options);
  const payload = new Uint8Array(Math.max(MIN_MESSAGE, DHCP_WIRE.OPTIONS + tail.length));
  payload[0] = op;
  putU16(payload, 1, DHCP_WIRE.ETHERNET);
  putU32(payload, 4, options.xid);
  putU16(payload, 8, options.secs ?? 0);
  putU16(payload, 10, options.broadcast === true ? DHCP_WIRE.BROADCAST_FLAG : 0);
  putU32(payload, 12, options.ciaddr ?? 0);
  putU32(payload, 16, options.yiaddr ?? 0);
  putU32(payload, 20, options.siaddr ?? 0);
  putU32(payload, 24, options.giaddr ?? 0);
  putU48(payload, 28, options.chaddr);
  putU32(payload, DHCP_WIRE.COOKIE, DHCP_WIRE.MAGIC);
  payload.set(tail, DHCP_WIRE.OPTIONS);
  const toServer = op === DHCP_OP.BOOTREQUEST;
  const srcPort = toServer ? DHCP_PORT.CLIENT : DHCP_PORT.SERVER;
  const dstPort = toServer ? DHCP_PORT.SERVER : DHCP_PORT.CLIENT;
  return buildUdp({ ethDst, ethSrc, tags, src, dst, srcPort, dstPort, payload });
}

function encodeOptions(options: DhcpBuildOptions): Uint8Array {
  const bytes: number[] = [DHCP_OPTION.MESSAGE_TYPE, 1, options.messageType];
  const addU32 = (code: number, value: number | undefined): void => {
    if (value !== undefined)
      bytes.push(code, 4, value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
  };
  addU32(DHCP_OPTION.REQUESTED_IP, options.requestedIp);
  addU32(DHCP_OPTION.SERVER_ID, options.serverId);
  addU32(DHCP_OPTION.LEASE_TIME, options.leaseTime);
  if (options.hostname !== undefined) {
    const name = encodeText(options.hostname);
    checkRange('Length of the hostname in bytes', name.length, 1, MAX_HOSTNAME);
    bytes.push(DHCP_OPTION.HOSTNAME, name.length, ...name);
  }
  bytes.push(DHCP_OPTION.END);
  return Uint8Array.from(bytes);
}

/** Names of things, as every room and the outside write them. */

/** A datapath id: 16 lower-case hex digits. Only the codec knows it as a 64-bit integer. */
export type Dpid = string;

/** One end of a link, or the place where a host is attached. */
export interface PortRef {
  readonly dpid: Dpid;
  readonly port: number;
}

/** A link's name: its two ends in order, `dpid:port-dpid:port`. */
export type LinkId = string;

const DPID_TEXT = /^[0-9a-f]{16}$/;

export function formatDpid(value: bigint): Dpid {
  return value.toString(16).padStart(16, '0');
}

export function isDpid(text: string): boolean {
  return DPID_TEXT.test(text);
}

export function dpidToBigInt(dpid: Dpid): bigint {
  return BigInt(`0x${dpid}`);
}

export function portKey(ref: PortRef): string {
  return `${ref.dpid}:${ref.port}`;
}

export function samePort(x: PortRef, y: PortRef): boolean {
  return x.port === y.port && x.dpid === y.dpid;
}

export function comparePorts(a: PortRef, b: PortRef): number {
  if (a.dpid !== b.dpid) return a.dpid < b.dpid ? -1 : 1;
  return a.port - b.port;
}

/** The id of the link between two ports: the same whichever way round they are given. */
export function linkId(a: PortRef, b: PortRef): LinkId {
  return comparePorts(a, b) <= 0 ? `${portKey(a)}-${portKey(b)}` : `${portKey(b)}-${portKey(a)}`;
}

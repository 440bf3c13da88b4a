/** What the rows of the field tables are made of. */
import type { FieldBytes, OxmText, Prerequisite } from './field.ts';

export interface Row {
  readonly oxmClass: number;
  readonly code: number;
  readonly experimenter?: number;
  readonly bits: number;
  /** Where the value takes more bytes than its bits need. */
  readonly bytes?: FieldBytes;
  readonly mask?: boolean;
  readonly needs?: Prerequisite;
  readonly text?: OxmText;
  /** The header under which Open vSwitch's actions name the field, where it is not the OXM header. */
  readonly nxm?: number;
}

export const IP: Prerequisite = { field: 'ethType', values: [0x0800, 0x86dd] };
export const IPV4: Prerequisite = { field: 'ethType', values: [0x0800] };
export const IPV6: Prerequisite = { field: 'ethType', values: [0x86dd] };
export const ARP: Prerequisite = { field: 'ethType', values: [0x0806] };
export const MPLS: Prerequisite = { field: 'ethType', values: [0x8847, 0x8848] };
export const PBB: Prerequisite = { field: 'ethType', values: [0x88e7] };
export const INGRESS: Prerequisite = { field: 'inPort', values: [] };
export const NSH: Prerequisite = { field: 'ethType', values: [0x894f] };
export const TAGGED: Prerequisite = { field: 'vlanVid', values: [] };
export const TCP: Prerequisite = { field: 'ipProto', values: [6] };
export const UDP: Prerequisite = { field: 'ipProto', values: [17] };
export const SCTP: Prerequisite = { field: 'ipProto', values: [132] };
export const ICMPV4: Prerequisite = { field: 'ipProto', values: [1] };
export const ICMPV6: Prerequisite = { field: 'ipProto', values: [58] };
export const ND: Prerequisite = { field: 'icmpv6Type', values: [135, 136] };
export const ND_SOLICIT: Prerequisite = { field: 'icmpv6Type', values: [135] };
export const ND_ADVERT: Prerequisite = { field: 'icmpv6Type', values: [136] };

/** Class, code and length of a field in Nicira's own numbering. */
export const nxmHeader = (oxmClass: 0 | 1, code: number, bytes: number): number =>
  oxmClass * 0x10000 + (code << 9) + bytes;

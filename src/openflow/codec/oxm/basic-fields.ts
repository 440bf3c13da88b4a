/** The forty fields of OpenFlow 1.3 (section 7.2.3.7). */
import { OFPXMC } from '../constants/flows.ts';
import { snakeCase } from '../json/json.ts';
import type { KnownMatch } from '../match-types.ts';
import {
  ARP,
  ICMPV4,
  ICMPV6,
  INGRESS,
  IP,
  IPV4,
  IPV6,
  MPLS,
  ND,
  ND_ADVERT,
  ND_SOLICIT,
  PBB,
  SCTP,
  TAGGED,
  TCP,
  UDP,
  nxmHeader,
  type Row,
} from './row.ts';
import * as texts from './texts.ts';

const basic = (code: number, bits: number, rest: Omit<Row, 'oxmClass' | 'code' | 'bits'> = {}): Row => ({
  oxmClass: OFPXMC.OPENFLOW_BASIC,
  code,
  bits,
  ...rest,
});

/** A field that stands behind its prerequisites. Masks beyond the spec's own (ports, ND) are what Open vSwitch takes. */
export const BASIC_ROWS: Readonly<Record<keyof KnownMatch, Row>> = {
  inPort: basic(0, 32, { text: texts.portNumber, nxm: nxmHeader(0, 0, 2) }),
  inPhyPort: basic(1, 32, { needs: INGRESS, text: texts.portNumber }),
  metadata: basic(2, 64, { mask: true, text: texts.hexWide }),
  ethDst: basic(3, 48, { mask: true, text: texts.macAddress, nxm: nxmHeader(0, 1, 6) }),
  ethSrc: basic(4, 48, { mask: true, text: texts.macAddress, nxm: nxmHeader(0, 2, 6) }),
  ethType: basic(5, 16, { text: texts.etherType, nxm: nxmHeader(0, 3, 2) }),
  vlanVid: basic(6, 13, { mask: true, text: texts.vlanVid }),
  vlanPcp: basic(7, 3, { needs: TAGGED }),
  ipDscp: basic(8, 6, { needs: IP }),
  ipEcn: basic(9, 2, { needs: IP, nxm: nxmHeader(1, 28, 1) }),
  ipProto: basic(10, 8, { needs: IP, text: texts.ipProtocol, nxm: nxmHeader(0, 6, 1) }),
  ipv4Src: basic(11, 32, { mask: true, needs: IPV4, text: texts.ipv4Address, nxm: nxmHeader(0, 7, 4) }),
  ipv4Dst: basic(12, 32, { mask: true, needs: IPV4, text: texts.ipv4Address, nxm: nxmHeader(0, 8, 4) }),
  tcpSrc: basic(13, 16, { mask: true, needs: TCP, nxm: nxmHeader(0, 9, 2) }),
  tcpDst: basic(14, 16, { mask: true, needs: TCP, nxm: nxmHeader(0, 10, 2) }),
  udpSrc: basic(15, 16, { mask: true, needs: UDP, nxm: nxmHeader(0, 11, 2) }),
  udpDst: basic(16, 16, { mask: true, needs: UDP, nxm: nxmHeader(0, 12, 2) }),
  sctpSrc: basic(17, 16, { mask: true, needs: SCTP }),
  sctpDst: basic(18, 16, { mask: true, needs: SCTP }),
  icmpv4Type: basic(19, 8, { needs: ICMPV4, nxm: nxmHeader(0, 13, 1) }),
  icmpv4Code: basic(20, 8, { needs: ICMPV4, nxm: nxmHeader(0, 14, 1) }),
  arpOp: basic(21, 16, { needs: ARP, nxm: nxmHeader(0, 15, 2) }),
  arpSpa: basic(22, 32, { mask: true, needs: ARP, text: texts.ipv4Address, nxm: nxmHeader(0, 16, 4) }),
  arpTpa: basic(23, 32, { mask: true, needs: ARP, text: texts.ipv4Address, nxm: nxmHeader(0, 17, 4) }),
  arpSha: basic(24, 48, { mask: true, needs: ARP, text: texts.macAddress, nxm: nxmHeader(1, 17, 6) }),
  arpTha: basic(25, 48, { mask: true, needs: ARP, text: texts.macAddress, nxm: nxmHeader(1, 18, 6) }),
  ipv6Src: basic(26, 128, { mask: true, needs: IPV6, text: texts.ipv6Address, nxm: nxmHeader(1, 19, 16) }),
  ipv6Dst: basic(27, 128, { mask: true, needs: IPV6, text: texts.ipv6Address, nxm: nxmHeader(1, 20, 16) }),
  ipv6Flabel: basic(28, 20, { bytes: 4, mask: true, needs: IPV6, text: texts.hex, nxm: nxmHeader(1, 27, 4) }),
  icmpv6Type: basic(29, 8, { needs: ICMPV6, nxm: nxmHeader(1, 21, 1) }),
  icmpv6Code: basic(30, 8, { needs: ICMPV6, nxm: nxmHeader(1, 22, 1) }),
  ipv6NdTarget: basic(31, 128, { mask: true, needs: ND, text: texts.ipv6Address, nxm: nxmHeader(1, 23, 16) }),
  ipv6NdSll: basic(32, 48, { mask: true, needs: ND_SOLICIT, text: texts.macAddress, nxm: nxmHeader(1, 24, 6) }),
  ipv6NdTll: basic(33, 48, { mask: true, needs: ND_ADVERT, text: texts.macAddress, nxm: nxmHeader(1, 25, 6) }),
  mplsLabel: basic(34, 20, { bytes: 4, needs: MPLS }),
  mplsTc: basic(35, 3, { needs: MPLS }),
  mplsBos: basic(36, 1, { needs: MPLS }),
  pbbIsid: basic(37, 24, { bytes: 3, mask: true, needs: PBB, text: texts.hex }),
  tunnelId: basic(38, 64, { mask: true, text: texts.hexWide, nxm: nxmHeader(1, 16, 8) }),
  ipv6Exthdr: basic(39, 9, { mask: true, needs: IPV6, text: texts.hex }),
};

/** The spec's own fields, as JSON names them: what any switch of this version may be asked to match. */
export const BASIC_FIELD_NAMES: ReadonlySet<string> = new Set(Object.keys(BASIC_ROWS).map(snakeCase));

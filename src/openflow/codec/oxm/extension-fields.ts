/** Fields that Open vSwitch and the ONF add to OpenFlow 1.3 (ovs-fields(7)). */
import { OFPXMC } from '../constants/flows.ts';
import { EXPERIMENTER_ID } from '../constants/header.ts';
import type { ExtensionMatch } from '../match-types.ts';
import { IP, MPLS, ND, NSH, nxmHeader, type Row, TCP } from './row.ts';
import * as texts from './texts.ts';

type Rest = Omit<Row, 'oxmClass' | 'code' | 'bits' | 'experimenter'>;

/** Class of the 64-bit packet registers (OpenFlow 1.5). */
const PACKET_REGISTERS = 0x8001;
/** Class of Ericsson's fields. */
const ERICSSON = 0x1000;
/** Who numbers the fields of the network service header. */
const NSH_ID = 0x005ad650;

const nicira = (code: number, bits: number, rest: Rest = {}): Row => ({ oxmClass: OFPXMC.NXM_1, code, bits, ...rest });
const experimenters = (experimenter: number, code: number, bits: number, rest: Rest = {}): Row => ({
  oxmClass: OFPXMC.EXPERIMENTER,
  experimenter,
  code,
  bits,
  ...rest,
});
const nsh = (code: number, bits: number, rest: Rest = {}): Row =>
  experimenters(NSH_ID, code, bits, { needs: NSH, ...rest });
const tunnel = (code: number, bits: number, rest: Rest = {}): Row =>
  experimenters(EXPERIMENTER_ID.NICIRA, code, bits, { mask: true, ...rest });

export const EXTENSION_ROWS: Readonly<Record<keyof ExtensionMatch, Row>> = {
  tcpFlags: experimenters(EXPERIMENTER_ID.ONF, 42, 12, {
    mask: true,
    needs: TCP,
    text: texts.hex,
    nxm: nxmHeader(1, 34, 2),
  }),
  actsetOutput: experimenters(EXPERIMENTER_ID.ONF, 43, 32, { text: texts.portNumber }),
  packetType: { oxmClass: OFPXMC.OPENFLOW_BASIC, code: 44, bits: 32, text: texts.hex },
  conjId: nicira(37, 32),
  pktMark: nicira(33, 32, { mask: true, text: texts.hex }),
  vlanTci: { oxmClass: OFPXMC.NXM_0, code: 4, bits: 16, mask: true, text: texts.hex },
  nwTos: { oxmClass: OFPXMC.NXM_0, code: 5, bits: 8, needs: IP },
  nwTtl: nicira(29, 8, { needs: IP }),
  ipFrag: nicira(26, 2, { mask: true, needs: IP }),
  mplsTtl: nicira(30, 8, { needs: MPLS }),
  ndReserved: { oxmClass: ERICSSON, code: 1, bits: 32, needs: ND, text: texts.hex },
  ndOptionsType: { oxmClass: ERICSSON, code: 2, bits: 8, needs: ND },
  ctState: nicira(105, 32, { mask: true, text: texts.hex }),
  ctZone: nicira(106, 16),
  ctMark: nicira(107, 32, { mask: true, text: texts.hex }),
  ctLabel: nicira(108, 128, { mask: true, text: texts.hexWide }),
  ctNwProto: nicira(119, 8),
  ctNwSrc: nicira(120, 32, { mask: true, text: texts.ipv4Address }),
  ctNwDst: nicira(121, 32, { mask: true, text: texts.ipv4Address }),
  ctIpv6Src: nicira(122, 128, { mask: true, text: texts.ipv6Address }),
  ctIpv6Dst: nicira(123, 128, { mask: true, text: texts.ipv6Address }),
  ctTpSrc: nicira(124, 16, { mask: true }),
  ctTpDst: nicira(125, 16, { mask: true }),
  tunSrc: nicira(31, 32, { mask: true, text: texts.ipv4Address }),
  tunDst: nicira(32, 32, { mask: true, text: texts.ipv4Address }),
  tunIpv6Src: nicira(109, 128, { mask: true, text: texts.ipv6Address }),
  tunIpv6Dst: nicira(110, 128, { mask: true, text: texts.ipv6Address }),
  tunFlags: nicira(104, 1, { bytes: 2, mask: true, text: texts.hex }),
  tunGbpId: nicira(38, 16, { mask: true }),
  tunGbpFlags: nicira(39, 8, { mask: true, text: texts.hex }),
  tunErspanVer: tunnel(12, 4),
  tunErspanIdx: tunnel(11, 20, { bytes: 4, text: texts.hex }),
  tunErspanDir: tunnel(13, 1),
  tunErspanHwid: tunnel(14, 6, { text: texts.hex }),
  tunGtpuFlags: tunnel(15, 8, { text: texts.hex }),
  tunGtpuMsgtype: tunnel(16, 8),
  reg0: nicira(0, 32, { mask: true, text: texts.hex }),
  reg1: nicira(1, 32, { mask: true, text: texts.hex }),
  reg2: nicira(2, 32, { mask: true, text: texts.hex }),
  reg3: nicira(3, 32, { mask: true, text: texts.hex }),
  reg4: nicira(4, 32, { mask: true, text: texts.hex }),
  reg5: nicira(5, 32, { mask: true, text: texts.hex }),
  reg6: nicira(6, 32, { mask: true, text: texts.hex }),
  reg7: nicira(7, 32, { mask: true, text: texts.hex }),
  reg8: nicira(8, 32, { mask: true, text: texts.hex }),
  reg9: nicira(9, 32, { mask: true, text: texts.hex }),
  reg10: nicira(10, 32, { mask: true, text: texts.hex }),
  reg11: nicira(11, 32, { mask: true, text: texts.hex }),
  reg12: nicira(12, 32, { mask: true, text: texts.hex }),
  reg13: nicira(13, 32, { mask: true, text: texts.hex }),
  reg14: nicira(14, 32, { mask: true, text: texts.hex }),
  reg15: nicira(15, 32, { mask: true, text: texts.hex }),
  xreg0: { oxmClass: PACKET_REGISTERS, code: 0, bits: 64, mask: true, text: texts.hexWide },
  xreg1: { oxmClass: PACKET_REGISTERS, code: 1, bits: 64, mask: true, text: texts.hexWide },
  xreg2: { oxmClass: PACKET_REGISTERS, code: 2, bits: 64, mask: true, text: texts.hexWide },
  xreg3: { oxmClass: PACKET_REGISTERS, code: 3, bits: 64, mask: true, text: texts.hexWide },
  xreg4: { oxmClass: PACKET_REGISTERS, code: 4, bits: 64, mask: true, text: texts.hexWide },
  xreg5: { oxmClass: PACKET_REGISTERS, code: 5, bits: 64, mask: true, text: texts.hexWide },
  xreg6: { oxmClass: PACKET_REGISTERS, code: 6, bits: 64, mask: true, text: texts.hexWide },
  xreg7: { oxmClass: PACKET_REGISTERS, code: 7, bits: 64, mask: true, text: texts.hexWide },
  xxreg0: nicira(111, 128, { mask: true, text: texts.hexWide }),
  xxreg1: nicira(112, 128, { mask: true, text: texts.hexWide }),
  xxreg2: nicira(113, 128, { mask: true, text: texts.hexWide }),
  xxreg3: nicira(114, 128, { mask: true, text: texts.hexWide }),
  nshFlags: nsh(1, 8, { mask: true, text: texts.hex }),
  nshTtl: nsh(10, 6),
  nshMdtype: nsh(2, 8),
  nshNp: nsh(3, 8),
  nshSpi: nsh(4, 24, { bytes: 4, text: texts.hex }),
  nshSi: nsh(5, 8),
  nshC1: nsh(6, 32, { mask: true, text: texts.hex }),
  nshC2: nsh(7, 32, { mask: true, text: texts.hex }),
  nshC3: nsh(8, 32, { mask: true, text: texts.hex }),
  nshC4: nsh(9, 32, { mask: true, text: texts.hex }),
};

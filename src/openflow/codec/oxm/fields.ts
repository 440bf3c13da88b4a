/**
 * The one table of OXM fields (OpenFlow 1.3.5 section 7.2.3.7). Encoding, decoding, names, validation, JSON and printing
 * follow from its rows: to add a field, add a row here and its name to match-types.ts.
 */
import { OFPXMC } from '../constants/flows.ts';
import { snakeCase } from '../json/json.ts';
import type { MatchField } from '../match-types.ts';
import type { FieldBytes, OxmField, OxmText, Prerequisite } from './field.ts';
import * as texts from './texts.ts';

/** The bit of an OXM header that says that a mask follows the value. */
export const OXM_HASMASK = 0x100;

interface Row {
  readonly oxmClass: number;
  readonly code: number;
  readonly experimenter?: number;
  readonly bits: number;
  /** Where the value takes more bytes than its bits need. */
  readonly bytes?: FieldBytes;
  readonly mask?: boolean;
  readonly needs?: Prerequisite;
  readonly text?: OxmText;
}

const IP: Prerequisite = { field: 'ethType', values: [0x0800, 0x86dd] };
const IPV4: Prerequisite = { field: 'ethType', values: [0x0800] };
const IPV6: Prerequisite = { field: 'ethType', values: [0x86dd] };
const ARP: Prerequisite = { field: 'ethType', values: [0x0806] };
const MPLS: Prerequisite = { field: 'ethType', values: [0x8847, 0x8848] };
const PBB: Prerequisite = { field: 'ethType', values: [0x88e7] };
const INGRESS: Prerequisite = { field: 'inPort', values: [] };
const TAGGED: Prerequisite = { field: 'vlanVid', values: [] };
const TCP: Prerequisite = { field: 'ipProto', values: [6] };
const UDP: Prerequisite = { field: 'ipProto', values: [17] };
const SCTP: Prerequisite = { field: 'ipProto', values: [132] };
const ICMPV4: Prerequisite = { field: 'ipProto', values: [1] };
const ICMPV6: Prerequisite = { field: 'ipProto', values: [58] };
const ND: Prerequisite = { field: 'icmpv6Type', values: [135, 136] };
const ND_SOLICIT: Prerequisite = { field: 'icmpv6Type', values: [135] };
const ND_ADVERT: Prerequisite = { field: 'icmpv6Type', values: [136] };

const basic = (code: number, bits: number, rest: Omit<Row, 'oxmClass' | 'code' | 'bits'> = {}): Row => ({
  oxmClass: OFPXMC.OPENFLOW_BASIC,
  code,
  bits,
  ...rest,
});

/** A field that stands behind its prerequisites. Masks beyond the spec's own (ports, ND) are what Open vSwitch takes. */
const ROWS: Readonly<Record<MatchField, Row>> = {
  inPort: basic(0, 32, { text: texts.portNumber }),
  inPhyPort: basic(1, 32, { needs: INGRESS, text: texts.portNumber }),
  metadata: basic(2, 64, { mask: true, text: texts.hexWide }),
  ethDst: basic(3, 48, { mask: true, text: texts.macAddress }),
  ethSrc: basic(4, 48, { mask: true, text: texts.macAddress }),
  ethType: basic(5, 16, { text: texts.etherType }),
  vlanVid: basic(6, 13, { mask: true, text: texts.vlanVid }),
  vlanPcp: basic(7, 3, { needs: TAGGED }),
  ipDscp: basic(8, 6, { needs: IP }),
  ipEcn: basic(9, 2, { needs: IP }),
  ipProto: basic(10, 8, { needs: IP, text: texts.ipProtocol }),
  ipv4Src: basic(11, 32, { mask: true, needs: IPV4, text: texts.ipv4Address }),
  ipv4Dst: basic(12, 32, { mask: true, needs: IPV4, text: texts.ipv4Address }),
  tcpSrc: basic(13, 16, { mask: true, needs: TCP }),
  tcpDst: basic(14, 16, { mask: true, needs: TCP }),
  udpSrc: basic(15, 16, { mask: true, needs: UDP }),
  udpDst: basic(16, 16, { mask: true, needs: UDP }),
  sctpSrc: basic(17, 16, { mask: true, needs: SCTP }),
  sctpDst: basic(18, 16, { mask: true, needs: SCTP }),
  icmpv4Type: basic(19, 8, { needs: ICMPV4 }),
  icmpv4Code: basic(20, 8, { needs: ICMPV4 }),
  arpOp: basic(21, 16, { needs: ARP }),
  arpSpa: basic(22, 32, { mask: true, needs: ARP, text: texts.ipv4Address }),
  arpTpa: basic(23, 32, { mask: true, needs: ARP, text: texts.ipv4Address }),
  arpSha: basic(24, 48, { mask: true, needs: ARP, text: texts.macAddress }),
  arpTha: basic(25, 48, { mask: true, needs: ARP, text: texts.macAddress }),
  ipv6Src: basic(26, 128, { mask: true, needs: IPV6, text: texts.ipv6Address }),
  ipv6Dst: basic(27, 128, { mask: true, needs: IPV6, text: texts.ipv6Address }),
  ipv6Flabel: basic(28, 20, { bytes: 4, mask: true, needs: IPV6, text: texts.hex }),
  icmpv6Type: basic(29, 8, { needs: ICMPV6 }),
  icmpv6Code: basic(30, 8, { needs: ICMPV6 }),
  ipv6NdTarget: basic(31, 128, { mask: true, needs: ND, text: texts.ipv6Address }),
  ipv6NdSll: basic(32, 48, { mask: true, needs: ND_SOLICIT, text: texts.macAddress }),
  ipv6NdTll: basic(33, 48, { mask: true, needs: ND_ADVERT, text: texts.macAddress }),
  mplsLabel: basic(34, 20, { bytes: 4, needs: MPLS }),
  mplsTc: basic(35, 3, { needs: MPLS }),
  mplsBos: basic(36, 1, { needs: MPLS }),
  pbbIsid: basic(37, 24, { bytes: 3, mask: true, needs: PBB, text: texts.hex }),
  tunnelId: basic(38, 64, { mask: true, text: texts.hexWide }),
  ipv6Exthdr: basic(39, 9, { mask: true, needs: IPV6, text: texts.hex }),
};

function bytesFor(bits: number): FieldBytes {
  return ([1, 2, 4, 6, 8, 16] as const).find((bytes) => bits <= bytes * 8)!;
}

function fieldOf(name: MatchField, row: Row, index: number): OxmField {
  const bytes = row.bytes ?? bytesFor(row.bits);
  const start = row.oxmClass * 0x10000 + (row.code << 9);
  const idBytes = row.experimenter === undefined ? 0 : 4;
  return {
    name,
    snakeName: snakeCase(name),
    index,
    oxmClass: row.oxmClass,
    code: row.code,
    experimenter: row.experimenter,
    bytes,
    bits: row.bits,
    max: 2 ** Math.min(row.bits, 48) - 1,
    header: start + bytes + idBytes,
    maskedHeader: start + OXM_HASMASK + 2 * bytes + idBytes,
    maskable: row.mask ?? false,
    needs: row.needs,
    text: row.text ?? texts.decimal,
  };
}

/** Every field, in canonical order. */
export const OXM_FIELDS: readonly OxmField[] = (Object.entries(ROWS) as [MatchField, Row][]).map(([name, row], index) =>
  fieldOf(name, row, index),
);

const byName: ReadonlyMap<string, OxmField> = new Map(OXM_FIELDS.map((field) => [field.name, field]));
const bySnakeName: ReadonlyMap<string, OxmField> = new Map(OXM_FIELDS.map((field) => [field.snakeName, field]));
const basicByCode: readonly (OxmField | undefined)[] = Array.from({ length: 128 }, (_, code) =>
  OXM_FIELDS.find((field) => field.oxmClass === OFPXMC.OPENFLOW_BASIC && field.code === code),
);

function rareKey(oxmClass: number, code: number, experimenter: number): string {
  return `${oxmClass}.${code}.${experimenter}`;
}

const rare: ReadonlyMap<string, OxmField> = new Map(
  OXM_FIELDS.filter((field) => field.oxmClass !== OFPXMC.OPENFLOW_BASIC).map((field) => [
    rareKey(field.oxmClass, field.code, field.experimenter ?? 0),
    field,
  ]),
);

/** The field of that name (`ethDst`), or undefined. */
export function fieldByName(name: string): OxmField | undefined {
  return byName.get(name);
}

/** The field of that name (`eth_dst`), or undefined. */
export function fieldBySnakeName(name: string): OxmField | undefined {
  return bySnakeName.get(name);
}

/** The field that an OXM header means, or undefined. `experimenter` counts only for class EXPERIMENTER. */
export function fieldByCode(oxmClass: number, code: number, experimenter: number): OxmField | undefined {
  if (oxmClass === OFPXMC.OPENFLOW_BASIC) return basicByCode[code];
  return rare.get(rareKey(oxmClass, code, oxmClass === OFPXMC.EXPERIMENTER ? experimenter : 0));
}

/**
 * A match: OXM fields by name (OpenFlow 1.3.5 section 7.2.3). Values are numbers up to 48 bits (MAC and IPv4 addresses
 * among them) and bigints beyond, so that they compare with `===`; `{ value, mask }` where some bits are left open.
 */
export interface Masked<T> {
  readonly value: T;
  readonly mask: T;
}

type Narrow = number | Masked<number>;
type Wide = bigint | Masked<bigint>;

export interface KnownMatch {
  readonly inPort?: number;
  readonly inPhyPort?: number;
  readonly metadata?: Wide;
  readonly ethDst?: Narrow;
  readonly ethSrc?: Narrow;
  readonly ethType?: number;
  /** With bit 12 (OFPVID_PRESENT, 0x1000) set for a tagged frame; 0 matches untagged frames only. */
  readonly vlanVid?: Narrow;
  readonly vlanPcp?: number;
  readonly ipDscp?: number;
  readonly ipEcn?: number;
  readonly ipProto?: number;
  readonly ipv4Src?: Narrow;
  readonly ipv4Dst?: Narrow;
  readonly tcpSrc?: Narrow;
  readonly tcpDst?: Narrow;
  readonly udpSrc?: Narrow;
  readonly udpDst?: Narrow;
  readonly sctpSrc?: Narrow;
  readonly sctpDst?: Narrow;
  readonly icmpv4Type?: number;
  readonly icmpv4Code?: number;
  readonly arpOp?: number;
  readonly arpSpa?: Narrow;
  readonly arpTpa?: Narrow;
  readonly arpSha?: Narrow;
  readonly arpTha?: Narrow;
  readonly ipv6Src?: Wide;
  readonly ipv6Dst?: Wide;
  readonly ipv6Flabel?: Narrow;
  readonly icmpv6Type?: number;
  readonly icmpv6Code?: number;
  readonly ipv6NdTarget?: Wide;
  readonly ipv6NdSll?: Narrow;
  readonly ipv6NdTll?: Narrow;
  readonly mplsLabel?: number;
  readonly mplsTc?: number;
  readonly mplsBos?: number;
  readonly pbbIsid?: Narrow;
  readonly tunnelId?: Wide;
  readonly ipv6Exthdr?: Narrow;
}

/** Fields that Open vSwitch and the ONF add to 1.3 (ovs-fields(7)). */
export interface ExtensionMatch {
  readonly tcpFlags?: Narrow;
  readonly actsetOutput?: number;
  readonly packetType?: number;
  readonly conjId?: number;
  readonly pktMark?: Narrow;
  readonly vlanTci?: Narrow;
  readonly nwTos?: number;
  readonly nwTtl?: number;
  /** Bit 0: a fragment; bit 1: not the first. */
  readonly ipFrag?: Narrow;
  readonly mplsTtl?: number;
  readonly ndReserved?: number;
  readonly ndOptionsType?: number;
  readonly ctState?: Narrow;
  readonly ctZone?: number;
  readonly ctMark?: Narrow;
  readonly ctLabel?: Wide;
  readonly ctNwProto?: number;
  readonly ctNwSrc?: Narrow;
  readonly ctNwDst?: Narrow;
  readonly ctIpv6Src?: Wide;
  readonly ctIpv6Dst?: Wide;
  readonly ctTpSrc?: Narrow;
  readonly ctTpDst?: Narrow;
  readonly tunSrc?: Narrow;
  readonly tunDst?: Narrow;
  readonly tunIpv6Src?: Wide;
  readonly tunIpv6Dst?: Wide;
  readonly tunFlags?: Narrow;
  readonly tunGbpId?: Narrow;
  readonly tunGbpFlags?: Narrow;
  readonly tunErspanVer?: Narrow;
  readonly tunErspanIdx?: Narrow;
  readonly tunErspanDir?: Narrow;
  readonly tunErspanHwid?: Narrow;
  readonly tunGtpuFlags?: Narrow;
  readonly tunGtpuMsgtype?: Narrow;
  readonly reg0?: Narrow;
  readonly reg1?: Narrow;
  readonly reg2?: Narrow;
  readonly reg3?: Narrow;
  readonly reg4?: Narrow;
  readonly reg5?: Narrow;
  readonly reg6?: Narrow;
  readonly reg7?: Narrow;
  readonly reg8?: Narrow;
  readonly reg9?: Narrow;
  readonly reg10?: Narrow;
  readonly reg11?: Narrow;
  readonly reg12?: Narrow;
  readonly reg13?: Narrow;
  readonly reg14?: Narrow;
  readonly reg15?: Narrow;
  readonly xreg0?: Wide;
  readonly xreg1?: Wide;
  readonly xreg2?: Wide;
  readonly xreg3?: Wide;
  readonly xreg4?: Wide;
  readonly xreg5?: Wide;
  readonly xreg6?: Wide;
  readonly xreg7?: Wide;
  readonly xxreg0?: Wide;
  readonly xxreg1?: Wide;
  readonly xxreg2?: Wide;
  readonly xxreg3?: Wide;
  readonly nshFlags?: Narrow;
  readonly nshTtl?: number;
  readonly nshMdtype?: number;
  readonly nshNp?: number;
  readonly nshSpi?: number;
  readonly nshSi?: number;
  readonly nshC1?: Narrow;
  readonly nshC2?: Narrow;
  readonly nshC3?: Narrow;
  readonly nshC4?: Narrow;
}

/** The name of a field that the table in oxm/fields.ts knows. */
export type MatchField = keyof KnownMatch | keyof ExtensionMatch;

/** A field that no row of the table knows, kept as it came: `oxm:` and its header in hex (8 digits, 16 for an experimenter's). */
export type UnknownField = `oxm:${string}`;

export interface Match extends KnownMatch, ExtensionMatch {
  /** The bytes behind the header (and the experimenter id): value, then mask where the header says so. */
  readonly [unknown: UnknownField]: Uint8Array;
}

/** Some bits of a field, as Open vSwitch's actions name them: `reg0[0..15]`. */
export interface Subfield {
  readonly field: MatchField | UnknownField;
  /** The lowest bit. */
  readonly offset: number;
  readonly bits: number;
}

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

/** The name of a field that the table in oxm/fields.ts knows. */
export type MatchField = keyof KnownMatch;

/** A field that no row of the table knows, kept as it came: `oxm:` and its header in hex (8 digits, 16 for an experimenter's). */
export type UnknownField = `oxm:${string}`;

export interface Match extends KnownMatch {
  /** The bytes behind the header (and the experimenter id): value, then mask where the header says so. */
  readonly [unknown: UnknownField]: Uint8Array;
}

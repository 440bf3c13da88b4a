import type { MatchField } from '../match-types.ts';
import type { Json } from '../json/json.ts';

/** What one OXM field is: a row of the table in fields.ts. Everything else about fields follows from these rows. */
export interface OxmField {
  readonly name: MatchField;
  /** As the spec, REST and `ovs-ofctl` write it: `eth_dst`. */
  readonly snakeName: string;
  /** Place in the table: the canonical order, in which prerequisites come first. */
  readonly index: number;
  readonly oxmClass: number;
  /** The 7-bit field code. */
  readonly code: number;
  /** For class EXPERIMENTER: whose field it is. */
  readonly experimenter: number | undefined;
  /** Length of the value on the wire, in bytes. */
  readonly bytes: FieldBytes;
  /** How many of these bits may be set; the value is right-aligned. */
  readonly bits: number;
  /** The largest value, for fields of at most 48 bits. */
  readonly max: number;
  /** The OXM headers of an exact and of a masked value. */
  readonly header: number;
  readonly maskedHeader: number;
  /** The header under which Open vSwitch's actions name the field. */
  readonly actionHeader: number;
  readonly maskable: boolean;
  /** What else must be in a match that holds this field. */
  readonly needs: Prerequisite | undefined;
  /** A bit that stands for this field among those that others need, or 0; and the bit of the field that this one needs. */
  readonly providesBit: number;
  readonly needsBit: number;
  readonly text: OxmText;
}

export type FieldBytes = 1 | 2 | 3 | 4 | 6 | 8 | 16;

/** One of `values` must be matched exactly; without values: anything but 0 (so a VLAN tag, whichever). */
export interface Prerequisite {
  readonly field: MatchField;
  readonly values: readonly number[];
}

/** How a field's values are written for people. Masks follow a slash. */
export interface OxmText {
  /** A value without a mask. */
  exact(value: number | bigint): Json;
  masked(value: number | bigint, mask: number | bigint): string;
  /** Undefined where the JSON is no value of this field. */
  parse(json: Json): number | bigint | { value: number | bigint; mask: number | bigint } | undefined;
  /** What to write, for the error that names a wrong value. */
  readonly rule: string;
}

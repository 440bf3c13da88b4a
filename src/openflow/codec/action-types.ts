/** Actions, instructions and buckets (OpenFlow 1.3.5 sections 7.2.4, 7.2.5 and 7.3.4.2). */
import type { Match, MatchField, UnknownField } from './match-types.ts';

export type { OvsAction } from './ovs-action-types.ts';
import type { OvsAction } from './ovs-action-types.ts';

/** Some bits of a field, as Open vSwitch's actions name them: `reg0[0..15]`. */
export interface Subfield {
  readonly field: MatchField | UnknownField;
  /** The lowest bit. */
  readonly offset: number;
  readonly bits: number;
}

export type Action =
  | OvsAction
  | {
      readonly type: 'output';
      readonly port: number;
      /** Bytes sent to the controller; default OFPCML.NO_BUFFER. */ readonly maxLen?: number;
    }
  | { readonly type: 'copyTtlOut' }
  | { readonly type: 'copyTtlIn' }
  | { readonly type: 'setMplsTtl'; readonly ttl: number }
  | { readonly type: 'decMplsTtl' }
  | { readonly type: 'pushVlan'; readonly ethertype: number }
  | { readonly type: 'popVlan' }
  | { readonly type: 'pushMpls'; readonly ethertype: number }
  | { readonly type: 'popMpls'; readonly ethertype: number }
  | { readonly type: 'setQueue'; readonly queueId: number }
  | { readonly type: 'group'; readonly groupId: number }
  | { readonly type: 'setNwTtl'; readonly ttl: number }
  | { readonly type: 'decNwTtl' }
  /** Exactly one field; a mask is an OVS extension. */
  | { readonly type: 'setField'; readonly field: Match }
  | { readonly type: 'pushPbb'; readonly ethertype: number }
  | { readonly type: 'popPbb' }
  | { readonly type: 'experimenter'; readonly experimenter: number; readonly body: Uint8Array };

export type Instruction =
  | { readonly type: 'gotoTable'; readonly tableId: number }
  | { readonly type: 'writeMetadata'; readonly metadata: bigint; readonly mask: bigint }
  | { readonly type: 'writeActions'; readonly actions: readonly Action[] }
  | { readonly type: 'applyActions'; readonly actions: readonly Action[] }
  | { readonly type: 'clearActions' }
  | { readonly type: 'meter'; readonly meterId: number }
  | { readonly type: 'experimenter'; readonly experimenter: number; readonly body: Uint8Array };

export interface Bucket {
  /** Share of the traffic in a select group; 0 elsewhere. */
  readonly weight: number;
  /** OFPP.ANY where liveness is not watched. */
  readonly watchPort: number;
  readonly watchGroup: number;
  readonly actions: readonly Action[];
}

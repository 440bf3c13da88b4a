/** Actions, instructions and buckets (OpenFlow 1.3.5 sections 7.2.4, 7.2.5 and 7.3.4.2). */
import type { Match, Subfield } from './match-types.ts';
import type { FlatOvsAction } from './ovs-action-types.ts';

export type { Subfield } from './match-types.ts';

/** Sends the packet through the connection tracker. */
export interface Ct {
  readonly type: 'ct';
  /** Bit 0: commit; bit 1: force. */
  readonly flags: number;
  readonly zone: number | Subfield;
  /** Where the packet goes on after tracking; 255: nowhere. */
  readonly recircTable: number;
  /** The port of the helper, as 21 for FTP; 0 for none. */
  readonly alg: number;
  /** Within: `nat`, and set-fields of mark and label. */
  readonly actions: readonly Action[];
}

export type OvsAction = FlatOvsAction | Ct | { readonly type: 'clone'; readonly actions: readonly Action[] };

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

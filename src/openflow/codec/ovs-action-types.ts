/** Actions that Open vSwitch adds (ovs-actions(7)); those not listed here pass as `experimenter`, byte for byte. */
import type { Match, Subfield } from './match-types.ts';

/** What a learned flow takes a value from: bits of the packet at hand, or a constant. */
export type LearnSource = Subfield | { readonly value: bigint; readonly bits: number };

/** One part of a learned flow: what it matches, what it loads, or where it sends. */
export type LearnSpec =
  | { readonly type: 'match'; readonly src: LearnSource; readonly dst: Subfield }
  | { readonly type: 'load'; readonly src: LearnSource; readonly dst: Subfield }
  | { readonly type: 'output'; readonly src: LearnSource };

export interface Learn {
  readonly type: 'learn';
  readonly idleTimeout: number;
  readonly hardTimeout: number;
  readonly priority: number;
  readonly cookie: bigint;
  /** Bit 0: send flow removed; bit 1: delete the learned flows with this one. */
  readonly flags: number;
  readonly tableId: number;
  readonly finIdleTimeout: number;
  readonly finHardTimeout: number;
  readonly specs: readonly LearnSpec[];
}

/** Only within `ct`. */
export interface Nat {
  readonly type: 'nat';
  /** Bit 0: source; 1: destination; 2: persistent; 3: hash of ports; 4: random ports. */
  readonly flags: number;
  readonly ipv4Min?: number;
  readonly ipv4Max?: number;
  readonly ipv6Min?: bigint;
  readonly ipv6Max?: bigint;
  readonly portMin?: number;
  readonly portMax?: number;
}

/** Sends the packet to a controller, with more to say than `output` can; properties stand in the order of the keys. */
export interface ControllerUserdata {
  readonly type: 'controllerUserdata';
  readonly maxLen?: number;
  readonly controllerId?: number;
  readonly reason?: number;
  readonly userdata?: Uint8Array;
  /** Hold the packet until the controller resumes it. */
  readonly pause?: true;
  readonly meterId?: number;
}

/** Those that hold no actions themselves. */
export type FlatOvsAction =
  /** `inPort` is a 16-bit port number, 0xfff8 for the packet's own; `tableId` 255 means the current table. */
  | { readonly type: 'resubmit'; readonly inPort: number; readonly tableId: number }
  /** The same with the connection's original addresses. */
  | { readonly type: 'resubmitCt'; readonly inPort: number; readonly tableId: number }
  | { readonly type: 'setTunnel'; readonly tunnelId: number }
  | { readonly type: 'setTunnel64'; readonly tunnelId: bigint }
  | { readonly type: 'popQueue' }
  /** Both of the same number of bits. */
  | { readonly type: 'move'; readonly src: Subfield; readonly dst: Subfield }
  | { readonly type: 'load'; readonly dst: Subfield; readonly value: bigint }
  /** Sets a whole field without a mask; with a mask it is a `setField`. */
  | { readonly type: 'loadField'; readonly field: Match }
  | { readonly type: 'note'; readonly data: Uint8Array }
  | { readonly type: 'outputReg'; readonly src: Subfield; readonly maxLen: number }
  | { readonly type: 'outputTrunc'; readonly port: number; readonly maxLen: number }
  | { readonly type: 'exit' }
  | { readonly type: 'finTimeout'; readonly finIdleTimeout: number; readonly finHardTimeout: number }
  | { readonly type: 'controller'; readonly maxLen: number; readonly controllerId: number; readonly reason: number }
  | ControllerUserdata
  | { readonly type: 'decTtlIds'; readonly controllerIds: readonly number[] }
  | { readonly type: 'stackPush'; readonly subfield: Subfield }
  | { readonly type: 'stackPop'; readonly subfield: Subfield }
  /** `clause` counts from 0. */
  | { readonly type: 'conjunction'; readonly clause: number; readonly nClauses: number; readonly id: number }
  | { readonly type: 'ctClear' }
  | Learn
  | Nat;

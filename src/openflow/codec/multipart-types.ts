/** What multipart messages ask and answer (OpenFlow 1.3.5 section 7.3.5), and the structures they share with others. */
import type { Bucket, Instruction } from './action-types.ts';
import type { Match, MatchField, UnknownField } from './match-types.ts';

export interface PortDesc {
  readonly portNo: number;
  readonly hwAddr: number;
  readonly name: string;
  readonly config: number;
  readonly state: number;
  readonly curr: number;
  readonly advertised: number;
  readonly supported: number;
  readonly peer: number;
  /** kbit/s. */
  readonly currSpeed: number;
  /** kbit/s. */
  readonly maxSpeed: number;
}

export interface SwitchDesc {
  readonly mfrDesc: string;
  readonly hwDesc: string;
  readonly swDesc: string;
  readonly serialNum: string;
  readonly dpDesc: string;
}

export interface FlowStatsRequest {
  readonly tableId: number;
  readonly outPort: number;
  readonly outGroup: number;
  readonly cookie: bigint;
  readonly cookieMask: bigint;
  readonly match: Match;
}

export interface FlowStats {
  readonly tableId: number;
  readonly durationSec: number;
  readonly durationNsec: number;
  readonly priority: number;
  readonly idleTimeout: number;
  readonly hardTimeout: number;
  readonly flags: number;
  readonly cookie: bigint;
  readonly packetCount: bigint;
  readonly byteCount: bigint;
  readonly match: Match;
  readonly instructions: readonly Instruction[];
}

export interface PortStats {
  readonly portNo: number;
  readonly rxPackets: bigint;
  readonly txPackets: bigint;
  readonly rxBytes: bigint;
  readonly txBytes: bigint;
  readonly rxDropped: bigint;
  readonly txDropped: bigint;
  readonly rxErrors: bigint;
  readonly txErrors: bigint;
  readonly rxFrameErr: bigint;
  readonly rxOverErr: bigint;
  readonly rxCrcErr: bigint;
  readonly collisions: bigint;
  readonly durationSec: number;
  readonly durationNsec: number;
}

export interface GroupDesc {
  readonly groupType: number;
  readonly groupId: number;
  readonly buckets: readonly Bucket[];
}

export interface AggregateStats {
  readonly packetCount: bigint;
  readonly byteCount: bigint;
  readonly flowCount: number;
}

export interface TableStats {
  readonly tableId: number;
  readonly activeCount: number;
  readonly lookupCount: bigint;
  readonly matchedCount: bigint;
}

export interface QueueStats {
  readonly portNo: number;
  readonly queueId: number;
  readonly txBytes: bigint;
  readonly txPackets: bigint;
  readonly txErrors: bigint;
  readonly durationSec: number;
  readonly durationNsec: number;
}

export interface BucketCounter {
  readonly packetCount: bigint;
  readonly byteCount: bigint;
}

export interface GroupStats {
  readonly groupId: number;
  readonly refCount: number;
  readonly packetCount: bigint;
  readonly byteCount: bigint;
  readonly durationSec: number;
  readonly durationNsec: number;
  readonly buckets: readonly BucketCounter[];
}

export interface GroupFeatures {
  /** Bit mask of `1 << OFPGT`. */
  readonly types: number;
  /** OFPGFC flags. */
  readonly capabilities: number;
  /** By group type: ALL, SELECT, INDIRECT, FF. */
  readonly maxGroups: readonly number[];
  /** By group type: bit masks of `1 << OFPAT`. */
  readonly actions: readonly number[];
}

export type MeterBand =
  | { readonly type: 'drop'; readonly rate: number; readonly burstSize: number }
  | { readonly type: 'dscpRemark'; readonly rate: number; readonly burstSize: number; readonly precLevel: number }
  | {
      readonly type: 'experimenter';
      readonly rate: number;
      readonly burstSize: number;
      readonly experimenter: number;
      readonly data: Uint8Array;
    };

export interface MeterBandStats {
  readonly packetBandCount: bigint;
  readonly byteBandCount: bigint;
}

export interface MeterStats {
  readonly meterId: number;
  readonly flowCount: number;
  readonly packetInCount: bigint;
  readonly byteInCount: bigint;
  readonly durationSec: number;
  readonly durationNsec: number;
  readonly bands: readonly MeterBandStats[];
}

export interface MeterConfig {
  readonly flags: number;
  readonly meterId: number;
  readonly bands: readonly MeterBand[];
}

export interface MeterFeatures {
  readonly maxMeter: number;
  /** Bit mask of `1 << OFPMBT`. */
  readonly bandTypes: number;
  /** OFPMF flags. */
  readonly capabilities: number;
  readonly maxBands: number;
  readonly maxColor: number;
}

export type QueueProperty =
  /** Tenths of a percent; OFPQ_RATE_UNCFG where not set. */
  | { readonly type: 'minRate'; readonly rate: number }
  | { readonly type: 'maxRate'; readonly rate: number }
  | { readonly type: 'experimenter'; readonly experimenter: number; readonly data: Uint8Array }
  /** A property of a type that the spec does not name. */
  | { readonly type: 'other'; readonly wireType: number; readonly data: Uint8Array };

export interface PacketQueue {
  readonly queueId: number;
  readonly port: number;
  readonly properties: readonly QueueProperty[];
}

/** An OFPIT or OFPAT number, or an experimenter's id with what follows it. */
export type FeatureId = number | { readonly experimenter: number; readonly data: Uint8Array };

/** A field by name, and whether a mask is meant. */
export interface OxmId {
  readonly field: MatchField | UnknownField;
  readonly masked: boolean;
}

type OrMiss<T extends string> = T | `${T}Miss`;

export type TableFeatureProperty =
  | { readonly type: OrMiss<'instructions'>; readonly instructions: readonly FeatureId[] }
  | { readonly type: OrMiss<'nextTables'>; readonly tableIds: readonly number[] }
  | { readonly type: OrMiss<'writeActions'> | OrMiss<'applyActions'>; readonly actions: readonly FeatureId[] }
  | {
      readonly type: 'match' | 'wildcards' | OrMiss<'writeSetfield'> | OrMiss<'applySetfield'>;
      readonly fields: readonly OxmId[];
    }
  | {
      readonly type: OrMiss<'experimenter'>;
      readonly experimenter: number;
      readonly expType: number;
      readonly data: Uint8Array;
    };

export interface TableFeatures {
  readonly tableId: number;
  readonly name: string;
  readonly metadataMatch: bigint;
  readonly metadataWrite: bigint;
  readonly config: number;
  readonly maxEntries: number;
  readonly properties: readonly TableFeatureProperty[];
}

/** A multipart of an experimenter that no entry of the registry knows. */
export interface ExperimenterMultipart {
  readonly experimenter: number;
  readonly expType: number;
  readonly data: Uint8Array;
}

/** Asks for every change to the flows that match (ONF EXT-187 as Open vSwitch speaks it on 1.3). */
export interface FlowMonitorRequest {
  readonly monitorId: number;
  /** OFPFMF flags. */
  readonly flags: number;
  /** Only flows that output there; OFPP.ANY for all. */
  readonly outPort: number;
  /** OFPTT.ALL for every table. */
  readonly tableId: number;
  readonly match: Match;
}

/** A change to a flow; `abbrev` tells, by xid, that a request of this very controller was carried out. */
export type FlowUpdate = FullFlowUpdate | { readonly type: 'abbrev'; readonly xid: number };

export interface FullFlowUpdate {
  readonly type: 'added' | 'deleted' | 'modified';
  /** OFPRR, for deleted. */
  readonly reason: number;
  readonly priority: number;
  readonly idleTimeout: number;
  readonly hardTimeout: number;
  readonly tableId: number;
  readonly cookie: bigint;
  readonly match: Match;
  readonly instructions: readonly Instruction[];
}

/** What each kind of multipart asks and answers. `request` is undefined where the request has no body. */
export interface MultipartKinds {
  desc: { request: undefined; reply: SwitchDesc };
  flow: { request: FlowStatsRequest; reply: readonly FlowStats[] };
  aggregate: { request: FlowStatsRequest; reply: AggregateStats };
  table: { request: undefined; reply: readonly TableStats[] };
  portStats: { request: { readonly portNo: number }; reply: readonly PortStats[] };
  queue: { request: { readonly portNo: number; readonly queueId: number }; reply: readonly QueueStats[] };
  group: { request: { readonly groupId: number }; reply: readonly GroupStats[] };
  groupDesc: { request: undefined; reply: readonly GroupDesc[] };
  groupFeatures: { request: undefined; reply: GroupFeatures };
  meter: { request: { readonly meterId: number }; reply: readonly MeterStats[] };
  meterConfig: { request: { readonly meterId: number }; reply: readonly MeterConfig[] };
  meterFeatures: { request: undefined; reply: MeterFeatures };
  /** A request without tables asks; one with tables sets. */
  tableFeatures: { request: readonly TableFeatures[]; reply: readonly TableFeatures[] };
  portDesc: { request: undefined; reply: readonly PortDesc[] };
  flowMonitor: { request: readonly FlowMonitorRequest[]; reply: readonly FlowUpdate[] };
  experimenter: { request: ExperimenterMultipart; reply: ExperimenterMultipart };
}

export type MultipartKind = keyof MultipartKinds;

/** Every message as a discriminated union by `type` (OpenFlow 1.3.5 section 7). Enumerations stay numbers, with the spec's names in constants.ts. */
import type { Action, Bucket, Instruction } from './action-types.ts';
import type { Match } from './match-types.ts';
import type { MeterBand, MultipartKind, MultipartKinds, PacketQueue, PortDesc } from './multipart-types.ts';

export type * from './multipart-types.ts';

interface Header<T extends string> {
  readonly type: T;
  /** Transaction id: a reply carries its request's. */
  readonly xid: number;
}

/** An element of HELLO that is no version bitmap. */
export interface HelloElement {
  readonly elementType: number;
  readonly data: Uint8Array;
}

/** `versions`: the bitmap element's versions (wire numbers), or undefined where the peer sent none. `version`: of the header. */
export interface Hello extends Header<'hello'> {
  readonly version: number;
  readonly versions?: readonly number[];
  /** Elements besides the bitmap, which mean nothing here and pass unchanged. */
  readonly elements?: readonly HelloElement[];
}

export interface ErrorMessage extends Header<'error'> {
  readonly errorType: number;
  readonly code: number;
  /** Only for errorType OFPET.EXPERIMENTER. */
  readonly experimenter?: number;
  /** At least the first 64 bytes of the failed request, or ASCII text for HELLO_FAILED. */
  readonly data: Uint8Array;
}

export interface EchoRequest extends Header<'echoRequest'> {
  readonly data: Uint8Array;
}
export interface EchoReply extends Header<'echoReply'> {
  readonly data: Uint8Array;
}

/** An experimenter message that no entry of the registry knows. */
export interface Experimenter extends Header<'experimenter'> {
  readonly experimenter: number;
  readonly expType: number;
  readonly data: Uint8Array;
}

export interface FeaturesRequest extends Header<'featuresRequest'> {}
export interface FeaturesReply extends Header<'featuresReply'> {
  readonly datapathId: bigint;
  readonly nBuffers: number;
  readonly nTables: number;
  readonly auxiliaryId: number;
  readonly capabilities: number;
}

export interface GetConfigRequest extends Header<'getConfigRequest'> {}
export interface GetConfigReply extends Header<'getConfigReply'> {
  readonly flags: number;
  readonly missSendLen: number;
}
export interface SetConfig extends Header<'setConfig'> {
  readonly flags: number;
  readonly missSendLen: number;
}

export interface PacketIn extends Header<'packetIn'> {
  readonly bufferId: number;
  /** Length of the frame at the switch; `data` may be shorter. */
  readonly totalLen: number;
  readonly reason: number;
  readonly tableId: number;
  readonly cookie: bigint;
  readonly match: Match;
  readonly data: Uint8Array;
}

export interface PacketOut extends Header<'packetOut'> {
  readonly bufferId: number;
  readonly inPort: number;
  readonly actions: readonly Action[];
  readonly data: Uint8Array;
}

export interface FlowMod extends Header<'flowMod'> {
  readonly cookie: bigint;
  readonly cookieMask: bigint;
  readonly tableId: number;
  readonly command: number;
  readonly idleTimeout: number;
  readonly hardTimeout: number;
  readonly priority: number;
  readonly bufferId: number;
  readonly outPort: number;
  readonly outGroup: number;
  readonly flags: number;
  readonly match: Match;
  readonly instructions: readonly Instruction[];
}

export interface FlowRemoved extends Header<'flowRemoved'> {
  readonly cookie: bigint;
  readonly priority: number;
  readonly reason: number;
  readonly tableId: number;
  readonly durationSec: number;
  readonly durationNsec: number;
  readonly idleTimeout: number;
  readonly hardTimeout: number;
  readonly packetCount: bigint;
  readonly byteCount: bigint;
  readonly match: Match;
}

export interface GroupMod extends Header<'groupMod'> {
  readonly command: number;
  readonly groupType: number;
  readonly groupId: number;
  readonly buckets: readonly Bucket[];
}

export interface PortStatus extends Header<'portStatus'> {
  readonly reason: number;
  readonly desc: PortDesc;
}

export interface BarrierRequest extends Header<'barrierRequest'> {}
export interface BarrierReply extends Header<'barrierReply'> {}

export interface RoleRequest extends Header<'roleRequest'> {
  readonly role: number;
  readonly generationId: bigint;
}
export interface RoleReply extends Header<'roleReply'> {
  readonly role: number;
  readonly generationId: bigint;
}

/** ONF bundle control (experimenter 0x4F4E4600, type 2300): open, close, commit, discard and their replies. */
export interface BundleControl extends Header<'bundleControl'> {
  readonly bundleId: number;
  readonly controlType: number;
  readonly flags: number;
  /** Bundle properties, which nobody has defined yet, as bytes. */
  readonly properties?: Uint8Array;
}

/** What Open vSwitch takes into a bundle. */
export type BundledMessage = FlowMod | GroupMod | PortMod | PacketOut;

/** ONF bundle add (experimenter 0x4F4E4600, type 2301); the inner message is encoded with this message's own xid. */
export interface BundleAdd extends Header<'bundleAdd'> {
  readonly bundleId: number;
  readonly flags: number;
  readonly message: BundledMessage;
  readonly properties?: Uint8Array;
}

export interface PortMod extends Header<'portMod'> {
  readonly portNo: number;
  readonly hwAddr: number;
  /** OFPPC flags; those outside `mask` stay as they are. */
  readonly config: number;
  readonly mask: number;
  /** OFPPF flags to advertise; 0 leaves them. */
  readonly advertise: number;
}

export interface TableMod extends Header<'tableMod'> {
  readonly tableId: number;
  readonly config: number;
}

export interface MeterMod extends Header<'meterMod'> {
  readonly command: number;
  /** OFPMF flags. */
  readonly flags: number;
  readonly meterId: number;
  readonly bands: readonly MeterBand[];
}

export interface QueueGetConfigRequest extends Header<'queueGetConfigRequest'> {
  readonly port: number;
}
export interface QueueGetConfigReply extends Header<'queueGetConfigReply'> {
  readonly port: number;
  readonly queues: readonly PacketQueue[];
}

/** Bit masks of reasons (`1 << OFPR.ACTION`) as master or equal, and as slave. */
export interface AsyncMasks {
  readonly packetInMask: readonly [number, number];
  readonly portStatusMask: readonly [number, number];
  readonly flowRemovedMask: readonly [number, number];
}
export interface GetAsyncRequest extends Header<'getAsyncRequest'> {}
export interface GetAsyncReply extends Header<'getAsyncReply'>, AsyncMasks {}
export interface SetAsync extends Header<'setAsync'>, AsyncMasks {}

/** Ends an ONF flow monitor (EXT-187, type 1870). */
export interface FlowMonitorCancel extends Header<'flowMonitorCancel'> {
  readonly monitorId: number;
}
/** The switch stops telling changes, for want of room (type 1871), until it resumes (type 1872). */
export interface FlowMonitorPaused extends Header<'flowMonitorPaused'> {}
export interface FlowMonitorResumed extends Header<'flowMonitorResumed'> {}

/** Nicira type 16: how packets come to the controller; 0 is the spec's PACKET_IN. */
export interface SetPacketInFormat extends Header<'setPacketInFormat'> {
  readonly format: number;
}
/** Nicira type 20: this connection's id, for the `controller` and `decTtlIds` actions. */
export interface SetControllerId extends Header<'setControllerId'> {
  readonly controllerId: number;
}

export type MultipartRequest = {
  [K in MultipartKind]: Header<'multipartRequest'> & {
    readonly kind: K;
    /** OFPMPF_REQ_MORE. */
    readonly more: boolean;
    readonly body: MultipartKinds[K]['request'];
  };
}[MultipartKind];

export type MultipartReply = {
  [K in MultipartKind]: Header<'multipartReply'> & {
    readonly kind: K;
    /** OFPMPF_REPLY_MORE. */
    readonly more: boolean;
    readonly body: MultipartKinds[K]['reply'];
  };
}[MultipartKind];

export type Message =
  | Hello
  | ErrorMessage
  | EchoRequest
  | EchoReply
  | Experimenter
  | FeaturesRequest
  | FeaturesReply
  | GetConfigRequest
  | GetConfigReply
  | SetConfig
  | PacketIn
  | PacketOut
  | FlowMod
  | FlowRemoved
  | GroupMod
  | PortStatus
  | BarrierRequest
  | BarrierReply
  | RoleRequest
  | RoleReply
  | BundleControl
  | BundleAdd
  | PortMod
  | TableMod
  | MeterMod
  | QueueGetConfigRequest
  | QueueGetConfigReply
  | GetAsyncRequest
  | GetAsyncReply
  | SetAsync
  | FlowMonitorCancel
  | FlowMonitorPaused
  | FlowMonitorResumed
  | SetPacketInFormat
  | SetControllerId
  | MultipartRequest
  | MultipartReply;

export type MessageType = Message['type'];

/** Messages from what matters in them: the rest takes the values that mean "nothing special". */
import type { Bucket } from './action-types.ts';
import { OFPFC, OFP_DEFAULT_PRIORITY, OFPTT } from './constants/flows.ts';
import { OFPG, OFPGC, OFPGT, OFPMC, OFPMF } from './constants/groups.ts';
import { OFP_VERSION } from './constants/header.ts';
import { OFPP } from './constants/ports.ts';
import { OFP_NO_BUFFER, OFPBF } from './constants/switch.ts';
import type {
  BundleAdd,
  BundleControl,
  EchoReply,
  EchoRequest,
  ErrorMessage,
  FlowMod,
  FlowStatsRequest,
  GroupMod,
  Hello,
  MeterMod,
  MultipartKind,
  MultipartKinds,
  MultipartRequest,
  PacketOut,
} from './message-types.ts';

type Given<M, Required extends keyof M = never> = Partial<Omit<M, 'type' | Required>> & Pick<M, Required>;

const NO_BYTES = Buffer.alloc(0);

/** HELLO for 1.3 with the version bitmap. */
export function hello(given: Given<Hello> = {}): Hello {
  return { type: 'hello', xid: 0, version: OFP_VERSION, versions: [OFP_VERSION], ...given };
}

export function error(given: Given<ErrorMessage, 'errorType' | 'code'>): ErrorMessage {
  return { type: 'error', xid: 0, data: NO_BYTES, ...given };
}

export function echoRequest(given: Given<EchoRequest> = {}): EchoRequest {
  return { type: 'echoRequest', xid: 0, data: NO_BYTES, ...given };
}

export function echoReply(given: Given<EchoReply> = {}): EchoReply {
  return { type: 'echoReply', xid: 0, data: NO_BYTES, ...given };
}

/** ADD to table 0 without timeouts; a delete concerns all tables only if `tableId` says OFPTT.ALL. */
export function flowMod(given: Given<FlowMod> = {}): FlowMod {
  return {
    type: 'flowMod',
    xid: 0,
    cookie: 0n,
    cookieMask: 0n,
    tableId: 0,
    command: OFPFC.ADD,
    idleTimeout: 0,
    hardTimeout: 0,
    priority: OFP_DEFAULT_PRIORITY,
    bufferId: OFP_NO_BUFFER,
    outPort: OFPP.ANY,
    outGroup: OFPG.ANY,
    flags: 0,
    match: {},
    instructions: [],
    ...given,
  };
}

export function groupMod(given: Given<GroupMod, 'groupId'>): GroupMod {
  return { type: 'groupMod', xid: 0, command: OFPGC.ADD, groupType: OFPGT.ALL, buckets: [], ...given };
}

/** ADD of a meter in kilobits per second. */
export function meterMod(given: Given<MeterMod, 'meterId' | 'bands'>): MeterMod {
  return { type: 'meterMod', xid: 0, command: OFPMC.ADD, flags: OFPMF.KBPS, ...given };
}

/** A bucket that watches nothing. */
export function bucket(given: Partial<Bucket>): Bucket {
  return { weight: 0, watchPort: OFPP.ANY, watchGroup: OFPG.ANY, actions: [], ...given };
}

/** A packet that comes from the controller itself unless `inPort` says otherwise. */
export function packetOut(given: Given<PacketOut, 'actions'>): PacketOut {
  return { type: 'packetOut', xid: 0, bufferId: OFP_NO_BUFFER, inPort: OFPP.CONTROLLER, data: NO_BYTES, ...given };
}

/** Ordered and atomic: both or neither, in order. */
const BUNDLE_FLAGS = OFPBF.ATOMIC | OFPBF.ORDERED;

export function bundleControl(given: Given<BundleControl, 'bundleId' | 'controlType'>): BundleControl {
  return { type: 'bundleControl', xid: 0, flags: BUNDLE_FLAGS, ...given };
}

export function bundleAdd(given: Given<BundleAdd, 'bundleId' | 'message'>): BundleAdd {
  return { type: 'bundleAdd', xid: 0, flags: BUNDLE_FLAGS, ...given };
}

/** The body of a flow stats request for every flow. */
export function flowStatsRequest(given: Partial<FlowStatsRequest> = {}): FlowStatsRequest {
  return { tableId: OFPTT.ALL, outPort: OFPP.ANY, outGroup: OFPG.ANY, cookie: 0n, cookieMask: 0n, match: {}, ...given };
}

/** A multipart request in one message. */
export function multipartRequest<K extends MultipartKind>(
  kind: K,
  body: MultipartKinds[K]['request'],
  xid = 0,
): Extract<MultipartRequest, { kind: K }> {
  return { type: 'multipartRequest', xid, kind, more: false, body } as unknown as Extract<
    MultipartRequest,
    { kind: K }
  >;
}

/** Every message in one place: to add one, extend the union in message-types.ts and list its codec here. */
import { OFPT } from './constants/header.ts';
import * as bundle from './experimenter/bundle.ts';
import type { Message, MessageType } from './message-types.ts';
import type { MessageCodec } from './messages/codec.ts';
import { error } from './messages/error.ts';
import { flowMod, flowRemoved } from './messages/flow.ts';
import { groupMod } from './messages/group.ts';
import { hello } from './messages/hello.ts';
import * as multipart from './messages/multipart.ts';
import { packetIn, packetOut } from './messages/packet.ts';
import { portMod, portStatus } from './messages/port.ts';
import * as queue from './messages/queue.ts';
import { meterMod } from './messages/meter.ts';
import * as async from './messages/async.ts';
import * as flowMonitor from './experimenter/flow-monitor.ts';
import * as nicira from './experimenter/nicira.ts';
import * as role from './messages/role.ts';
import * as switches from './messages/switch.ts';
import * as symmetric from './messages/symmetric.ts';

type Registry = { readonly [T in MessageType]: MessageCodec<Extract<Message, { type: T }>> };

export const MESSAGES: Registry = {
  hello,
  error,
  ...symmetric,
  ...switches,
  packetIn,
  packetOut,
  flowMod,
  flowRemoved,
  groupMod,
  meterMod,
  portStatus,
  portMod,
  ...role,
  ...queue,
  ...async,
  ...multipart,
  bundleControl: bundle.bundleControl,
  bundleAdd: bundle.bundleAdd,
  flowMonitorCancel: flowMonitor.flowMonitorCancel,
  flowMonitorPaused: flowMonitor.flowMonitorPaused,
  flowMonitorResumed: flowMonitor.flowMonitorResumed,
  ...nicira,
};

const all = Object.values(MESSAGES) as unknown as readonly MessageCodec[];

const byWireType: readonly (MessageCodec | undefined)[] = Array.from({ length: 256 }, (_, wireType) =>
  all.find((codec) => codec.wireType === wireType && !codec.vendor),
);

/** The codec of an OFPT number, or undefined. For EXPERIMENTER the one that takes any. */
export function messageByWireType(wireType: number): MessageCodec | undefined {
  return byWireType[wireType];
}

/** The codec of an experimenter's message, or undefined. */
export function messageByVendor(id: number, expType: number): MessageCodec | undefined {
  return all.find(
    (codec) => codec.vendor?.id === id && codec.vendor.expType === expType && codec.wireType === OFPT.EXPERIMENTER,
  );
}

/** The codec of a message's `type`, or undefined. */
export function messageByName(type: string): MessageCodec | undefined {
  return Object.hasOwn(MESSAGES, type) ? MESSAGES[type as MessageType] : undefined;
}

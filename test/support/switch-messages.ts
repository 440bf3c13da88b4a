/** Messages that a switch sends unasked, told apart by a number. */
import { OFPPR, OFPR } from '../../src/openflow/codec/index.ts';
import type { BarrierReply, FlowRemoved, FlowStats, PacketIn, PortStatus } from '../../src/openflow/codec/index.ts';
import { fakePort } from './fake-switch.ts';

/** A packet of 64 bytes that came in at port 1 and carries the number in its first four. */
export function packetIn(number: number): PacketIn {
  const data = Buffer.alloc(64);
  data.writeUInt32BE(number);
  return {
    type: 'packetIn',
    xid: 0,
    bufferId: 0xffffffff,
    totalLen: data.length,
    reason: OFPR.ACTION,
    tableId: 3,
    cookie: 0n,
    match: { inPort: 1 },
    data,
  };
}

/** The number of a `packetIn`. */
export function numberOf({ data }: PacketIn): number {
  return Buffer.from(data).readUInt32BE();
}

export function portStatus(portNo: number): PortStatus {
  return { type: 'portStatus', xid: 0, reason: OFPPR.MODIFY, desc: fakePort(portNo) };
}

export function flowRemoved(priority: number): FlowRemoved {
  return {
    type: 'flowRemoved',
    xid: 0,
    cookie: 0n,
    priority,
    reason: 0,
    tableId: 0,
    durationSec: 1,
    durationNsec: 0,
    idleTimeout: 0,
    hardTimeout: 0,
    packetCount: 0n,
    byteCount: 0n,
    match: {},
  };
}

/** With xids from 1 on. */
export function barrierReplies(count: number): BarrierReply[] {
  return Array.from({ length: count }, (_, i) => ({ type: 'barrierReply', xid: i + 1 }));
}

/** Entries of a flow table, told apart by their priorities. */
export function flowStats(count: number, firstPriority = 0): FlowStats[] {
  return Array.from({ length: count }, (_, i) => ({
    tableId: 0,
    durationSec: 1,
    durationNsec: 0,
    priority: firstPriority + i,
    idleTimeout: 0,
    hardTimeout: 0,
    flags: 0,
    cookie: 0n,
    packetCount: 0n,
    byteCount: 0n,
    match: {},
    instructions: [],
  }));
}

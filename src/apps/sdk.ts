/** All that an app may use. An app is a small pure function from facts about the network to rules and groups. */
export type { App, Group, Meter, Output, Rule, Where } from '../flows/desired/app.ts';
export type { Facts, UsablePort } from '../flows/desired/facts.ts';
export { nextHopBuckets } from '../flows/desired/next-hop-buckets.ts';
export type { NextHop, NextHops } from '../flows/desired/next-hops.ts';
export {
  apply,
  FLOOD_GROUP,
  FLOOD_PRIORITY,
  FLOODED,
  goto,
  GROUP_BASE,
  MARK_FLOODED,
  nextHopGroup,
  PORT_PRIORITY,
  UNMARK_FLOODED,
} from '../flows/pipeline.ts';
export type { TableName } from '../flows/pipeline.ts';
export { OFPCML, OFPG, OFPGT, OFPP } from '../openflow/codec/index.ts';
export type { Action, Bucket, Instruction, Match } from '../openflow/codec/index.ts';
export { ETHER_TYPE, IP_PROTO, LLDP_MULTICAST } from '../packet/index.ts';
export { formatMac, parseMac } from '../core/addresses.ts';
export type { Mac } from '../core/addresses.ts';
export type { Dpid, PortRef } from '../core/ids.ts';

import { apply } from '../flows/pipeline.ts';
import { OFPCML, OFPP } from '../openflow/codec/index.ts';
import type { Action, Instruction } from '../openflow/codec/index.ts';

const TO_CONTROLLER: Action = { type: 'output', port: OFPP.CONTROLLER, maxLen: OFPCML.NO_BUFFER };
const outputs = new Map<number, readonly Instruction[]>();
const groups = new Map<number, readonly Instruction[]>();

/** A copy of the frame, whole, to the controller. */
export function toController(): Action {
  return TO_CONTROLLER;
}

/** "Send it out of this port": one shared value per port, since thousands of rules say the same. */
export function outputTo(port: number): readonly Instruction[] {
  let known = outputs.get(port);
  if (!known) outputs.set(port, (known = [apply({ type: 'output', port, maxLen: 0 })]));
  return known;
}

/** "Do what this group says": one shared value per group. */
export function toGroup(groupId: number): readonly Instruction[] {
  let known = groups.get(groupId);
  if (!known) groups.set(groupId, (known = [apply({ type: 'group', groupId })]));
  return known;
}

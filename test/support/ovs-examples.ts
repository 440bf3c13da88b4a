/** What Open vSwitch can be told: a match on every field and an example of every action, and where it tells them back otherwise. */
import * as of from '../../src/openflow/codec/internals.ts';
import { fieldValue } from './generate.ts';
import { seededRandom } from './random.ts';

/** Fields of the spec that Open vSwitch does not have. */
export const FIELDS_WITHOUT: readonly string[] = ['inPhyPort', 'pbbIsid', 'ipv6Exthdr'];
/** Actions of the spec that it does not have, and those that stand only in others. */
export const ACTIONS_WITHOUT: readonly string[] = [
  'copyTtlOut',
  'copyTtlIn',
  'pushPbb',
  'popPbb',
  'experimenter',
  'nat',
];

/** Fields that Open vSwitch tells under other names (a wide register as its parts), or not at all (ERSPAN, GTP-U). */
export const TOLD_OTHERWISE = /^(xreg|xxreg|tunErspan|tunGtpu|vlanTci$|nwTos$)/;

const IPV4 = { ethType: 0x0800 } as const;
const TCP = { ...IPV4, ipProto: 6 } as const;
/** What else must be matched for a field: its prerequisites, and theirs. */
const CONTEXT: Readonly<Record<string, of.Match>> = {
  inPort: { inPort: 1 },
  'vlanVid:': { vlanVid: 0x1005 },
  'ethType:2048,34525': IPV4,
  'ethType:2048': IPV4,
  'ethType:34525': { ethType: 0x86dd },
  'ethType:2054': { ethType: 0x0806 },
  'ethType:34887,34888': { ethType: 0x8847 },
  'ethType:35151': { ethType: 0x894f },
  'ipProto:6': TCP,
  'ipProto:17': { ...IPV4, ipProto: 17 },
  'ipProto:132': { ...IPV4, ipProto: 132 },
  'ipProto:1': { ...IPV4, ipProto: 1 },
  'ipProto:58': { ethType: 0x86dd, ipProto: 58 },
  'icmpv6Type:135,136': { ethType: 0x86dd, ipProto: 58, icmpv6Type: 135 },
  'icmpv6Type:135': { ethType: 0x86dd, ipProto: 58, icmpv6Type: 135 },
  'icmpv6Type:136': { ethType: 0x86dd, ipProto: 58, icmpv6Type: 136 },
};

/** Values where not every bit pattern makes sense to Open vSwitch. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  inPort: [1, 0xfffffffe],
  actsetOutput: [3],
  packetType: [0x00010800],
  ethType: [0x0800, 0x1234],
  vlanVid: [0, 0x1005, { value: 0x1000, mask: 0x1000 }],
  ctState: [
    { value: 0x20, mask: 0x20 },
    { value: 0x22, mask: 0x3a },
  ],
  ipProto: [6, 200],
  nwTos: [4],
  ipFrag: [0, 1, 3, { value: 0, mask: 1 }],
  arpOp: [2],
  icmpv6Type: [1],
  mplsBos: [0, 1],
  nshMdtype: [1, 2],
  ctNwProto: [6],
  vlanTci: [{ value: 0x1005, mask: 0x1fff }],
};
/** Tracked and not invalid: only then are there original addresses. */
const CT_TUPLE: of.Match = { ctState: { value: 0x20, mask: 0x30 } };
const EXTRA: Readonly<Record<string, of.Match>> = {
  ctNwSrc: { ...IPV4, ...CT_TUPLE },
  ctNwDst: { ...IPV4, ...CT_TUPLE },
  ctNwProto: { ...IPV4, ...CT_TUPLE },
  ctIpv6Src: { ethType: 0x86dd, ...CT_TUPLE },
  ctIpv6Dst: { ethType: 0x86dd, ...CT_TUPLE },
  ctTpSrc: { ...IPV4, ...CT_TUPLE, ctNwProto: 6 },
  ctTpDst: { ...IPV4, ...CT_TUPLE, ctNwProto: 6 },
};

export function matchesFor(field: of.OxmField): of.Match[] {
  const needs =
    field.needs && (field.needs.field === 'inPort' ? 'inPort' : `${field.needs.field}:${field.needs.values.join(',')}`);
  const context = { ...(needs === undefined ? {} : CONTEXT[needs]), ...EXTRA[field.name] };
  const random = seededRandom(field.index + 1);
  // masks of zero, which match everything, are not told back
  const values =
    VALUES[field.name] ??
    [0, 1, 2, 3, 4, 5].map((i) => fieldValue(field, random, field.maskable && i > 1)).filter(hasMask);
  return values.map((value) => ({ ...context, [field.name]: value }));
}

function hasMask(value: ReturnType<typeof fieldValue>): boolean {
  return typeof value !== 'object' || BigInt(value.mask) !== 0n;
}

export const apply = (...actions: of.Action[]): of.Instruction[] => [{ type: 'applyActions', actions }];
const subfield = (field: of.MatchField, offset: number, bits: number): of.Subfield => ({ field, offset, bits });

export interface Example {
  readonly match?: of.Match;
  readonly action: of.Action;
  /** Where Open vSwitch tells it in other words. */
  readonly told?: of.Action;
}

/** An example of every action that Open vSwitch has, and a match that it is consistent with. */
export const ACTION_EXAMPLES: readonly Example[] = [
  { action: { type: 'output', port: 3 } },
  { action: { type: 'output', port: of.OFPP.CONTROLLER } },
  { action: { type: 'output', port: of.OFPP.CONTROLLER, maxLen: 128 } },
  { match: { ethType: 0x8847 }, action: { type: 'setMplsTtl', ttl: 5 } },
  { match: { ethType: 0x8847 }, action: { type: 'decMplsTtl' } },
  { action: { type: 'pushVlan', ethertype: 0x8100 } },
  { match: { vlanVid: 0x1001 }, action: { type: 'popVlan' } },
  { match: IPV4, action: { type: 'pushMpls', ethertype: 0x8847 } },
  { match: { ethType: 0x8847 }, action: { type: 'popMpls', ethertype: 0x0800 } },
  { action: { type: 'setQueue', queueId: 7 } },
  { action: { type: 'group', groupId: 1 } },
  { match: IPV4, action: { type: 'setNwTtl', ttl: 5 } },
  { match: IPV4, action: { type: 'decNwTtl' } },
  { match: TCP, action: { type: 'setField', field: { tcpDst: 80 } } },
  {
    action: { type: 'setField', field: { ethDst: { value: 5, mask: 0xff } } },
  },
  { action: { type: 'setField', field: { reg7: 0xffffffff } } },
  { action: { type: 'resubmit', inPort: 0xfff8, tableId: 5 } },
  {
    match: { ...TCP, ctState: { value: 0x22, mask: 0x22 } },
    action: { type: 'resubmitCt', inPort: 0xfff8, tableId: 5 },
  },
  { action: { type: 'popQueue' } },
  { action: { type: 'move', src: subfield('reg0', 0, 6), dst: subfield('reg1', 26, 6) } },
  { action: { type: 'move', src: subfield('ethSrc', 0, 48), dst: subfield('ethDst', 0, 48) } },
  { match: TCP, action: { type: 'move', src: subfield('tcpFlags', 0, 12), dst: subfield('reg1', 0, 12) } },
  { action: { type: 'load', dst: subfield('reg1', 4, 8), value: 0xa5n } },
  { action: { type: 'note', data: Buffer.from('0102030405060708090a0b0c0d0e', 'hex') } },
  { action: { type: 'outputReg', src: subfield('reg0', 0, 16), maxLen: 100 } },
  { action: { type: 'outputTrunc', port: 1, maxLen: 100 } },
  { action: { type: 'exit' } },
  { match: TCP, action: { type: 'finTimeout', finIdleTimeout: 5, finHardTimeout: 6 } },
  { action: { type: 'controller', maxLen: 100, controllerId: 7, reason: of.OFPR.ACTION } },
  { action: { type: 'controllerUserdata', userdata: Buffer.from('010203', 'hex'), pause: true, meterId: 1 } },
  { match: IPV4, action: { type: 'decTtlIds', controllerIds: [1, 2, 3] } },
  { action: { type: 'stackPush', subfield: subfield('reg0', 0, 32) } },
  { action: { type: 'stackPop', subfield: subfield('reg1', 0, 16) } },
  { action: { type: 'conjunction', clause: 0, nClauses: 2, id: 5 } },
  {
    action: {
      type: 'clone',
      actions: [
        { type: 'setField', field: { ethDst: 1 } },
        { type: 'output', port: 1 },
      ],
    },
  },
  { action: { type: 'ctClear' } },
  {
    action: {
      type: 'learn',
      idleTimeout: 5,
      hardTimeout: 6,
      priority: 7,
      cookie: 8n,
      flags: 1,
      tableId: 9,
      finIdleTimeout: 0,
      finHardTimeout: 0,
      specs: [
        { type: 'match', src: subfield('vlanTci', 0, 12), dst: subfield('vlanTci', 0, 12) },
        { type: 'match', src: subfield('ethSrc', 0, 48), dst: subfield('ethDst', 0, 48) },
        { type: 'load', src: { value: 5n, bits: 16 }, dst: subfield('reg0', 0, 16) },
        { type: 'output', src: subfield('inPort', 0, 16) },
      ],
    },
  },
  {
    match: TCP,
    action: {
      type: 'ct',
      flags: 1,
      zone: 5,
      recircTable: 3,
      alg: 0,
      actions: [
        { type: 'setField', field: { ctMark: 1 } },
        { type: 'nat', flags: 1, ipv4Min: 0x0a000001, ipv4Max: 0x0a000002, portMin: 5, portMax: 9 },
      ],
    },
  },
  {
    match: TCP,
    action: { type: 'ct', flags: 1, zone: subfield('reg0', 0, 16), recircTable: 255, alg: 21, actions: [] },
  },
];

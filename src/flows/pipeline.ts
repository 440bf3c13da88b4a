/**
 * The one set of tables that all apps share. Each table says what its rules may match and where they may go on; a rule
 * that breaks its table's declaration is refused where it is made, before any switch sees it.
 */
import { dpidToBigInt } from '../core/ids.ts';
import type { Dpid } from '../core/ids.ts';
import { encode, flowMod, OFPFC, OFPVID } from '../openflow/codec/index.ts';
import type { Action, Instruction, Match, MatchField } from '../openflow/codec/index.ts';
import { unitHash } from './cookie.ts';

export interface Table {
  readonly id: number;
  readonly name: string;
  readonly purpose: string;
  /** Fields its rules may match; 'any' for tables that take policies of any shape. */
  readonly matches: readonly MatchField[] | 'any';
  /** Tables its rules may continue in, by name. */
  readonly next: readonly TableName[];
}

export const TABLE_NAMES = ['intake', 'guard', 'shape', 'learn', 'service', 'steer', 'forward', 'flood'] as const;
export type TableName = (typeof TABLE_NAMES)[number];

export const TABLES: Readonly<Record<TableName, Table>> = {
  intake: {
    id: 0,
    name: 'intake',
    purpose:
      'LLDP to the controller; drops link-local and malformed frames; tells host ports from fabric ports, what is flooded from what is forwarded',
    matches: ['inPort', 'ethDst', 'ethSrc', 'ethType', 'vlanVid'],
    next: ['guard', 'steer', 'flood'],
  },
  guard: { id: 1, name: 'guard', purpose: 'port security and access lists', matches: 'any', next: ['shape'] },
  shape: { id: 2, name: 'shape', purpose: 'meters, DSCP and queue marks', matches: 'any', next: ['learn'] },
  learn: {
    id: 3,
    name: 'learn',
    purpose: 'host ports: a known sender passes, an unknown one passes and is shown to the controller',
    matches: ['inPort', 'ethSrc', 'ethType', 'ipProto', 'icmpv6Type', 'udpSrc'],
    next: ['service'],
  },
  service: {
    id: 4,
    name: 'service',
    purpose: 'what the network answers or rewrites itself',
    matches: 'any',
    next: ['steer'],
  },
  steer: { id: 5, name: 'steer', purpose: 'path policies', matches: 'any', next: ['forward'] },
  forward: {
    id: 6,
    name: 'forward',
    purpose: 'destination to next hop',
    matches: [
      'ethDst',
      // Conversations, in reactive forwarding.
      'ethSrc',
      'ethType',
      'ipProto',
      'ipv4Src',
      'ipv4Dst',
      'ipv6Src',
      'ipv6Dst',
      'tcpSrc',
      'tcpDst',
      'udpSrc',
      'udpDst',
      'sctpSrc',
      'sctpDst',
    ],
    next: ['flood'],
  },
  flood: {
    id: 7,
    name: 'flood',
    purpose: 'broadcast and unknown destinations along a loop-free tree; arrivals off the tree are dropped',
    matches: ['inPort', 'vlanVid'],
    next: [],
  },
};

const BY_ID = new Map(TABLE_NAMES.map((name) => [TABLES[name].id, TABLES[name]]));

/** The table's name, or its number for tables that are not of this pipeline. */
export function tableName(id: number): string {
  return BY_ID.get(id)?.name ?? String(id);
}

/** Groups carry no cookie: ours are told by their number, in this range. Decimal, as tools print them. */
export const GROUP_BASE = 1_500_000_000;
export const GROUP_LIMIT = 1_699_999_999;
/** Groups that lead to a switch: base plus a small dpid, or this plus the hash of a large one. */
const HASHED_GROUP_BASE = 1_550_000_000;
const NEXT_HOP_NUMBERS = HASHED_GROUP_BASE - GROUP_BASE;
/** The group that floods: one bucket for every host port and every port of the tree. */
export const FLOOD_GROUP = 1_600_000_000;

/**
 * What is flooded carries a tag of this VLAN, outermost, on every link between switches. Whoever gets it floods it on; what comes
 * without it is forwarded or dropped. So no frame is flooded here and forwarded there. IEEE 802.1Q table 9-2 reserves the number:
 * no host may use it.
 */
export const FLOODED: Match = { vlanVid: OFPVID.PRESENT | 0xfff };
export const MARK_FLOODED: readonly Action[] = [
  { type: 'pushVlan', ethertype: 0x8100 },
  { type: 'setField', field: FLOODED },
];
export const UNMARK_FLOODED: Action = { type: 'popVlan' };

/** Of intake's one rule per known port. */
export const PORT_PRIORITY = 100;
/** Of the flood table's one rule per port that may be flooded from: what it matches goes by the kind of the port. */
export const FLOOD_PRIORITY = { FABRIC: 200, HOST: 100 } as const;

/**
 * The number of the group that leads to a switch, the same on all other switches and in every run: small dpids as they are,
 * so that a person can read them (1500000003 leads to switch 3), others by a hash. Two large dpids of one hash would want the
 * same group: a conflict that is reported (one in fifty million for any two).
 */
export function nextHopGroup(dpid: Dpid): number {
  let number = nextHopGroups.get(dpid);
  if (number === undefined) nextHopGroups.set(dpid, (number = numberFor(dpid)));
  return number;
}

const nextHopGroups = new Map<Dpid, number>();

function numberFor(dpid: Dpid): number {
  const value = dpidToBigInt(dpid);
  if (value < BigInt(NEXT_HOP_NUMBERS)) return GROUP_BASE + Number(value);
  return HASHED_GROUP_BASE + (unitHash(dpid) % NEXT_HOP_NUMBERS);
}

export function isOurGroup(groupId: number): boolean {
  return groupId >= GROUP_BASE && groupId <= GROUP_LIMIT;
}

/** Meters carry no cookie either: ours have numbers in this range, as groups do. Open vSwitch takes up to its own maximum. */
export const METER_BASE = 0x5b00;
export const METER_LIMIT = 0x5bff;

export function isOurMeter(meterId: number): boolean {
  return meterId >= METER_BASE && meterId <= METER_LIMIT;
}

/** A rule broke its table's declaration: an error in the app that made it. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
}

export interface RuleShape {
  readonly table: TableName;
  readonly priority: number;
  readonly match: Match;
  readonly instructions: readonly Instruction[];
}

/** Matches that can be sent: apps share theirs among the rules of many switches. */
const sendable = new WeakSet<Match>();

/** Throws PipelineError where the rule does what its table does not allow, or no message can carry its match. */
export function checkRule({ table, priority, match, instructions }: RuleShape): void {
  const { matches, next, name } = TABLES[table];
  if (!Number.isInteger(priority) || priority < 0 || priority > 0xffff) {
    throw new PipelineError(`a rule in ${name} has priority ${priority}; it must be a whole number from 0 to 65535`);
  }
  if (matches !== 'any') {
    for (const field of Object.keys(match) as MatchField[]) {
      if (!matches.includes(field))
        throw new PipelineError(`a rule in ${name} matches ${field}; it may match ${matches.join(', ')}`);
    }
  }
  checkSendable(name, match);
  for (const instruction of instructions) {
    if (instruction.type === 'gotoTable' && !next.some((allowed) => TABLES[allowed].id === instruction.tableId)) {
      throw new PipelineError(
        `a rule in ${name} goes to ${tableName(instruction.tableId)}; it may go to ${next.join(', ') || 'none'}`,
      );
    }
  }
}

/** What cannot be encoded would otherwise hold up all that its switch is sent together with it. */
function checkSendable(table: string, match: Match): void {
  if (sendable.has(match)) return;
  try {
    encode(flowMod({ command: OFPFC.ADD, tableId: 0, priority: 0, match, instructions: [] }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PipelineError(`a rule in ${table} cannot be sent: ${reason}`, { cause: error });
  }
  sendable.add(match);
}

export function goto(table: TableName): Instruction {
  return { type: 'gotoTable', tableId: TABLES[table].id };
}

export function apply(...actions: readonly Action[]): Instruction {
  return { type: 'applyActions', actions };
}

/** What a switch's ERROR to a flow-mod, group-mod or meter-mod means (section 7.4.4), and what a person can do about it. */
import { errorName, nameOf, OFPET } from '../../openflow/codec/index.ts';
import type { Item } from '../items.ts';
import { tableName } from '../pipeline.ts';

export interface Explanation {
  /** The error by name, what it means and what to do, as a sentence. */
  readonly reason: string;
  /** The same change may be taken later. */
  readonly mayPass: boolean;
  /** It contradicts what the switch is believed to hold. */
  readonly stale: boolean;
}

interface Meaning {
  /** What is wrong; `{place}` stands for the table, group or meter. */
  readonly what: string;
  /** What to do. */
  readonly todo: string;
  readonly mayPass?: true;
  readonly stale?: true;
}

const FULL = { mayPass: true } as const;
const STALE = { mayPass: true, stale: true } as const;
const OTHER_FIELDS = 'match other fields in what asks for it';
const OTHER_ACTIONS = 'ask for other actions in what wants it';
const SEE_LOG = "see the switch's own log for more";

const MEANINGS: Readonly<Record<string, Meaning>> = {
  'FLOW_MOD_FAILED/TABLE_FULL': {
    what: '{place} has no room',
    todo: 'remove rules from it, or raise its limit (with Open vSwitch flow_limit in `ovs-vsctl list Flow_Table`)',
    ...FULL,
  },
  'FLOW_MOD_FAILED/BAD_TABLE_ID': {
    what: 'the switch has no {place}',
    todo: 'use a switch that has tables 0 to 7',
  },
  'FLOW_MOD_FAILED/OVERLAP': {
    what: 'another rule of the same priority in {place} overlaps it',
    todo: 'give one of the two another priority',
    ...FULL,
  },
  'BAD_MATCH/BAD_FIELD': { what: 'the switch cannot match on one of its fields', todo: OTHER_FIELDS },
  'BAD_MATCH/BAD_PREREQ': {
    what: 'it matches on a field without the field that must come with it',
    todo: 'match on that too, as eth_type and ip_proto with a port number',
  },
  'BAD_MATCH/BAD_VALUE': { what: 'it matches on a value that the field cannot have', todo: 'match on another value' },
  'BAD_MATCH/BAD_MASK': {
    what: 'the switch cannot mask the field like this',
    todo: 'match without or with another mask',
  },
  'BAD_MATCH/DUP_FIELD': { what: 'it matches twice on the same field', todo: OTHER_FIELDS },
  'BAD_ACTION/BAD_TYPE': { what: 'the switch does not know one of its actions', todo: OTHER_ACTIONS },
  'BAD_ACTION/BAD_OUT_PORT': {
    what: 'it sends to a port that the switch does not have',
    todo: 'add the port, or send elsewhere',
    ...FULL,
  },
  'BAD_ACTION/BAD_OUT_GROUP': {
    what: 'it uses a group that the switch does not have',
    todo: 'add the group; a group of this controller comes by itself when the switch takes it',
    ...STALE,
  },
  'BAD_ACTION/BAD_QUEUE': {
    what: 'it uses a queue that the port does not have',
    todo: 'create the queue (with Open vSwitch `ovs-vsctl set port … qos=…`)',
    ...FULL,
  },
  'BAD_ACTION/BAD_ARGUMENT': {
    what: 'one of its actions has a value that the switch does not take',
    todo: OTHER_ACTIONS,
  },
  'BAD_ACTION/TOO_MANY': { what: 'it has more actions than the switch takes', todo: 'ask for fewer in one rule' },
  'BAD_ACTION/MATCH_INCONSISTENT': {
    what: 'one of its actions changes a field that its match does not promise to be there',
    todo: 'match on the protocol of that field too',
  },
  'BAD_ACTION/BAD_SET_TYPE': { what: 'the switch cannot set one of its fields', todo: OTHER_ACTIONS },
  'BAD_ACTION/BAD_SET_ARGUMENT': { what: 'it sets a field to a value that the field cannot have', todo: OTHER_ACTIONS },
  'BAD_INSTRUCTION/UNSUP_INST': { what: 'the switch does not know one of its instructions', todo: 'ask for others' },
  'BAD_INSTRUCTION/BAD_TABLE_ID': {
    what: 'it goes on in a table that the switch does not have',
    todo: 'use a switch that has tables 0 to 7',
  },
  'GROUP_MOD_FAILED/GROUP_EXISTS': {
    what: '{place} is there already',
    todo: 'nothing: the switch is read again',
    ...STALE,
  },
  'GROUP_MOD_FAILED/UNKNOWN_GROUP': {
    what: '{place} is not there',
    todo: 'nothing: the switch is read again',
    ...STALE,
  },
  'GROUP_MOD_FAILED/OUT_OF_GROUPS': {
    what: 'the switch has no room for another group',
    todo: 'remove groups from it',
    ...FULL,
  },
  'GROUP_MOD_FAILED/OUT_OF_BUCKETS': {
    what: '{place} has more buckets than the switch takes',
    todo: 'spread the traffic over fewer ways',
  },
  'GROUP_MOD_FAILED/CHAINED_GROUP': {
    what: 'another group uses {place}',
    todo: 'remove the group that uses it',
    ...FULL,
  },
  'GROUP_MOD_FAILED/CHAINING_UNSUPPORTED': {
    what: '{place} uses another group, which the switch cannot',
    todo: 'use a switch that can chain groups',
  },
  'GROUP_MOD_FAILED/WEIGHT_UNSUPPORTED': {
    what: 'the switch cannot share traffic by weight',
    todo: 'use equal weights',
  },
  'GROUP_MOD_FAILED/WATCH_UNSUPPORTED': {
    what: 'the switch cannot watch ports for {place}',
    todo: 'use a switch that can, as Open vSwitch',
  },
  'GROUP_MOD_FAILED/BAD_WATCH': {
    what: '{place} watches a port or group that the switch does not have',
    todo: 'add the port',
    ...FULL,
  },
  'GROUP_MOD_FAILED/INVALID_GROUP': {
    what: 'the switch cannot have {place} like this',
    todo: 'see that its type goes with its buckets, their number, weights and watched ports',
  },
  'GROUP_MOD_FAILED/BAD_TYPE': {
    what: 'the switch has no groups of this type',
    todo: 'use a switch that has, as Open vSwitch',
  },
  'METER_MOD_FAILED/METER_EXISTS': {
    what: '{place} is there already',
    todo: 'nothing: the switch is read again',
    ...STALE,
  },
  'METER_MOD_FAILED/UNKNOWN_METER': {
    what: 'the meter is not there',
    todo: 'nothing: the switch is read again',
    ...STALE,
  },
  'METER_MOD_FAILED/INVALID_METER': {
    what: 'the switch has no such meter',
    todo: 'see whether it has meters at all (`ovs-ofctl meter-features`)',
    ...STALE,
  },
  'METER_MOD_FAILED/OUT_OF_METERS': {
    what: 'the switch has no room for another meter',
    todo: 'remove meters from it',
    ...FULL,
  },
  'METER_MOD_FAILED/OUT_OF_BANDS': { what: '{place} has more bands than the switch takes', todo: 'use fewer bands' },
  'METER_MOD_FAILED/BAD_RATE': { what: 'the switch cannot limit to this rate', todo: 'ask for another rate' },
  'METER_MOD_FAILED/BAD_BURST': { what: 'the switch cannot limit to this burst', todo: 'ask for another burst' },
  'METER_MOD_FAILED/BAD_BAND_TYPE': {
    what: 'the switch has no meter bands of this type',
    todo: 'let the meter drop instead',
  },
  'BAD_REQUEST/IS_SLAVE': {
    what: 'another controller is master of the switch',
    todo: 'let only one controller be its master',
    ...FULL,
  },
  'BAD_REQUEST/BAD_TYPE': {
    what: 'the switch does not know messages of this kind',
    todo: 'use one that has groups and meters, as Open vSwitch',
  },
};

/** Where the code says no more than that somebody may not do this. */
const NOT_ALLOWED: Meaning = { what: 'the switch does not allow it', todo: 'see who else controls it', ...FULL };

/** Where only the type is known: wrong in itself, or wrong in a way that this table has not heard of. */
const MEANINGS_OF_TYPES: Readonly<Record<string, Meaning>> = {
  BAD_MATCH: { what: 'the switch cannot match like this', todo: OTHER_FIELDS },
  BAD_ACTION: { what: 'the switch cannot do one of its actions', todo: OTHER_ACTIONS },
  BAD_INSTRUCTION: { what: 'the switch cannot carry out one of its instructions', todo: OTHER_ACTIONS },
  FLOW_MOD_FAILED: { what: 'the switch cannot hold this rule', todo: SEE_LOG },
  GROUP_MOD_FAILED: { what: 'the switch cannot hold {place} like this', todo: SEE_LOG },
  METER_MOD_FAILED: { what: 'the switch cannot hold {place} like this', todo: SEE_LOG },
};

const UNKNOWN: Meaning = { what: 'the switch refused it and does not say why', todo: SEE_LOG, ...FULL };

/** What a switch's error about an item means. An error that nobody heard of may pass. */
export function explain(errorType: number, code: number, item: Item): Explanation {
  const name = errorName(errorType, code);
  const ofType = MEANINGS_OF_TYPES[nameOf(OFPET, errorType) ?? ''] ?? UNKNOWN;
  const { what, todo, mayPass, stale } = MEANINGS[name] ?? (name.endsWith('/EPERM') ? NOT_ALLOWED : ofType);
  const reason = `${name}: ${what.replace('{place}', placeOf(item))}; ${todo}`;
  return { reason, mayPass: mayPass === true, stale: stale === true };
}

function placeOf(item: Item): string {
  if (item.kind === 'group') return `group ${item.groupId}`;
  if (item.kind === 'meter') return `meter ${item.meterId}`;
  return `table ${item.tableId} (${tableName(item.tableId)})`;
}

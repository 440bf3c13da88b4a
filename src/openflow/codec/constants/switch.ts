/** What a switch is and how it is set (sections 7.3.1, 7.3.2, 7.3.6, 7.3.9, 7.3.10 and 7.4.1). */

/** Switch capability flags. */
export const OFPC = {
  FLOW_STATS: 1 << 0,
  TABLE_STATS: 1 << 1,
  PORT_STATS: 1 << 2,
  GROUP_STATS: 1 << 3,
  IP_REASM: 1 << 5,
  QUEUE_STATS: 1 << 6,
  PORT_BLOCKED: 1 << 8,
} as const;

/** Switch configuration: what happens to IP fragments. */
export const OFPC_FRAG = { NORMAL: 0, DROP: 1, REASM: 2, MASK: 3 } as const;

/** A packet that is not held in the switch. */
export const OFP_NO_BUFFER = 0xffffffff;

/** Bytes of a packet sent to the controller: MAX is the longest cut, NO_BUFFER means whole. */
export const OFPCML = { MAX: 0xffe5, NO_BUFFER: 0xffff } as const;

/** Why a PACKET_IN was sent. */
export const OFPR = { NO_MATCH: 0, ACTION: 1, INVALID_TTL: 2 } as const;

/** Controller roles. */
export const OFPCR_ROLE = { NOCHANGE: 0, EQUAL: 1, MASTER: 2, SLAVE: 3 } as const;

/** Queue numbers and properties. */
export const OFPQ = { ALL: 0xffffffff } as const;
export const OFPQT = { MIN_RATE: 1, MAX_RATE: 2, EXPERIMENTER: 0xffff } as const;
/** A queue rate above 1000 (tenths of a percent) means that the rate is not set. */
export const OFPQ_RATE_UNCFG = 0xffff;

/** Multipart types. */
export const OFPMP = {
  DESC: 0,
  FLOW: 1,
  AGGREGATE: 2,
  TABLE: 3,
  PORT_STATS: 4,
  QUEUE: 5,
  GROUP: 6,
  GROUP_DESC: 7,
  GROUP_FEATURES: 8,
  METER: 9,
  METER_CONFIG: 10,
  METER_FEATURES: 11,
  TABLE_FEATURES: 12,
  PORT_DESC: 13,
  EXPERIMENTER: 0xffff,
} as const;

/** Multipart flag: more messages of the same request or reply follow. */
export const OFPMPF_MORE = 1;

/** Table feature property types. */
export const OFPTFPT = {
  INSTRUCTIONS: 0,
  INSTRUCTIONS_MISS: 1,
  NEXT_TABLES: 2,
  NEXT_TABLES_MISS: 3,
  WRITE_ACTIONS: 4,
  WRITE_ACTIONS_MISS: 5,
  APPLY_ACTIONS: 6,
  APPLY_ACTIONS_MISS: 7,
  MATCH: 8,
  WILDCARDS: 10,
  WRITE_SETFIELD: 12,
  WRITE_SETFIELD_MISS: 13,
  APPLY_SETFIELD: 14,
  APPLY_SETFIELD_MISS: 15,
  EXPERIMENTER: 0xfffe,
  EXPERIMENTER_MISS: 0xffff,
} as const;

/** Flags of a flow monitor request (ONF extension 187). */
export const OFPFMF = {
  INITIAL: 1 << 0,
  ADD: 1 << 1,
  DELETE: 1 << 2,
  MODIFY: 1 << 3,
  ACTIONS: 1 << 4,
  OWN: 1 << 5,
} as const;

/** ONF bundle control types (extension 230). */
export const OFPBCT = {
  OPEN_REQUEST: 0,
  OPEN_REPLY: 1,
  CLOSE_REQUEST: 2,
  CLOSE_REPLY: 3,
  COMMIT_REQUEST: 4,
  COMMIT_REPLY: 5,
  DISCARD_REQUEST: 6,
  DISCARD_REPLY: 7,
} as const;

/** ONF bundle flags. */
export const OFPBF = { ATOMIC: 1 << 0, ORDERED: 1 << 1 } as const;

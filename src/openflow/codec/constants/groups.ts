/** Groups (section 7.3.4.2) and meters (section 7.3.4.4). */

/** Group numbers. */
export const OFPG = { MAX: 0xffffff00, ALL: 0xfffffffc, ANY: 0xffffffff } as const;

/** GROUP_MOD commands. */
export const OFPGC = { ADD: 0, MODIFY: 1, DELETE: 2 } as const;

/** Group types. */
export const OFPGT = { ALL: 0, SELECT: 1, INDIRECT: 2, FF: 3 } as const;

/** Group capability flags. */
export const OFPGFC = {
  SELECT_WEIGHT: 1 << 0,
  SELECT_LIVENESS: 1 << 1,
  CHAINING: 1 << 2,
  CHAINING_CHECKS: 1 << 3,
} as const;

/** Meter numbers. */
export const OFPM = { MAX: 0xffff0000, SLOWPATH: 0xfffffffd, CONTROLLER: 0xfffffffe, ALL: 0xffffffff } as const;

/** METER_MOD commands. */
export const OFPMC = { ADD: 0, MODIFY: 1, DELETE: 2 } as const;

/** Meter flags: the unit of rate and burst, and what is asked for. */
export const OFPMF = { KBPS: 1 << 0, PKTPS: 1 << 1, BURST: 1 << 2, STATS: 1 << 3 } as const;

/** Meter band types. */
export const OFPMBT = { DROP: 1, DSCP_REMARK: 2, EXPERIMENTER: 0xffff } as const;

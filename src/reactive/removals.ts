/** Messages that take rules of conversations away: by where they lead, by their destination, or all of a switch. */
import type { Mac } from '../core/addresses.ts';
import { makeCookie, readCookie, RULE_CLASS, isOurs } from '../flows/cookie.ts';
import { flowMod, OFPFC, OFPP, OFPTT } from '../openflow/codec/index.ts';
import type { FlowMod, FlowStats } from '../openflow/codec/index.ts';
import { REACTIVE_APP_ID } from './rule-templates.ts';

const UNIT_MASK = 0xffffffffn;
const CLASS_MASK = ~UNIT_MASK & 0xffffffffffffffffn;
const EXACTLY = 0xffffffffffffffffn;

function removal(unit: number, cookieMask: bigint, more: Partial<FlowMod>): FlowMod {
  const cookie = makeCookie({ app: REACTIVE_APP_ID, ruleClass: RULE_CLASS.REACTIVE, unit });
  return flowMod({ command: OFPFC.DELETE, tableId: OFPTT.ALL, cookie, cookieMask, priority: 0, ...more });
}

/** All rules of conversations. */
export function everything(): FlowMod {
  return removal(0, CLASS_MASK, {});
}

/** All that leave by a port. */
export function leavingBy(port: number): FlowMod {
  return removal(0, CLASS_MASK, { outPort: port });
}

/** Those that leave by a port towards a switch, which is known by its unit. */
export function leavingTowards(port: number, unit: number): FlowMod {
  return removal(unit, EXACTLY, { outPort: port });
}

/** Those that lead to a switch. */
export function leadingTo(unit: number): FlowMod {
  return removal(unit, EXACTLY, { outPort: OFPP.ANY });
}

/** Those of conversations to a host. */
export function towards(ethDst: Mac): FlowMod {
  return removal(0, CLASS_MASK, { match: { ethDst } });
}

/** One rule, and those like it in another order of priority. */
export function justThis({ cookie, match }: FlowStats): FlowMod {
  return removal(readCookie(cookie).unit, EXACTLY, { match });
}

export function isReactive({ cookie }: Pick<FlowStats, 'cookie'>): boolean {
  return isOurs(cookie) && readCookie(cookie).ruleClass === RULE_CLASS.REACTIVE;
}

/** What a switch in reactive forwarding holds of this mode's own tables, as far as conversations look at it. */
import { makeCookie, RULE_CLASS } from '../../flows/cookie.ts';
import { flowItem } from '../../flows/items.ts';
import type { Item } from '../../flows/items.ts';
import { apply, TABLES } from '../../flows/pipeline.ts';
import { OFPP } from '../../openflow/codec/index.ts';

/** The rule that brings up what no conversation's rule knows. */
export const ASK = flowItem({
  tableId: TABLES.forward.id,
  priority: 0,
  match: {},
  instructions: [apply({ type: 'output', port: OFPP.CONTROLLER, maxLen: 0xffff })],
  cookie: makeCookie({ app: 8, ruleClass: RULE_CLASS.DESIRED, unit: 1 }),
});

export const ASKING: ReadonlyMap<string, Item> = new Map([[ASK.key, ASK]]);

/** A rule, group or meter in words, for the sentences that name one. */
import type { Item } from '../flows/items.ts';
import { tableName } from '../flows/pipeline.ts';
import { matchToJson } from '../openflow/codec/index.ts';

/** `the rule in steer, priority 100, eth_type=ipv4 ipv4_dst=10.0.0.9`. */
export function ruleText(item: Item): string {
  if (item.kind === 'group') return `group ${item.groupId}`;
  if (item.kind === 'meter') return `meter ${item.meterId}`;
  const fields = Object.entries(matchToJson(item.match)).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `the rule in ${tableName(item.tableId)}, priority ${item.priority}, ${fields.join(' ') || 'for every frame'}`;
}

/** A rule, group or meter in a few words. */
import type { Item } from '../flows/items.ts';
import { tableName } from '../flows/pipeline.ts';
import { matchToJson } from '../openflow/codec/index.ts';
import type { Json } from '../openflow/codec/index.ts';

/** `forward rule of priority 100 for eth_dst=00:00:00:00:00:01`, `group 1600000000`, `meter 23297`. */
export function ruleWords(item: Item): string {
  if (item.kind === 'group') return `group ${item.groupId}`;
  if (item.kind === 'meter') return `meter ${item.meterId}`;
  const fields = Object.entries(matchToJson(item.match)).map(([name, value]) => `${name}=${valueWords(value)}`);
  const what = fields.length === 0 ? 'everything' : fields.join(', ');
  return `${tableName(item.tableId)} rule of priority ${item.priority} for ${what}`;
}

function valueWords(value: Json): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}

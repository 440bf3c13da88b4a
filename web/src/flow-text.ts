/** Flow rules in text short enough for a narrow table. */
import type { FlowInfo } from './api.ts';

export interface FlowTable {
  readonly tableId: number;
  readonly name: string;
  readonly flows: readonly FlowInfo[];
}

/** Table by table, as a packet meets them: the highest priority first. */
export function tablesOf(flows: readonly FlowInfo[]): readonly FlowTable[] {
  const tables = new Map<number, FlowInfo[]>();
  for (const flow of flows) {
    const there = tables.get(flow.tableId);
    if (there === undefined) tables.set(flow.tableId, [flow]);
    else there.push(flow);
  }
  return [...tables]
    .sort(([a], [b]) => a - b)
    .map(([tableId, list]) => ({
      tableId,
      name: list[0]?.tableName ?? '',
      flows: list.sort((a, b) => b.priority - a.priority),
    }));
}

/** `eth_type=ipv4, ipv4_dst=10.0.0.9`; `any` where a rule matches every packet. */
export function matchText(match: FlowInfo['match']): string {
  const parts = Object.entries(match).map(([field, value]) => `${field}=${valueText(value)}`);
  return parts.length === 0 ? 'any' : parts.join(', ');
}

/** `output 3, goto_table 6`; `drop` where nothing is done. */
export function instructionsText(instructions: readonly unknown[]): string {
  const parts = instructions.flatMap(instructionText);
  return parts.length === 0 ? 'drop' : parts.join(', ');
}

function instructionText(instruction: unknown): readonly string[] {
  if (!isFields(instruction)) return [valueText(instruction)];
  return Object.entries(instruction).flatMap(([name, value]) => {
    if (name === 'apply_actions' && Array.isArray(value)) return value.flatMap(actionText);
    if (name === 'write_actions' && Array.isArray(value)) return [`write (${value.flatMap(actionText).join(', ')})`];
    return [worded(name, value)];
  });
}

function actionText(action: unknown): readonly string[] {
  if (!isFields(action)) return [valueText(action)];
  return Object.entries(action).map(([name, value]) => worded(name, value));
}

function worded(name: string, value: unknown): string {
  if (value === null || value === true || (isFields(value) && Object.keys(value).length === 0)) return name;
  if (name === 'set_field' && isFields(value)) return `set ${matchText(value)}`;
  return `${name} ${valueText(value)}`;
}

function valueText(value: unknown): string {
  if (isFields(value) && 'value' in value && 'mask' in value)
    return `${valueText(value['value'])}/${valueText(value['mask'])}`;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return JSON.stringify(value) ?? '';
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { describe, expect, it } from 'vitest';
import type { FlowInfo } from './api.ts';
import { instructionsText, matchText, tablesOf } from './flow-text.ts';

function flow(tableId: number, priority: number): FlowInfo {
  const counters = { packets: 0, bytes: 0, durationSeconds: 0 };
  return {
    tableId,
    tableName: `t${tableId}`,
    priority,
    match: {},
    instructions: [],
    cookie: '0x0',
    ...counters,
    owner: null,
  };
}

describe('flow text', () => {
  it('orders tables as a packet meets them, rules by priority', () => {
    const tables = tablesOf([flow(6, 1), flow(0, 5), flow(6, 9)]);
    expect(tables.map(({ tableId, name, flows }) => [tableId, name, flows.map(({ priority }) => priority)])).toEqual([
      [0, 't0', [5]],
      [6, 't6', [9, 1]],
    ]);
  });

  it.each<[FlowInfo['match'], string]>([
    [{}, 'any'],
    [{ eth_type: 'ipv4', ipv4_dst: '10.0.0.0/24', in_port: 3 }, 'eth_type=ipv4, ipv4_dst=10.0.0.0/24, in_port=3'],
    [{ metadata: { value: '0x1', mask: '0xff' } }, 'metadata=0x1/0xff'],
  ])('writes match %j', (match, expected) => {
    expect(matchText(match)).toBe(expected);
  });

  it.each<[readonly unknown[], string]>([
    [[], 'drop'],
    [[{ apply_actions: [{ output: 3 }, { output: 'controller' }] }], 'output 3, output controller'],
    [
      [{ apply_actions: [{ set_field: { eth_dst: '02:00:00:00:00:01' } }] }, { goto_table: 6 }],
      'set eth_dst=02:00:00:00:00:01, goto_table 6',
    ],
    [[{ write_actions: [{ group: 7 }] }], 'write (group 7)'],
    [['clear_actions', { apply_actions: [{ pop_vlan: {} }] }], 'clear_actions, pop_vlan'],
  ])('writes instructions %j', (instructions, expected) => {
    expect(instructionsText(instructions)).toBe(expected);
  });
});

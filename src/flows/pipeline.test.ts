import { describe, expect, it } from 'vitest';
import type { Match } from '../openflow/codec/index.ts';
import {
  apply,
  checkRule,
  FLOOD_GROUP,
  goto,
  GROUP_BASE,
  GROUP_LIMIT,
  isOurGroup,
  nextHopGroup,
  PipelineError,
  TABLE_NAMES,
  tableName,
  TABLES,
} from './pipeline.ts';

describe('the pipeline', () => {
  it('has its tables by number, and rules only ever go on', () => {
    for (const [id, name] of TABLE_NAMES.entries()) {
      expect(TABLES[name]).toMatchObject({ id, name });
      expect(tableName(id)).toBe(name);
      for (const next of TABLES[name].next) expect(TABLES[next].id).toBeGreaterThan(id);
    }
    expect(tableName(200)).toBe('200');
  });

  it('leads from intake to flood', () => {
    const reached = new Set<string>(['intake']);
    for (const name of TABLE_NAMES) if (reached.has(name)) for (const next of TABLES[name].next) reached.add(next);
    expect([...reached].sort()).toEqual([...TABLE_NAMES].sort());
  });

  it('numbers the groups that lead to a switch, small dpids readable, none like the group that floods', () => {
    expect(nextHopGroup('0000000000000007')).toBe(1_500_000_007);
    const dpids = ['0000000002faf07f', '0000000002faf080', '00000000ffffffff', '0200000000000001', 'ffffffffffffffff'];
    const numbers = dpids.map(nextHopGroup);
    expect(new Set([...numbers, FLOOD_GROUP]).size).toBe(dpids.length + 1);
    for (const number of numbers) expect(isOurGroup(number)).toBe(true);
  });

  it('knows our groups by their number', () => {
    expect([GROUP_BASE - 1, GROUP_BASE, FLOOD_GROUP, GROUP_LIMIT, GROUP_LIMIT + 1].map(isOurGroup)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('checking a rule', () => {
  const rule = { table: 'intake', priority: 1, match: {}, instructions: [] } as const;

  it('lets through what its table declares', () => {
    checkRule({ ...rule, match: { inPort: 1, ethType: 0x88cc }, instructions: [goto('guard')] });
    checkRule({ ...rule, table: 'guard', match: { ethType: 0x800, ipv4Src: 1 }, instructions: [goto('shape')] });
    checkRule({ ...rule, priority: 0xffff, instructions: [apply({ type: 'output', port: 1, maxLen: 0 })] });
    checkRule({ ...rule, priority: 0, instructions: [goto('steer')] });
  });

  it.each([-1, 0x10000, 1.5, Number.NaN])('refuses the priority %s', (priority) => {
    expect(() => checkRule({ ...rule, priority })).toThrow(PipelineError);
  });

  it('refuses a field that the table is not for, and names those that it is for', () => {
    expect(() => checkRule({ ...rule, table: 'forward', match: { inPort: 1 } })).toThrow(
      'a rule in forward matches inPort; it may match ethDst',
    );
  });

  it('refuses to go where the table does not lead', () => {
    expect(() => checkRule({ ...rule, table: 'flood', instructions: [goto('flood')] })).toThrow(
      'a rule in flood goes to flood; it may go to none',
    );
    expect(() => checkRule({ ...rule, instructions: [goto('forward')] })).toThrow('guard, steer');
    expect(() => checkRule({ ...rule, instructions: [{ type: 'gotoTable', tableId: 77 }] })).toThrow('goes to 77');
  });

  it.each<[string, Match]>([
    ['out of range', { inPort: 2 ** 40 }],
    ['without what it needs', { ipProto: 6 }],
    ['of no field', { nonsense: 1 } as Match],
  ])('refuses a match that is %s, however often it is asked', (_, match) => {
    for (let i = 0; i < 2; i++) expect(() => checkRule({ ...rule, table: 'guard', match })).toThrow('cannot be sent');
  });
});

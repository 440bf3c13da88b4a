import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { someRawFlow } from '../../../test/support/raw-flows.ts';
import { encode, flowMod, instructionsToJson, matchKey, matchToJson, OFPP } from '../../openflow/codec/index.ts';
import type { Instruction } from '../../openflow/codec/index.ts';
import { FLOOD_GROUP, METER_BASE } from '../../flows/pipeline.ts';
import { EMPTY_VIEW } from '../../topology/view.ts';
import { switchOf } from '../../topology/testing/facts.ts';
import { dpidOf } from '../../topology/testing/graphs.ts';
import { flowRule } from './flow-rule.ts';
import type { FlowSpec } from './flow-rule.ts';
import { FlowSpecJson, flowKind } from './flow.ts';

const SPEC: FlowSpec = {
  dpid: 's1',
  table: 'steer',
  priority: 100,
  match: { eth_type: 'ipv4', ipv4_dst: '10.0.0.9' },
  instructions: [{ apply_actions: [{ output: 3 }] }],
};

/** What the schema finds wrong, each as `path: message`. */
function faults(spec: unknown): string[] {
  const result = FlowSpecJson.safeParse(spec);
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('a raw flow', () => {
  it('is the rule that it says', () => {
    expect(faults(SPEC)).toEqual([]);
    expect(flowRule(SPEC)).toEqual({
      table: 'steer',
      priority: 100,
      match: { ethType: 0x0800, ipv4Dst: 0x0a000009 },
      instructions: [{ type: 'applyActions', actions: [{ type: 'output', port: 3 }] }],
    });
    expect(flowKind.schema.safeParse(flowKind.example).success).toBe(true);
  });

  it('has its instructions in the order of execution, without those that do nothing, tables by name or number', () => {
    const { instructions } = flowRule({
      ...SPEC,
      instructions: [
        { goto_table: 'forward' },
        { write_metadata: { metadata: '0x5', mask: '0xf' } },
        { write_actions: [] },
        'clear_actions',
        { apply_actions: [{ output: { port: 4, max_len: 9 } }, { output: { port: 'controller', max_len: 9 } }] },
        { meter: 7 },
      ],
    });
    expect(instructions).toEqual([
      { type: 'meter', meterId: 7 },
      {
        type: 'applyActions',
        actions: [
          { type: 'output', port: 4 },
          { type: 'output', port: OFPP.CONTROLLER, maxLen: 9 },
        ],
      },
      { type: 'clearActions' },
      { type: 'writeMetadata', metadata: 5n, mask: 15n },
      { type: 'gotoTable', tableId: 6 },
    ]);
    expect(flowRule({ ...SPEC, instructions: [{ goto_table: 6 }] }).instructions).toEqual(instructions.slice(-1));
  });

  it('leaves out a field whose mask leaves it open, and so what needs that field has nothing to stand on', () => {
    const open = '00:00:00:00:00:00/00:00:00:00:00:00';
    expect(flowRule({ ...SPEC, match: { in_port: 1, eth_dst: open } }).match).toEqual({ inPort: 1 });
    expect(faults({ ...SPEC, match: { vlan_vid: '0x0/0x0', vlan_pcp: 1 } })[0]).toContain('needs vlan_vid');
  });

  it('matches everything where no match is given, and drops where no instruction is', () => {
    const spec = FlowSpecJson.parse({ dpid: 's1', table: 'guard', priority: 1, instructions: [] });
    expect(spec.match).toEqual({});
    expect(flowRule(spec)).toMatchObject({ match: {}, instructions: [] });
  });

  it.each<[string, object, string]>([
    ['a switch without a name', { dpid: '' }, 'dpid: is empty'],
    ['a table that is none', { table: 'stear' }, 'table: is no table; use guard, shape, service, steer'],
    ['a table that keeps frames from circling', { table: 'forward' }, 'takes no raw flows: its rules together keep'],
    ['intake', { table: 'intake' }, 'takes no raw flows'],
    ['learn', { table: 'learn' }, 'takes no raw flows'],
    ['flood', { table: 'flood' }, 'takes no raw flows'],
    ['the priority of the default', { priority: 0 }, 'priority: must be a whole number from 1 to 65535'],
    ['a priority too high', { priority: 65_536 }, 'priority: must be a whole number from 1 to 65535'],
    ['half a priority', { priority: 1.5 }, 'priority: must be a whole number'],
    ['a match that is a list', { match: [] }, 'match: must be an object'],
    [
      'a field that is none',
      { match: { ipv4_destination: '10.0.0.1' } },
      'match.ipv4_destination: is not a match field',
    ],
    ['a field of other switches', { match: { reg0: 1 } }, 'match.reg0: is not a match field'],
    ['a field by number', { match: { 'oxm:0001fe04': '00000001' } }, 'match.oxm:0001fe04: is not a match field'],
    ['__proto__', { match: JSON.parse('{"__proto__": 1}') as object }, 'match.__proto__: is not a match field'],
    [
      'a value that is none',
      { match: { eth_type: 'ipv4', ipv4_dst: '10.0.0.300' } },
      'match.ipv4_dst: is "10.0.0.300", but it must be an IPv4 address',
    ],
    [
      'an address without its type',
      { match: { ipv4_dst: '10.0.0.9' } },
      'match.ipv4_dst: needs eth_type ipv4 in the same match',
    ],
    [
      'a port without its protocol',
      { match: { eth_type: 'ipv4', tcp_dst: 80 } },
      'match.tcp_dst: needs ip_proto 6 in the same match',
    ],
    ['a protocol without IP', { match: { ip_proto: 6 } }, 'match.ip_proto: needs eth_type ipv4 or ipv6'],
    [
      'an instruction that is none',
      { instructions: [{ output: 3 }] },
      'instructions.0.output: is not an instruction; there are apply_actions',
    ],
    [
      'an experimenter’s instruction',
      { instructions: [{ experimenter: {} }] },
      'instructions.0.experimenter: is not an instruction',
    ],
    ['an instruction twice', { instructions: [{ meter: 1 }, { meter: 2 }] }, 'instructions.1.meter: stands twice'],
    [
      'an instruction of two keys',
      { instructions: [{ meter: 1, goto_table: 6 }] },
      'instructions.0: is {"meter":1,"goto_table":6}, but it must be an object with one key',
    ],
    ['an instruction that is a number', { instructions: [7] }, 'instructions.0: must be an object with one key'],
    [
      'an action that is none',
      { instructions: [{ apply_actions: [{ outptu: 3 }] }] },
      'instructions.0.apply_actions.0.outptu: is not an action of OpenFlow 1.3; there are output',
    ],
    [
      'an action past the pipeline',
      { instructions: [{ apply_actions: [{ resubmit: {} }] }] },
      'resubmit: is not an action of OpenFlow 1.3',
    ],
    [
      'a port that is none',
      { instructions: [{ apply_actions: [{ output: 'nowhere' }] }] },
      'instructions.0.apply_actions.0.output: is "nowhere", but it must be a number or one of in_port',
    ],
    [
      'a port that floods',
      { instructions: [{ write_actions: [{ output: 'flood' }] }] },
      'instructions.0.write_actions.0.output: is flood, which is no port of a loop-free way',
    ],
    [
      'a port that means the old switch',
      { instructions: [{ apply_actions: [{ output: 'normal' }] }] },
      'is normal, which is no port',
    ],
    [
      'a mask to be set',
      { instructions: [{ apply_actions: [{ set_field: { ipv4_src: '10.0.0.0/8' } }] }] },
      'set_field: has a mask',
    ],
    [
      'a table that it must not go to',
      { instructions: [{ goto_table: 'guard' }] },
      'instructions: a rule in steer goes to guard; it may go to forward',
    ],
    ['a table that is none', { instructions: [{ goto_table: 'nowhere' }] }, 'instructions.0.goto_table: is "nowhere"'],
    ['a table number that is none', { instructions: [{ goto_table: 300 }] }, 'instructions'],
    ['no list', { instructions: {} }, 'instructions: '],
    [
      'a group that comes and goes',
      { instructions: [{ apply_actions: [{ group: FLOOD_GROUP }] }] },
      'apply_actions.0.group: is one of this controller',
    ],
    [
      'a meter that comes and goes',
      { instructions: [{ meter: METER_BASE }] },
      'instructions.0.meter: is one of this controller',
    ],
    ['a field of its own', { colour: 'red' }, 'Unrecognized key'],
  ])('does not take %s', (_, change, message) => {
    const found = faults({ ...SPEC, ...change });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  it('looks into no action that it does not take, however deep it goes', () => {
    let deep: unknown = [];
    for (let depth = 0; depth < 5_000; depth++) deep = [{ clone: deep }];
    expect(faults({ ...SPEC, instructions: [{ apply_actions: deep }] })).toEqual([
      expect.stringContaining('instructions.0.apply_actions.0.clone: is not an action'),
    ]);
  });

  it('waits for a switch that is not there, and says which of several is meant', () => {
    const [first, second] = [switchOf(dpidOf(0), []), { ...switchOf(dpidOf(1), []), name: 's1' }];
    const view = (...switches: (typeof first)[]) => ({
      ...EMPTY_VIEW,
      switches: new Map(switches.map((each) => [each.dpid, each])),
    });
    expect(flowKind.waitsFor(SPEC, view())).toMatch(/^There is no switch s1 in the network now/);
    expect(flowKind.waitsFor(SPEC, view(first))).toBeUndefined();
    expect(flowKind.waitsFor(SPEC, view(first, second))).toContain(`${dpidOf(0)}, ${dpidOf(1)}`);
    expect(flowKind.waitsFor({ ...SPEC, dpid: dpidOf(1).toUpperCase() }, view(first, second))).toBeUndefined();
  });
});

describe('the hosts that a flow names', () => {
  const hosts = (match: object) => flowKind.hosts(FlowSpecJson.parse({ ...SPEC, match }));

  it('are those whose addresses its match gives in full', () => {
    const [one, other] = ['02:00:00:00:00:01', '02:00:00:00:00:02'];
    expect(hosts({ eth_src: one, eth_dst: other })).toEqual([one, other]);
    expect(hosts({ eth_type: 'ipv4', ipv4_src: '10.0.0.1', ipv4_dst: '10.0.0.2' })).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(hosts({ eth_type: 'ipv6', ipv6_src: '2001:db8::1', ipv6_dst: '2001:db8::1' })).toEqual(['2001:db8::1']);
    expect(hosts({ eth_type: 'arp', arp_spa: '10.0.0.1', arp_tpa: '10.0.0.2', arp_sha: one })).toEqual([
      one,
      '10.0.0.1',
      '10.0.0.2',
    ]);
  });

  it('are none where it means many, or nobody', () => {
    expect(hosts({})).toEqual([]);
    expect(hosts({ eth_dst: 'ff:ff:ff:ff:ff:ff', eth_type: 'ipv4', ipv4_dst: '10.0.0.0/24' })).toEqual([]);
    expect(hosts({ eth_src: '02:00:00:00:00:00/ff:ff:ff:ff:ff:00', in_port: 3 })).toEqual([]);
  });
});

describe('the JSON of GET flows', () => {
  it('makes the same rule when it is given back, and prints the same again', () => {
    let instructed = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (seed) => {
        const { match, instructions } = someRawFlow(seed);
        instructed += instructions.length;
        const json = JSON.parse(
          JSON.stringify({ match: matchToJson(match), instructions: instructionsToJson(instructions) }),
        ) as Pick<FlowSpec, 'match' | 'instructions'>;
        const rule = flowRule({ ...SPEC, table: 'shape', ...json });
        expect(matchKey(rule.match)).toBe(matchKey(match));
        expect(matchToJson(rule.match)).toEqual(json.match);
        const bytes = (list: readonly Instruction[]) => encode(flowMod({ tableId: 0, match: {}, instructions: list }));
        const byType = (x: Instruction, y: Instruction) => (x.type < y.type ? -1 : 1);
        expect(bytes(rule.instructions.toSorted(byType))).toEqual(bytes(instructions.toSorted(byType)));
        const printed = instructionsToJson(rule.instructions);
        expect(flowRule({ ...SPEC, table: 'shape', ...json, instructions: printed }).instructions).toEqual(
          rule.instructions,
        );
      }),
      { numRuns: 300 },
    );
    expect(instructed).toBeGreaterThan(100);
  });
});

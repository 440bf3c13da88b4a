import { describe, expect, it } from 'vitest';
import { formatDpid } from '../core/ids.ts';
import { goto } from '../flows/pipeline.ts';
import { learn, show } from './learn.ts';
import { OFPP, toController } from './sdk.ts';
import { rulesOf, TestNetwork } from './testing/rules.ts';

const S1 = formatDpid(1n);
const S2 = formatDpid(2n);
const M = 0x0200_0000_0001;

describe('show', () => {
  it('passes everything on and shows it, what tells addresses above what is known', () => {
    const rules = rulesOf(new TestNetwork([S1]).tables([show]), S1);
    const shown = [{ type: 'applyActions', actions: [toController()] }, goto('service')];
    for (const { table, instructions } of rules) expect([table, instructions]).toEqual(['learn', shown]);
    expect(toController()).toMatchObject({ port: OFPP.CONTROLLER });
    expect(rules.map(({ match }) => match)).toEqual([
      { ethType: 0x0806 },
      { ethType: 0x86dd, ipProto: 58, icmpv6Type: 135 },
      { ethType: 0x86dd, ipProto: 58, icmpv6Type: 136 },
      { ethType: 0x0800, ipProto: 17, udpSrc: 67 },
      { ethType: 0x0800, ipProto: 17, udpSrc: 68 },
      {},
    ]);
  });
});

describe('learn', () => {
  it('lets a known host pass unseen at its port, on its switch', () => {
    const network = new TestNetwork([S1, S2]).port({ dpid: S1, port: 3 }, 'host').host(M, { dpid: S1, port: 3 });
    const tables = network.tables([show, learn]);
    const [rule, ...others] = rulesOf(tables, S1).filter(({ match }) => 'ethSrc' in match);
    expect(others).toEqual([]);
    expect(rule).toMatchObject({ table: 'learn', match: { inPort: 3, ethSrc: M }, instructions: [goto('service')] });
    const [telling, unknown] = [rulesOf(tables, S1)[0]!, rulesOf(tables, S1).at(-1)!];
    expect(telling.priority).toBeGreaterThan(rule!.priority);
    expect(unknown.priority).toBeLessThan(rule!.priority);
    expect(rulesOf(tables, S2).some(({ match }) => 'ethSrc' in match)).toBe(false);
  });

  it.each([
    ['is unknown', 'unknown', true],
    ['leads to the fabric', 'fabric', true],
    ['is down', 'host', false],
  ] as const)('wants nothing for a host whose port %s', (_, kind, up) => {
    const at = { dpid: S1, port: 3 };
    expect(rulesOf(new TestNetwork([S1]).port(at, kind, up).host(M, at).tables([learn]), S1)).toEqual([]);
  });

  it('wants nothing for a host on a switch or a port that is not there', () => {
    const network = new TestNetwork([S1]).host(M, { dpid: S1, port: 3 }).host(M + 1, { dpid: S2, port: 1 });
    const tables = network.tables([learn]);
    expect([rulesOf(tables, S1), rulesOf(tables, S2)]).toEqual([[], []]);
  });
});

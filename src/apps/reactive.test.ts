import { describe, expect, it } from 'vitest';
import { formatDpid } from '../core/ids.ts';
import { REACTIVE_APP_ID } from '../reactive/rule-templates.ts';
import { appsFor } from './index.ts';
import { reactive } from './reactive.ts';
import { rulesOf, TestNetwork } from './testing/rules.ts';

const S1 = formatDpid(1n);

describe('reactive', () => {
  it('shares its number with the rules of conversations', () => {
    expect(reactive.id).toBe(REACTIVE_APP_ID);
  });

  it('floods groups and asks for all else, and nothing in forward leads unknown destinations to the flood', () => {
    const network = new TestNetwork([S1]).port({ dpid: S1, port: 1 }, 'host').host(1, { dpid: S1, port: 1 });
    const tables = network.tables(appsFor('reactive'));
    const forward = rulesOf(tables, S1).filter(({ table }) => table === 'forward');
    expect(forward.map(({ priority, match, instructions }) => [priority, match, instructions])).toEqual([
      [1, { ethDst: { value: 0x010000000000, mask: 0x010000000000 } }, [{ type: 'gotoTable', tableId: 7 }]],
      [0, {}, [{ type: 'applyActions', actions: [{ type: 'output', port: 0xfffffffd, maxLen: 0xffff }] }]],
    ]);
    expect(tables.conflicts()).toEqual([]);
    expect(rulesOf(tables, S1).some(({ table }) => table === 'flood')).toBe(true);
  });
});

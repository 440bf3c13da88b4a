import { describe, expect, it } from 'vitest';
import { formatDpid } from '../core/ids.ts';
import { DesiredTables } from '../flows/desired/tables.ts';
import { flowKind } from '../policies/kinds/flow.ts';
import { wholeOf } from '../topology/view.ts';
import { rawFlow } from './raw-flow.ts';
import { rulesOf, TestNetwork } from './testing/rules.ts';

const S1 = formatDpid(1n);
const S2 = formatDpid(2n);
const SPEC = { ...(flowKind.example as object), dpid: 's2' };

function policy(name: string, spec: unknown = SPEC, kind = 'flow') {
  return { name, kind, spec, revision: 1 };
}

describe('a raw flow', () => {
  it('is one rule on the switch that it names, and nothing anywhere else', () => {
    const net = new TestNetwork([S1, S2]);
    net.network.setPolicy('web', policy('web'));
    const tables = net.tables([rawFlow]);
    expect(rulesOf(tables, S1)).toEqual([]);
    expect(rulesOf(tables, S2)).toEqual([
      {
        table: 'steer',
        priority: 100,
        match: { ethType: 0x0800, ipv4Dst: 0x0a000009 },
        instructions: [{ type: 'applyActions', actions: [{ type: 'output', port: 3 }] }],
        after: [],
      },
    ]);
    expect([...tables.of(S2).values()][0]?.owner).toEqual({ kind: 'flow', name: 'web' });
  });

  it('wants nothing where the switch is not there, and no policy of another kind', () => {
    const net = new TestNetwork([S1]);
    net.network.setPolicy('web', policy('web'));
    net.network.setPolicy('other', policy('other', { ...SPEC, dpid: 's1' }, 'acl'));
    expect(rulesOf(net.tables([rawFlow]), S1)).toEqual([]);
  });

  it('costs no other its rule where its spec is none', () => {
    const net = new TestNetwork([S2]);
    net.network.setPolicy('bad', policy('bad', { ...SPEC, table: 'forward' }));
    net.network.setPolicy('good', policy('good'));
    net.network.flush();
    const { view } = net.network;
    const tables = new DesiredTables([rawFlow]);
    tables.update({ view, change: wholeOf(view) });
    expect(rulesOf(tables, S2)).toHaveLength(1);
    expect(tables.failures()).toEqual([
      { owner: { kind: 'flow', name: 'bad' }, error: expect.objectContaining({ name: 'SpecError' }) as unknown },
    ]);
  });
});

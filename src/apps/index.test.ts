import { describe, expect, it } from 'vitest';
import { appsFor } from './index.ts';
import { formatDpid } from '../core/ids.ts';
import { rulesOf, TestNetwork } from './testing/rules.ts';

const S1 = formatDpid(1n);

describe('the apps together', () => {
  it('have names and numbers of their own', () => {
    const apps = appsFor('proactive');
    expect(new Set(apps.map(({ name }) => name)).size).toBe(apps.length);
    expect(new Set(apps.map(({ id }) => id)).size).toBe(apps.length);
    for (const { id } of apps) expect(id > 0 && id < 256).toBe(true);
  });

  it('keep their numbers for ever, since rules on switches carry them', () => {
    expect(Object.fromEntries(appsFor('proactive').map(({ name, id }) => [name, id]))).toEqual({
      intake: 1,
      passage: 2,
      show: 3,
      learn: 4,
      forward: 5,
      flood: 6,
      'next-hops': 7,
      flow: 16,
    });
  });

  it('never want the same place', () => {
    const tables = new TestNetwork([S1])
      .port({ dpid: S1, port: 1 }, 'host')
      .host(1, { dpid: S1, port: 1 })
      .tables(appsFor('proactive'));
    expect(tables.conflicts()).toEqual([]);
  });

  it('forward and flood nothing when forwarding is off', () => {
    const network = new TestNetwork([S1]).port({ dpid: S1, port: 1 }, 'host').host(1, { dpid: S1, port: 1 });
    const tables = network.tables(appsFor('off'));
    expect(
      rulesOf(tables, S1).filter(({ table, priority }) => table === 'flood' || (table === 'forward' && priority > 0)),
    ).toEqual([]);
  });

  it('know an unknown port in no rule and no group', () => {
    const known = new TestNetwork([S1]).port({ dpid: S1, port: 1 }, 'host');
    const before = rulesOf(known.tables(appsFor('proactive')), S1);
    known.port({ dpid: S1, port: 2 }, 'unknown').host(7, { dpid: S1, port: 2 });
    expect(rulesOf(known.tables(appsFor('proactive')), S1)).toEqual(before);
  });
});

import { describe, expect, it } from 'vitest';
import { intake } from '../apps/intake.ts';
import { learn } from '../apps/learn.ts';
import { TestNetwork } from '../apps/testing/rules.ts';
import { formatDpid } from '../core/ids.ts';
import { flowItem } from '../flows/items.ts';
import { readTables } from './told.ts';

const S1 = formatDpid(1n);
const MAC = 0x0200_0000_0001;

describe('what a switch tells by its tables', () => {
  it('is which ports lead to hosts and which to the fabric, and who is where', () => {
    const tables = new TestNetwork([S1])
      .port({ dpid: S1, port: 1 }, 'fabric')
      .port({ dpid: S1, port: 2 }, 'host')
      .port({ dpid: S1, port: 3 }, 'unknown')
      .host(MAC, { dpid: S1, port: 2 })
      .tables([intake, learn]);
    const told = readTables(tables.of(S1).values());
    expect(told.kinds).toEqual(
      new Map([
        [1, 'fabric'],
        [2, 'host'],
      ]),
    );
    expect(told.hosts).toEqual(new Map([[MAC, 2]]));
  });

  it('is nothing where the rules say something else', () => {
    const drop = flowItem({ tableId: 0, priority: 1, match: { inPort: 1 }, instructions: [], cookie: 0n });
    expect(readTables([drop])).toEqual({ kinds: new Map(), hosts: new Map() });
  });
});

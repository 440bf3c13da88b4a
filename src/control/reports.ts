/**
 * Reports of what differs on each switch, made from what the reconciler shows: its audits, and what it holds for installed.
 * It tells nothing of refusals, repairs and wars, which only the reconciler itself can know.
 */
import type { Clock } from '../core/clock.ts';
import type { Dpid } from '../core/ids.ts';
import { isOurs } from '../flows/cookie.ts';
import type { DesiredTables } from '../flows/desired/tables.ts';
import { flowItem, sameItem } from '../flows/items.ts';
import type { Item } from '../flows/items.ts';
import type { Reconciler } from '../flows/reconcile/reconciler.ts';
import type { SwitchReport } from '../flows/reconcile/report.ts';
import type { ReadBack } from '../flows/reconcile/transport.ts';
import type { Reports } from './reconciling.ts';

/** Foreign rules kept of each switch, beside their number. */
const MAX_FOREIGN = 100;

type LastRead = Pick<SwitchReport, 'readAt' | 'foreign' | 'foreignCount'>;

export interface ReportsOptions {
  readonly reconciler: Pick<Reconciler, 'audit' | 'installed'>;
  readonly desired: Pick<DesiredTables, 'of'>;
  readonly isConnected: (dpid: Dpid) => boolean;
  readonly clock: Clock;
}

export function createReports(options: ReportsOptions): Reports & Pick<Reconciler, 'audit'> {
  const { reconciler, desired, isConnected, clock } = options;
  const lastReads = new Map<Dpid, LastRead>();
  return {
    async audit(dpid) {
      const readBack = await reconciler.audit(dpid);
      if (readBack) lastReads.set(dpid, { readAt: clock.wall(), ...foreignOf(readBack) });
      return readBack;
    },
    report(dpid) {
      const installed = reconciler.installed(dpid);
      if (!installed) return undefined;
      return {
        dpid,
        connected: isConnected(dpid),
        monitored: false,
        readAt: undefined,
        foreign: [],
        foreignCount: 0,
        ...lastReads.get(dpid),
        ...compare(installed, desired.of(dpid)),
        refused: [],
        repairs: 0,
        wars: [],
      };
    },
    stats: () => ({ dirty: 0 }),
  };
}

function foreignOf({ flows }: ReadBack): Pick<LastRead, 'foreign' | 'foreignCount'> {
  const foreign = flows.filter(({ cookie }) => !isOurs(cookie));
  return { foreign: foreign.slice(0, MAX_FOREIGN).map(flowItem), foreignCount: foreign.length };
}

function compare(
  installed: ReadonlyMap<string, Item>,
  desired: ReadonlyMap<string, Item>,
): Pick<SwitchReport, 'missing' | 'changed' | 'extra'> {
  const missing: Item[] = [];
  const changed: { desired: Item; installed: Item }[] = [];
  for (const [key, wish] of desired) {
    const held = installed.get(key);
    if (!held) missing.push(wish);
    else if (!sameItem(held, wish)) changed.push({ desired: wish, installed: held });
  }
  const extra = [...installed].filter(([key]) => !desired.has(key)).map(([, item]) => item);
  return { missing, changed, extra };
}

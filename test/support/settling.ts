/** Tells when every switch has confirmed all that is desired of it: what a test or a bench of the whole line waits for. */
import type { Dpid } from '../../src/core/ids.ts';
import type { DesiredChange, DesiredTables } from '../../src/flows/desired/tables.ts';
import { sameItem } from '../../src/flows/items.ts';
import type { Reconciler } from '../../src/flows/reconcile/reconciler.ts';
import type { Network } from '../../src/topology/network.ts';

/** Who waits longer waits in vain. Generous: hundreds of switches connect on a busy machine. */
const PATIENCE_MS = 120_000;
/** Named in the message of a wait in vain. */
const MAX_NAMED = 5;

export interface Settling {
  /**
   * Resolves when a view newer than `version` was published, `holds` is true of the newest, and its rules are all confirmed:
   * with the time of the last confirmation, by `performance.now()`.
   */
  settled(options?: SettledOptions): Promise<number>;
}

export interface SettledOptions {
  readonly version?: number;
  readonly holds?: () => boolean;
}

export interface SettlingRooms {
  readonly network: Network;
  readonly desired: DesiredTables;
  readonly reconciler: Reconciler;
}

export interface SettlingControl extends Settling {
  readonly changed: (change: DesiredChange) => void;
  readonly answered: (dpid: Dpid) => void;
}

export function createSettling({ network, desired, reconciler }: SettlingRooms): SettlingControl {
  /** Keys that were not the same when last looked at. */
  const open = new Map<Dpid, Set<string>>();
  const waiters = new Set<() => void>();
  let confirmedAt = performance.now();

  return { changed, answered, settled };

  function changed(change: DesiredChange): void {
    for (const [dpid, keys] of change) {
      const owed = open.get(dpid);
      if (owed) for (const key of keys) owed.add(key);
      else open.set(dpid, new Set(keys));
      strike(dpid);
    }
    for (const waiter of waiters) waiter();
  }

  function answered(dpid: Dpid): void {
    if (!open.has(dpid)) return;
    const now = performance.now();
    if (strike(dpid)) confirmedAt = now;
    if (open.size === 0) for (const waiter of waiters) waiter();
  }

  /** Strikes out what is confirmed by now; true where something was. */
  function strike(dpid: Dpid): boolean {
    const owed = open.get(dpid);
    if (!owed) return false;
    const before = owed.size;
    const wanted = desired.of(dpid);
    const held = reconciler.installed(dpid);
    for (const key of owed) if (held && sameItem(held.get(key), wanted.get(key))) owed.delete(key);
    if (owed.size === 0) open.delete(dpid);
    return owed.size < before;
  }

  function settled({ version = -1, holds = () => true }: SettledOptions = {}): Promise<number> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        waiters.delete(check);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`Not settled within ${PATIENCE_MS} ms: ${story()}`));
      }, PATIENCE_MS);
      const check = (): void => {
        if (open.size > 0 || network.view.version <= version || !holds()) return;
        end();
        resolve(confirmedAt);
      };
      waiters.add(check);
      check();
    });
  }

  function story(): string {
    if (open.size === 0) return 'all rules are confirmed, what else was hoped for did not come';
    const some = [...open].slice(0, MAX_NAMED).map(([dpid, keys]) => `${dpid} owes ${keys.size} (${[...keys][0]})`);
    return `${open.size} switches owe rules: ${some.join('; ')}`;
  }
}

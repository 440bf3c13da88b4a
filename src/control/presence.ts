/**
 * How long switches have been without a session: first they are counted as present, then traffic is led around them, and
 * when nothing that is connected leads to them any more they are forgotten (but remembered, should they come back).
 */
import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import type { Dpid } from '../core/ids.ts';
import type { Reconciler } from '../flows/reconcile/reconciler.ts';
import type { HostTracker } from '../topology/hosts/tracker.ts';
import { rememberSwitch } from '../topology/memory.ts';
import type { Remembered } from '../topology/memory.ts';
import type { Network } from '../topology/network.ts';
import { DisjointSets } from '../topology/paths/tree.ts';

/** A session that breaks comes back at once, or its switch is in trouble. */
const AWAY_AFTER_MS = 2_000;
/** After a restart of ours switches come back as their backoff lets them: Open vSwitch waits up to 8 s. */
const RETURN_AFTER_RESTART_MS = 15_000;
/** Out of reach of every connected switch for this long: its network is gone, as when one Mininet ends before the next. */
const FORGET_ISLAND_MS = 10_000;
/** A switch that neighbours still see a port up to: someone may be at work on it. */
const FORGET_MS = 600_000;
const LOOK_EVERY_MS = 1_000;

/** True while switches that were known before this run started may still come back. */
export function isReturning(network: Network, clock: Clock, startedAt: number): boolean {
  if (clock.wall() > startedAt + RETURN_AFTER_RESTART_MS) return false;
  for (const [, owner] of network.switches()) if (!owner.connected && owner.connectedSince < startedAt) return true;
  return false;
}

export interface PresenceOptions {
  readonly network: Network;
  readonly hosts: Pick<HostTracker, 'switchGone' | 'sureAddresses'>;
  readonly reconciler: Pick<Reconciler, 'forget' | 'wake'>;
  readonly memory: Remembered;
  /** Wall-clock milliseconds when this run of the controller began. */
  readonly startedAt: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Presence {
  stop(): void;
}

export function watchPresence(options: PresenceOptions): Presence {
  const { network, hosts, reconciler, memory, startedAt, clock, logger } = options;
  let returning = true;
  const goneSince = new Map<Dpid, number>();
  let cancel = clock.after(LOOK_EVERY_MS, look);
  return { stop: () => cancel() };

  function look(): void {
    const now = clock.now();
    const { switches } = network.view;
    for (const dpid of goneSince.keys()) if (switches.get(dpid)?.connected !== false) goneSince.delete(dpid);
    const missing = [...switches.values()].filter(({ connected }) => !connected);
    const mainland = missing.length > 0 ? reachable() : undefined;
    for (const owner of missing) {
      const since = goneSince.get(owner.dpid) ?? now;
      goneSince.set(owner.dpid, since);
      const beforeRestart = owner.connectedSince < startedAt;
      const awayAfterMs = beforeRestart ? RETURN_AFTER_RESTART_MS : AWAY_AFTER_MS;
      if (!owner.away && now - since >= awayAfterMs) network.setSwitch(owner.dpid, { ...owner, away: true });
      if (now - since >= (mainland?.(owner.dpid) ? FORGET_MS : FORGET_ISLAND_MS)) forget(owner.dpid, owner.name);
    }
    if (returning && !isReturning(network, clock, startedAt)) {
      returning = false;
      reconciler.wake();
    }
    cancel = clock.after(LOOK_EVERY_MS, look);
  }

  /** Whether links lead from a switch to one that is connected. */
  function reachable(): (dpid: Dpid) => boolean {
    const sets = new DisjointSets();
    for (const { a, b } of network.view.links.values()) sets.join(a.dpid, b.dpid);
    const mainland = new Set<string>();
    for (const { dpid, connected } of network.view.switches.values()) if (connected) mainland.add(sets.find(dpid));
    return (dpid) => mainland.has(sets.find(dpid));
  }

  function forget(dpid: Dpid, name: string): void {
    goneSince.delete(dpid);
    rememberSwitch(memory, network.view, dpid, (mac) => hosts.sureAddresses(mac));
    hosts.switchGone(dpid);
    for (const { id, a, b } of network.view.links.values()) {
      if (a.dpid === dpid || b.dpid === dpid) network.setLink(id, undefined);
    }
    network.setSwitch(dpid, undefined);
    reconciler.forget(dpid);
    logger.info({ dpid, name }, 'Switch forgotten: it has had no session for long');
  }
}

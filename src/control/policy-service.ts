/** Policies, from a write to what the switches say of it. */
import type { Clock } from '../core/clock.ts';
import type { Dpid } from '../core/ids.ts';
import type { Policy } from '../core/policy.ts';
import type { DesiredTables } from '../flows/desired/tables.ts';
import { sameItem } from '../flows/items.ts';
import { kindNamed } from '../policies/kinds/index.ts';
import { ownedBy } from '../policies/owned.ts';
import type { Owned } from '../policies/owned.ts';
import { planOf } from '../policies/plan.ts';
import type { Plan } from '../policies/plan.ts';
import type { Policies } from '../policies/policies.ts';
import { policyOf } from '../policies/record.ts';
import type { PolicyRecord } from '../policies/record.ts';
import type { PolicyReport, PolicyService } from '../policies/service.ts';
import { refusalOf, statusOf } from '../policies/status.ts';
import type { PolicyStatus, SwitchOutcomes } from '../policies/status.ts';
import type { Network } from '../topology/network.ts';

/** Looked at again this often while a write waits: what is found by reading a switch comes without a commit. */
const LOOK_AGAIN_MS = 200;

export interface PolicyServiceOptions {
  readonly policies: Policies;
  readonly network: Network;
  readonly desired: DesiredTables;
  readonly outcomes: SwitchOutcomes & {
    /** Calls back when a switch has confirmed or refused something; returns the way to stop. */
    onCommit(listener: () => void): () => void;
  };
  readonly clock: Clock;
}

const NONE: ReadonlySet<never> = new Set();

/** A place in a switch's tables. */
interface Place {
  readonly dpid: Dpid;
  readonly key: string;
}

export function createPolicyService(options: PolicyServiceOptions): PolicyService {
  const { policies, network, desired, outcomes, clock } = options;

  return {
    list: () => policies.list().map(reportOf),
    get: (name) => {
      const record = policies.get(name);
      return record && reportOf(record);
    },
    write: async (write, timeoutMs) => {
      const places = placesOf(policies.get(write.input.name));
      const { before, after } = policies.write(write);
      network.flush();
      const settled = await whenSettled([...places, ...placesOf(after)], timeoutMs);
      return { ...reportOf(policies.get(after.name) ?? after), created: before === undefined, settled };
    },
    remove: async (removal, timeoutMs) => {
      const places = placesOf(policies.get(removal.name));
      const record = policies.remove(removal);
      network.flush();
      const settled = await whenSettled(places, timeoutMs);
      return { record, status: leaving(record, places), settled };
    },
    planWrite: (write) => {
      const { after } = policies.preview(write);
      return planWith(after.name, after.enabled ? after : undefined, after);
    },
    planRemoval: (removal) => planWith(policies.previewRemoval(removal).name, undefined, undefined),
  };

  /** What the policy has in the tables of the newest view. */
  function ownedNow({ kind, name }: PolicyRecord): Owned {
    network.flush();
    return ownedBy(desired, { kind, name });
  }

  function reportOf(record: PolicyRecord): PolicyReport {
    return { record, status: statusOf({ record, owned: ownedNow(record), view: network.view, outcomes }) };
  }

  /** Where the policy has something, or wants it. */
  function placesOf(record: PolicyRecord | undefined): Place[] {
    if (!record) return [];
    const { placed, lost } = ownedNow(record);
    return [...placed, ...lost].map(({ dpid, item: { key } }) => ({ dpid, key }));
  }

  function whenSettled(places: readonly Place[], timeoutMs: number): Promise<boolean> {
    const settled = (): boolean => places.every(isSettled);
    if (settled()) return Promise.resolve(true);
    return new Promise((resolve) => {
      let cancel = clock.after(LOOK_AGAIN_MS, lookAgain);
      const stops = [
        outcomes.onCommit(check),
        network.onUpdate(check),
        clock.after(timeoutMs, () => finish(settled())),
      ];
      function check(): void {
        if (settled()) finish(true);
      }
      function lookAgain(): void {
        cancel = clock.after(LOOK_AGAIN_MS, lookAgain);
        check();
      }
      function finish(answer: boolean): void {
        cancel();
        for (const stop of stops) stop();
        resolve(answer);
      }
    });
  }

  /** The switch holds what it shall hold there, or refused it. One that is not connected has nothing to say. */
  function isSettled({ dpid, key }: Place): boolean {
    if (!network.view.switches.get(dpid)?.connected) return true;
    const wish = desired.of(dpid).get(key);
    const installed = outcomes.installed(dpid);
    if (!installed) return false;
    return sameItem(installed.get(key), wish) || (wish !== undefined && refusalOf(outcomes, dpid, wish) !== undefined);
  }

  /** Of a policy that is gone: where its rules may still be. */
  function leaving({ revision }: PolicyRecord, places: readonly Place[]): PolicyStatus {
    const left = places.filter((place) => {
      const connected = network.view.switches.get(place.dpid)?.connected;
      return !isSettled(place) || (connected === false && outcomes.installed(place.dpid)?.has(place.key));
    });
    const switches = [...new Set(left.map(({ dpid }) => dpid))].sort();
    const names = switches.map((dpid) => network.view.switches.get(dpid)?.name ?? dpid);
    const reason = `It is deleted; its rules are still to be taken from ${names.join(', ') || 'no switch'}.`;
    return { phase: 'pending', reason, observedRevision: revision, rules: left.length, switches };
  }

  /** The tables that the apps make of the view with the policy as given, against those of now. */
  function planWith(name: string, wanted: PolicyRecord | undefined, judged: PolicyRecord | undefined): Plan {
    network.flush();
    const all = new Map<string, Policy>(network.view.policies);
    if (wanted) all.set(name, policyOf(wanted));
    else all.delete(name);
    const view = { ...network.view, policies: all };
    const change = { switches: NONE, links: NONE, hosts: NONE, policies: new Set([name]) };
    const known = desired.conflicts();
    return desired.tryOut({ view, change }, (differences) => ({
      ...planOf(differences, known, desired),
      reason: judged && reasonOf(judged),
    }));
  }

  /** As the tables stand now. */
  function reasonOf(record: PolicyRecord): string | undefined {
    if (!record.enabled) return 'It would not be enabled, so it would want nothing.';
    const { placed, failure } = ownedBy(desired, record);
    if (failure !== undefined) return `Its rules could not be made: ${failure}.`;
    return placed.length > 0 ? undefined : kindNamed(record.kind)?.waitsFor(record.spec, network.view);
  }
}

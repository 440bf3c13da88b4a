/** Policies on a network whose switches confirm, refuse or keep silent as a test says. */
import { rawFlow } from '../../apps/raw-flow.ts';
import type { Dpid } from '../../core/ids.ts';
import { createManualClock } from '../../core/manual-clock.ts';
import { createSignal } from '../../core/signal.ts';
import type { App } from '../../flows/desired/app.ts';
import { DesiredTables } from '../../flows/desired/tables.ts';
import type { Item } from '../../flows/items.ts';
import { Policies } from '../../policies/policies.ts';
import { memoryStore } from '../../policies/testing/memory-store.ts';
import type { MemoryStore } from '../../policies/testing/memory-store.ts';
import { Network } from '../../topology/network.ts';
import { portOf, switchOf } from '../../topology/testing/facts.ts';
import { dpidOf } from '../../topology/testing/graphs.ts';
import { createPolicyService } from '../policy-service.ts';

/** What a test says a switch does with what is desired of it. */
export type Behaviour = 'confirm' | 'silent' | { readonly refuse: string };

export interface PolicyBedOptions {
  readonly store?: MemoryStore;
  readonly apps?: readonly App[];
  readonly switches?: number;
  readonly maxPolicies?: number;
}

export function policyBed({
  store = memoryStore(),
  apps = [rawFlow],
  switches = 2,
  maxPolicies,
}: PolicyBedOptions = {}) {
  const clock = createManualClock();
  const network = new Network(clock);
  const desired = new DesiredTables(apps);
  const commits = createSignal<void>();
  const behaviours = new Map<Dpid, Behaviour>();
  const held = new Map<Dpid, Map<string, Item>>();
  const refused = new Map<Dpid, { readonly item: Item; readonly reason: string }[]>();

  network.onUpdate((update) => {
    for (const [dpid, keys] of desired.update(update)) for (const key of keys) obey(dpid, key);
    commits.emit();
  });
  for (let index = 0; index < switches; index++)
    network.setSwitch(dpidOf(index), switchOf(dpidOf(index), [portOf(1, 'host'), portOf(2, 'fabric')]));
  network.flush();

  const policies = new Policies({
    store,
    clock,
    publish: (name, policy) => network.setPolicy(name, policy),
    ...(maxPolicies === undefined ? {} : { maxPolicies }),
  });
  const unusable = policies.load();
  network.flush();
  const service = createPolicyService({
    policies,
    network,
    desired,
    outcomes: {
      installed: (dpid) => itemsOf(dpid),
      refused: (dpid) => refused.get(dpid) ?? [],
      onCommit: (listener) => commits.on(listener),
    },
    clock,
  });

  return {
    clock,
    network,
    desired,
    policies,
    service,
    store,
    unusable,
    /** What the switch holds. */
    held: (dpid: Dpid) => itemsOf(dpid),
    /** From now on. Confirming does at once what is still to be done. */
    behave: (dpid: Dpid, behaviour: Behaviour): void => {
      behaviours.set(dpid, behaviour);
      if (behaviour === 'silent') return;
      for (const key of new Set([...itemsOf(dpid).keys(), ...desired.of(dpid).keys()])) obey(dpid, key);
      commits.emit();
    },
    /** The switch's session comes or goes. */
    connect: (dpid: Dpid, connected: boolean): void => {
      network.setSwitch(dpid, { ...network.switch(dpid)!, connected });
      network.flush();
    },
  };

  function itemsOf(dpid: Dpid): Map<string, Item> {
    const items = held.get(dpid) ?? new Map<string, Item>();
    held.set(dpid, items);
    return items;
  }

  function obey(dpid: Dpid, key: string): void {
    const behaviour = behaviours.get(dpid) ?? 'confirm';
    const wish = desired.of(dpid).get(key);
    if (behaviour === 'silent' || network.view.switches.get(dpid)?.connected === false) return;
    if (!wish) itemsOf(dpid).delete(key);
    else if (behaviour === 'confirm') itemsOf(dpid).set(key, wish);
    else refused.set(dpid, [{ item: wish, reason: behaviour.refuse }]);
  }
}

export type PolicyBed = ReturnType<typeof policyBed>;

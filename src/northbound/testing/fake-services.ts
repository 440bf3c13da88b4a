/** A controller without switches: real views, and answers that a test sets. */
import { policyBed } from '../../control/testing/policies.ts';
import type { PolicyBed } from '../../control/testing/policies.ts';
import type { Mac } from '../../core/addresses.ts';
import type { NetworkView, ViewChange } from '../../topology/view.ts';
import type { FlowRecord, PathAnswer, PathQuery, PortCounters, Services } from '../services.ts';
import { SEEN_AT, sampleNetwork } from './network.ts';
import type { Network } from './network.ts';

export interface FakeServices extends Services {
  /** Makes this the next view and tells the listeners what changed, as the topology does. */
  setNetwork(next: Network): NetworkView;
  readonly listeners: number;
  isReady: boolean;
  installed: () => Promise<readonly FlowRecord[]>;
  desired: readonly FlowRecord[];
  counters: () => Promise<readonly PortCounters[]>;
  findPaths: (query: PathQuery) => PathAnswer;
  /** What nameHost was called with. */
  readonly named: (readonly [Mac, string | undefined])[];
  hostIsKnown: boolean;
  /** What the policies are of: real ones, on two switches that confirm everything. */
  readonly bed: PolicyBed;
}

export function createFakeServices(initial: Network = sampleNetwork()): FakeServices {
  const listeners = new Set<(view: NetworkView, change: ViewChange) => void>();
  const bed = policyBed();
  let view: NetworkView = { version: 1, policies: new Map(), ...initial };
  return {
    version: '1.2.3',
    startedAt: Date.now() - 5_000,
    ready() {
      return this.isReady;
    },
    view: () => view,
    onView(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    hostLastSeen: () => SEEN_AT + 1_000,
    installedFlows() {
      return this.installed();
    },
    desiredFlows() {
      return this.desired;
    },
    portCounters() {
      return this.counters();
    },
    paths(query) {
      return this.findPaths(query);
    },
    nameHost(mac, name) {
      this.named.push([mac, name]);
      return this.hostIsKnown;
    },
    setNetwork(next) {
      const before = view;
      view = { policies: before.policies, ...next, version: before.version + 1 };
      const change = {
        switches: changedKeys(before.switches, next.switches),
        links: changedKeys(before.links, next.links),
        hosts: changedKeys(before.hosts, next.hosts),
        policies: changedKeys(before.policies, view.policies),
      };
      for (const listener of listeners) listener(view, change);
      return view;
    },
    get listeners() {
      return listeners.size;
    },
    isReady: true,
    installed: () => Promise.resolve([]),
    desired: [],
    counters: () => Promise.resolve([]),
    findPaths: () => ({ paths: [], reason: undefined, shared: undefined }),
    named: [],
    hostIsKnown: true,
    bed,
    policies: bed.service,
  };
}

function changedKeys<K, V>(before: ReadonlyMap<K, V>, after: ReadonlyMap<K, V>): ReadonlySet<K> {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return new Set([...keys].filter((key) => before.get(key) !== after.get(key)));
}

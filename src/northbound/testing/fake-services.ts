/** A controller without switches: real views, and answers that a test sets. */
import { policyBed } from '../../control/testing/policies.ts';
import type { PolicyBed } from '../../control/testing/policies.ts';
import type { Mac } from '../../core/addresses.ts';
import type { NetworkView, ViewChange } from '../../topology/view.ts';
import { systemClock } from '../../core/clock.ts';
import type { Dpid } from '../../core/ids.ts';
import { createManualClock } from '../../core/manual-clock.ts';
import type { ManualClock } from '../../core/manual-clock.ts';
import { createSignal } from '../../core/signal.ts';
import { Timeline } from '../../timeline/timeline.ts';
import type { PortCounters } from '../../topology/traffic/counters.ts';
import { Traffic } from '../../topology/traffic/traffic.ts';
import type {
  ConversationCounters,
  AuditResult,
  DriftRecord,
  FlowRecord,
  GroupRecord,
  MeterRecord,
  PathAnswer,
  PathQuery,
  ReconcileNews,
  Services,
} from '../services.ts';
import { SEEN_AT, sampleNetwork } from './network.ts';
import type { Network } from './network.ts';

export interface FakeServices extends Services {
  /** Makes this the next view and tells the listeners what changed, as the topology does. */
  setNetwork(next: Network): NetworkView;
  readonly listeners: number;
  isReady: boolean;
  installed: () => Promise<readonly FlowRecord[]>;
  desired: readonly FlowRecord[];
  groups: { installed: () => Promise<readonly GroupRecord[]>; desired: readonly GroupRecord[] };
  meters: { installed: () => Promise<readonly MeterRecord[]>; desired: readonly MeterRecord[] };
  readonly timeline: Timeline;
  /** By dpid. */
  readonly drifts: Map<Dpid, DriftRecord>;
  auditWith: (dpid: Dpid, options: { timeoutMs: number; rules: number }) => Promise<AuditResult>;
  /** Keys in the reconciler's queue, and conflicts. */
  readonly queue: { pending: number; conflicts: number };
  tell: (news: ReconcileNews) => void;
  counters: () => Promise<readonly PortCounters[]>;
  /** Fed by the test; its time stands still. */
  readonly traffic: Traffic;
  readonly clock: ManualClock;
  findPaths: (query: PathQuery) => PathAnswer;
  /** What lookForHost was called with, and what it does then. */
  readonly lookedFor: string[];
  whenLookedFor: () => Promise<void>;
  /** What nameHost was called with. */
  readonly named: (readonly [Mac, string | undefined])[];
  hostIsKnown: boolean;
  /** Names of hosts that are not there. */
  readonly absent: Set<string>;
  /** What the policies are of: real ones, on two switches that confirm everything. */
  readonly bed: PolicyBed;
}

const CONVERSATIONS: ConversationCounters = {
  packets: 20,
  programmed: 8,
  sentOn: 5,
  flooded: 4,
  floodLimited: 2,
  dropped: 1,
  rules: 24,
  refused: 3,
};

export function createFakeServices(initial: Network = sampleNetwork()): FakeServices {
  const listeners = new Set<(view: NetworkView, change: ViewChange) => void>();
  const bed = policyBed();
  const news = createSignal<ReconcileNews>();
  const drifts = new Map<Dpid, DriftRecord>();
  const clock = createManualClock();
  const queue = { pending: 0, conflicts: 0 };
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
    installedGroups() {
      return this.groups.installed();
    },
    desiredGroups() {
      return this.groups.desired;
    },
    installedMeters() {
      return this.meters.installed();
    },
    desiredMeters() {
      return this.meters.desired;
    },
    get reconciling() {
      return {
        drift: (dpid: Dpid) => drifts.get(dpid),
        audit: (dpid: Dpid, options: { timeoutMs: number; rules: number }) => this.auditWith(dpid, options),
        pendingKeys: () => queue.pending,
        conflicts: () => queue.conflicts,
        onNews: (listener: (each: ReconcileNews) => void) => news.on(listener),
      };
    },
    portCounters() {
      return this.counters();
    },
    paths(query) {
      return this.findPaths(query);
    },
    lookForHost(reference) {
      this.lookedFor.push(reference);
      return this.whenLookedFor();
    },
    nameHost(mac, name) {
      this.named.push([mac, name]);
      return this.hostIsKnown;
    },
    takeName(reference) {
      return this.absent.delete(reference);
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
    groups: { installed: () => Promise.resolve([]), desired: [] },
    meters: { installed: () => Promise.resolve([]), desired: [] },
    timeline: new Timeline({ clock: systemClock }),
    drifts,
    auditWith: () => Promise.reject(new Error('no audit is expected')),
    queue,
    tell: (each) => news.emit(each),
    counters: () => Promise.resolve([]),
    traffic: new Traffic(clock),
    conversations: CONVERSATIONS,
    clock,
    findPaths: () => ({ paths: [], reason: undefined, shared: undefined }),
    lookedFor: [],
    whenLookedFor: () => Promise.resolve(),
    named: [],
    hostIsKnown: true,
    absent: new Set(),
    bed,
    policies: bed.service,
  };
}

function changedKeys<K, V>(before: ReadonlyMap<K, V>, after: ReadonlyMap<K, V>): ReadonlySet<K> {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return new Set([...keys].filter((key) => before.get(key) !== after.get(key)));
}

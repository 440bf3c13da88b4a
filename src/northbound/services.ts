/** What the northbound needs of the controller, and all it may touch: it reads views and calls commands, never a socket. */
import type { Mac } from '../core/addresses.ts';
import type { Dpid, LinkId, PortRef } from '../core/ids.ts';
import type { PolicyService } from '../policies/service.ts';
import type { TimelineSource } from '../timeline/timeline.ts';
import type { Metric } from '../topology/paths/metrics.ts';
import type { PortCounters } from '../topology/traffic/counters.ts';
import type { TrafficSource } from '../topology/traffic/traffic.ts';
import type { NetworkView, ViewChange } from '../topology/view.ts';
import type { FlowRecord, GroupRecord, MeterRecord, Reconciling } from './rule-records.ts';

export type * from './rule-records.ts';

export interface PathHop {
  readonly dpid: Dpid;
  /** Undefined at the first hop of a path that starts at a switch. */
  readonly inPort: number | undefined;
  readonly outPort: number | undefined;
}

export interface PathRecord {
  /** In the metric's unit: links, milliseconds, or idle links. */
  readonly cost: number;
  readonly hops: readonly PathHop[];
  /** In the order in which they are crossed. */
  readonly links: readonly LinkId[];
  /** In the path's direction; undefined where a link's was not measured. */
  readonly latencyMs: number | undefined;
  /** Of the narrowest link, bits per second; undefined where no link's is known. */
  readonly freeBps: number | undefined;
}

export interface PathQuery {
  readonly from: PortRef | { readonly dpid: Dpid };
  readonly to: PortRef | { readonly dpid: Dpid };
  /** 1 to 16; a disjoint pair is two, whatever this says. */
  readonly k: number;
  /** Default hops. */
  readonly metric?: Metric | undefined;
  /** A pair that shares no link, or no switch but the ends and those of via, or else as little as can be. */
  readonly disjoint?: 'links' | 'nodes' | undefined;
  /** Switches to pass, in this order. */
  readonly via?: readonly Dpid[] | undefined;
  readonly avoid?: { readonly switches: readonly Dpid[]; readonly links: readonly LinkId[] } | undefined;
  /** Each link must have this much free. */
  readonly minBandwidthBps?: number | undefined;
  readonly maxLatencyMs?: number | undefined;
}

export interface PathAnswer {
  /** Cheapest first. */
  readonly paths: readonly PathRecord[];
  /** Why there are none, or fewer or less disjoint ones than were asked for; a sentence. */
  readonly reason: string | undefined;
  /** What the two paths of a disjoint pair have in common; undefined where none was asked for. */
  readonly shared: { readonly links: readonly LinkId[]; readonly switches: readonly Dpid[] } | undefined;
}

/** Of reactive forwarding, since the start. */
export interface ConversationCounters {
  readonly packets: number;
  readonly programmed: number;
  readonly sentOn: number;
  readonly flooded: number;
  readonly floodLimited: number;
  readonly dropped: number;
  readonly rules: number;
  readonly refused: number;
}

export interface Services {
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** True once the OpenFlow port listens and the first view stands. */
  ready(): boolean;
  view(): NetworkView;
  /** Calls back on every new view with what changed since the one before; returns the way to stop. */
  onView(listener: (view: NetworkView, change: ViewChange) => void): () => void;
  /** Milliseconds since the epoch of the last frame seen from a host. */
  hostLastSeen(mac: Mac): number | undefined;
  /** Asks the switch now. Rejects with an UnavailableError where it is not connected or does not answer in time. */
  installedFlows(dpid: Dpid): Promise<readonly FlowRecord[]>;
  desiredFlows(dpid: Dpid): readonly FlowRecord[];
  /** Asks the switch now, as installedFlows. */
  installedGroups(dpid: Dpid): Promise<readonly GroupRecord[]>;
  desiredGroups(dpid: Dpid): readonly GroupRecord[];
  /** Asks the switch now, as installedFlows; none of a switch that has no meters. */
  installedMeters(dpid: Dpid): Promise<readonly MeterRecord[]>;
  desiredMeters(dpid: Dpid): readonly MeterRecord[];
  readonly reconciling: Reconciling;
  readonly timeline: TimelineSource;
  /** Asks the switch now, as installedFlows. */
  portCounters(dpid: Dpid): Promise<readonly PortCounters[]>;
  readonly traffic: TrafficSource;
  paths(query: PathQuery): PathAnswer;
  /**
   * Has a host looked for by MAC, IP or name that is not in the view: asks at all host ports for the addresses that it has or
   * had last. Resolves when the host is in the view, or has not answered in time, or nothing is known to ask for.
   */
  lookForHost(reference: string): Promise<void>;
  /** Sets or (with undefined) removes a host's name; false where the host is not known. */
  nameHost(mac: Mac, name: string | undefined): boolean;
  /** Takes the name from a host that is not there, by its MAC or name; false where there is none of that name. */
  takeName(reference: string): boolean;
  /** Counted up all the time; undefined in the other modes. */
  readonly conversations: ConversationCounters | undefined;
  readonly policies: PolicyService;
}

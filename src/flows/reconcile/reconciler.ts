/**
 * Makes every switch hold what is desired: one commit or read at a time per switch, always of the latest view, until nothing
 * differs. Installed moves only by what a switch confirmed or told; where its answer is lost, it is read again.
 */
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Dpid } from '../../core/ids.ts';
import type { FullFlowUpdate } from '../../openflow/codec/index.ts';
import type { NetworkView } from '../../topology/view.ts';
import type { DesiredChange } from '../desired/tables.ts';
import type { Item } from '../items.ts';
import { Accounts } from './accounts.ts';
import { buildReport } from './build-report.ts';
import { Cabling } from './cabling.ts';
import { confirm } from './confirm.ts';
import { Drains } from './drains.ts';
import { FLOOD_KEY, FloodGate } from './flood-gate.ts';
import { hear, takeUpdate } from './monitor.ts';
import type { Op } from './op.ts';
import { plan } from './plan.ts';
import type { PlanContext } from './plan.ts';
import type { CommitRecord, ReconcileEvent, ReconcileStats, Refused, SwitchReport } from './report.ts';
import { detached, isRefused, newAudit, newState, nextLookAt } from './state.ts';
import type { SwitchState } from './state.ts';
import { takeIn } from './take-in.ts';
import type { Reading } from './take-in.ts';
import type { ReadBack, Refusal, SwitchTransport } from './transport.ts';
import { Turns } from './turns.ts';
import { Waits } from './waits.ts';

const LOST_ANSWER = 'it did not answer a commit';

export interface ReconcilerOptions {
  readonly desired: (dpid: Dpid) => ReadonlyMap<string, Item>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Once after each attach: the switch has what can be given to it at first, the way up for LLDP among it. */
  readonly onReady: (dpid: Dpid) => void;
  readonly keepLeftovers: () => boolean;
  /** Repairs, refusals and wars, one by one. */
  readonly onEvent?: (event: ReconcileEvent) => void;
  /** Every commit that was answered. */
  readonly onCommit?: (commit: CommitRecord) => void;
}

export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #states = new Map<Dpid, SwitchState>();
  readonly #cabling = new Cabling();
  /** Those that the cabling knows: views share what did not change. */
  #links: NetworkView['links'] | undefined;
  readonly #waits = new Waits();
  readonly #drains: Drains;
  readonly #context: PlanContext;
  readonly #accounts: Accounts;
  readonly #turns: Turns<SwitchState>;

  constructor(options: ReconcilerOptions) {
    const { clock } = options;
    this.#options = options;
    this.#drains = new Drains(clock, ({ dpid, key }) => {
      this.#waits.release(dpid, key);
      this.wake();
    });
    this.#context = {
      states: this.#states,
      desired: options.desired,
      cabling: this.#cabling,
      waits: this.#waits,
      drains: this.#drains,
      floodGate: new FloodGate({
        states: this.#states,
        cabling: this.#cabling,
        clock,
        onDrained: () => this.wake(),
      }),
      keepLeftovers: options.keepLeftovers,
    };
    this.#accounts = new Accounts(options);
    this.#turns = new Turns({ clock, work: (state) => this.#advance(state) });
  }

  /** What a switch holds of ours, as last read, confirmed or told. */
  installed(dpid: Dpid): ReadonlyMap<string, Item> | undefined {
    return this.#states.get(dpid)?.installed;
  }

  /** How a switch stands; one that is not known has nothing to tell. */
  report(dpid: Dpid): SwitchReport {
    return this.#reportOf(this.#states.get(dpid) ?? newState(dpid));
  }

  /** Of all switches that are known. */
  reports(): SwitchReport[] {
    return [...this.#states.values()].map((state) => this.#reportOf(state));
  }

  stats(): ReconcileStats {
    return this.#accounts.stats(this.#states.values(), this.#options.clock.now());
  }

  /** What a switch refused, as it was desired then. */
  refusals(dpid: Dpid): readonly Refused[] {
    return this.#states.get(dpid)?.refused.list(this.#options.desired(dpid)) ?? [];
  }

  /** A switch is connected and was read: from now on it is kept in line. */
  attach(dpid: Dpid, transport: SwitchTransport, readBack: ReadBack): void {
    const state = this.#stateOf(dpid);
    detached(state);
    state.transport = transport;
    state.fresh = true;
    state.refused.clear();
    this.#takeIn(state, readBack, 'attach');
    void this.#watch(state, transport);
    this.wake();
  }

  /** Its session is gone. What it holds is remembered: it goes on with it. */
  detach(dpid: Dpid): void {
    const state = this.#states.get(dpid);
    if (state) detached(state);
    this.wake();
  }

  /** A switch started anew, maybe in another network: where its ports led before says nothing. */
  startedAnew(dpid: Dpid): void {
    this.#cabling.forget(dpid);
    this.#waits.releaseEverything();
  }

  /** The switch is no part of the network any more. */
  forget(dpid: Dpid): void {
    const state = this.#states.get(dpid);
    if (state) {
      detached(state);
      this.#turns.remove(state);
    }
    this.#states.delete(dpid);
    this.#cabling.forget(dpid);
    this.#waits.releaseEverything();
  }

  /** The desired tables changed. */
  changed(view: NetworkView, change: DesiredChange): void {
    if (view.links !== this.#links && this.#cabling.update(view.links.values())) this.#waits.releaseEverything();
    this.#links = view.links;
    for (const [dpid, keys] of change) {
      const state = this.#stateOf(dpid);
      for (const key of keys) {
        state.dirty.add(key);
        state.waiting.delete(key);
        this.#waits.release(dpid, key);
        state.refused.forget(key);
      }
    }
    this.wake();
  }

  /**
   * Reads a switch afresh, after what is under way there, and repairs what differs. Resolves with what was read; with
   * undefined where the switch is not connected or could not be read.
   */
  audit(dpid: Dpid): Promise<ReadBack | undefined> {
    const state = this.#states.get(dpid);
    if (!state?.transport) return Promise.resolve(undefined);
    state.audit ??= newAudit();
    this.#turns.add(state);
    return state.audit.done;
  }

  /** Looks at all switches with something to do, in the next turns of the event loop. */
  wake(): void {
    for (const state of this.#states.values()) {
      if (!state.transport || state.busy) continue;
      if (state.dirty.size > 0 || state.fresh || state.audit || state.doubt !== undefined) this.#turns.add(state);
    }
  }

  #advance(state: SwitchState): void {
    const { transport } = state;
    if (state.busy || !transport) return;
    const resting = state.pace.isResting(this.#options.clock.now());
    if (state.audit || (state.doubt !== undefined && !resting)) {
      void this.#read(state, transport);
      return;
    }
    if (state.doubt !== undefined) {
      this.#setTimer(state);
      return;
    }
    const ops = state.dirty.size > 0 ? this.#plan(state) : [];
    if (ops.length > 0) void this.#commit(state, transport, ops);
    else this.#ready(state);
  }

  /** Where all of it was refused and is not to be tried yet, nothing goes: it must not be sent again and again. */
  #plan(state: SwitchState): Op[] {
    const ops = plan(state, this.#context);
    const isBlocked = ({ type, item }: Op): boolean => isRefused(state, item.key, type === 'delete' ? undefined : item);
    // Single ones are not left out: others may count on going together with them.
    return state.refused.size > 0 && ops.every(isBlocked) ? [] : ops;
  }

  #ready(state: SwitchState): void {
    if (!state.fresh) return;
    state.fresh = false;
    this.#options.onReady(state.dpid);
  }

  async #commit(state: SwitchState, transport: SwitchTransport, ops: readonly Op[]): Promise<void> {
    const { clock } = this.#options;
    state.busy = true;
    state.inFlight = new Map(ops.map((op) => [op.item.key, op]));
    const start = clock.now();
    let refusals: readonly Refusal[];
    try {
      refusals = await transport.commit(ops);
    } catch (error) {
      if (state.transport !== transport) return;
      this.#accounts.unknown++;
      this.#warn(state, error, 'Outcome of a commit is unknown: reading the switch');
      state.pace.lost(clock.now());
      state.doubt = LOST_ANSWER;
      state.busy = false;
      this.wake();
      return;
    }
    if (state.transport !== transport) return;
    const now = clock.now();
    const tookMs = now - start;
    for (const { type, item } of ops) {
      const change = { before: state.installed?.get(item.key), after: type === 'delete' ? undefined : item, tookMs };
      if (item.key === FLOOD_KEY) this.#context.floodGate.confirmed(state.dpid, change);
      else this.#drains.confirmed(state.dpid, change);
    }
    const outcome = confirm(state, { ops, refusals, now, wall: clock.wall() });
    for (const { item } of ops) this.#waits.release(state.dpid, item.key);
    state.pace.recovered();
    state.busy = false;
    if (state.refused.size > 0) this.#setTimer(state);
    const record = { dpid: state.dpid, ops: ops.length, refused: refusals.length, tookMs };
    this.#accounts.committed(record, outcome);
    this.#ready(state);
    this.wake();
  }

  async #read(state: SwitchState, transport: SwitchTransport): Promise<void> {
    const { clock } = this.#options;
    const { audit, doubt } = state;
    state.audit = undefined;
    state.doubt = undefined;
    state.busy = true;
    state.heard = [];
    const readBack = await transport.read().catch((error: unknown) => {
      if (state.transport !== transport) return undefined;
      this.#warn(state, error, 'Switch could not be read');
      state.pace.failed(clock.now());
      return undefined;
    });
    if (state.transport !== transport) {
      audit?.resolve(undefined);
      return;
    }
    if (readBack) {
      this.#takeIn(state, readBack, audit ? 'audit' : 'doubt');
      state.pace.wasRead(clock.now());
      if (audit) state.pace.recovered();
    } else state.doubt ??= doubt;
    const heard = state.heard ?? [];
    state.heard = undefined;
    for (const update of heard) this.#takeUpdate(state, update);
    state.busy = false;
    audit?.resolve(readBack);
    this.wake();
  }

  #takeIn(state: SwitchState, readBack: ReadBack, why: Reading['why']): void {
    const { desired, clock } = this.#options;
    this.#accounts.reads++;
    takeIn(state, readBack, { desired: desired(state.dpid), now: clock.now(), wall: clock.wall(), why });
    this.#waits.releaseAll(state.dpid);
  }

  #warn(state: SwitchState, error: unknown, message: string): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.logger.warn({ dpid: state.dpid, reason }, message);
  }

  /** Hears what the switch tells of changes by others. */
  async #watch(state: SwitchState, transport: SwitchTransport): Promise<void> {
    const monitored = await transport.watch({
      changed: (update) => {
        if (state.transport !== transport) return;
        if (state.heard) hear(state, update);
        else this.#takeUpdate(state, update);
        this.#turns.add(state);
      },
      missed: (why) => {
        if (state.transport !== transport) return;
        state.doubt ??= why;
        this.#turns.add(state);
      },
    });
    if (state.transport === transport) state.monitored = monitored;
  }

  #takeUpdate(state: SwitchState, update: FullFlowUpdate): void {
    const { desired, clock } = this.#options;
    const moved = takeUpdate(state, update, desired(state.dpid), clock.now());
    if (moved !== undefined) this.#waits.release(state.dpid, moved);
  }

  /** Wakes the switch when its rest is over, or when something refused may be tried again. */
  #setTimer(state: SwitchState): void {
    const { clock } = this.#options;
    const now = clock.now();
    const at = nextLookAt(state);
    state.cancelTimer?.();
    state.cancelTimer = undefined;
    if (at === undefined) return;
    // A timer may come a fraction of a millisecond early.
    state.cancelTimer = clock.after(Math.max(0, Math.ceil(at - now)) + 1, () => {
      for (const key of state.refused.due(clock.now())) state.dirty.add(key);
      this.#setTimer(state);
      this.#turns.add(state);
    });
  }

  #reportOf(state: SwitchState): SwitchReport {
    return buildReport(state, this.#options.desired(state.dpid), this.#options.clock.now());
  }

  #stateOf(dpid: Dpid): SwitchState {
    let state = this.#states.get(dpid);
    if (!state) this.#states.set(dpid, (state = newState(dpid)));
    return state;
  }
}

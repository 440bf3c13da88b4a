/**
 * Makes every switch hold what is desired: one commit at a time per switch, always of the latest view, until nothing
 * differs. Installed moves only when a switch has confirmed; where its answer is lost, it is read again.
 */
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Dpid } from '../../core/ids.ts';
import type { NetworkView } from '../../topology/view.ts';
import type { DesiredChange } from '../desired/tables.ts';
import type { Item } from '../items.ts';
import { sameItem } from '../items.ts';
import { Cabling } from './cabling.ts';
import { DRAIN_MS, FLOOD_KEY, FloodGate, floodPortsOf } from './flood-gate.ts';
import type { Op } from './op.ts';
import { plan } from './plan.ts';
import type { PlanContext } from './plan.ts';
import { Installed } from './installed.ts';
import { keysSentTo } from './senders.ts';
import { newState } from './state.ts';
import type { SwitchState } from './state.ts';
import type { ReadBack, SwitchTransport } from './transport.ts';
import { Waits } from './waits.ts';

/** After a failed read or an unknown outcome: long enough for a busy switch, short enough for a person who waits. */
const RETRY_MS = 1_000;

export interface ReconcilerOptions {
  readonly desired: (dpid: Dpid) => ReadonlyMap<string, Item>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Once after each attach: the switch has what can be given to it at first, the way up for LLDP among it. */
  readonly onReady: (dpid: Dpid) => void;
  readonly keepLeftovers: () => boolean;
  /** Every commit that was answered. */
  readonly onCommit?: (commit: { readonly dpid: Dpid }) => void;
}

export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #states = new Map<Dpid, SwitchState>();
  readonly #cabling = new Cabling();
  readonly #waits = new Waits();
  readonly #context: PlanContext;
  #turnQueued = false;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#context = {
      states: this.#states,
      desired: options.desired,
      cabling: this.#cabling,
      waits: this.#waits,
      floodGate: new FloodGate(this.#states, this.#cabling, options.clock),
      keepLeftovers: options.keepLeftovers,
    };
  }

  /** Flow-mods and group-mods confirmed since the start. */
  confirmed = 0;

  /** What a switch holds of ours, as last read or confirmed. */
  installed(dpid: Dpid): ReadonlyMap<string, Item> | undefined {
    return this.#states.get(dpid)?.installed;
  }

  /** What a switch refused, as it was desired then. */
  refusals(dpid: Dpid): readonly { readonly item: Item; readonly reason: string }[] {
    return [...(this.#states.get(dpid)?.refused.values() ?? [])];
  }

  /** A switch is connected and was read: from now on it is kept in line. */
  attach(dpid: Dpid, transport: SwitchTransport, readBack: ReadBack): void {
    const state = this.#stateOf(dpid);
    state.transport = transport;
    state.busy = false;
    state.fresh = true;
    state.refused.clear();
    this.#takeIn(state, readBack);
    this.wake();
  }

  /** Its session is gone. What it holds is remembered: it goes on with it. */
  detach(dpid: Dpid): void {
    const state = this.#states.get(dpid);
    if (state) state.transport = undefined;
    this.wake();
  }

  /** A switch started anew, maybe in another network: where its ports led before says nothing. */
  startedAnew(dpid: Dpid): void {
    this.#cabling.forget(dpid);
    this.#waits.releaseEverything();
  }

  /** The switch is no part of the network any more. */
  forget(dpid: Dpid): void {
    this.#states.delete(dpid);
    this.#cabling.forget(dpid);
    this.#waits.releaseEverything();
  }

  /** The desired tables changed. */
  changed(view: NetworkView, change: DesiredChange): void {
    const recabled = this.#cabling.update(view.links.values());
    if (recabled.size > 0) this.#waits.releaseEverything();
    for (const dpid of recabled) this.#noteSenders(this.#stateOf(dpid));
    for (const [dpid, keys] of change) {
      const state = this.#stateOf(dpid);
      for (const key of keys) {
        state.dirty.add(key);
        state.waiting.delete(key);
        this.#waits.release(dpid, key);
      }
    }
    this.wake();
  }

  /** Reads the switch again and repairs what differs; resolves with what was read, undefined where it could not be. */
  async audit(dpid: Dpid): Promise<ReadBack | undefined> {
    const state = this.#states.get(dpid);
    if (!state?.transport || state.busy) return undefined;
    return this.#reread(state, state.transport);
  }

  /** Looks at all switches with differences in the next turn of the event loop. */
  wake(): void {
    if (this.#turnQueued) return;
    this.#turnQueued = true;
    setImmediate(() => {
      this.#turnQueued = false;
      for (const state of this.#states.values()) this.#advance(state);
    });
  }

  #advance(state: SwitchState): void {
    if (state.busy || !state.transport) return;
    const ops = state.dirty.size > 0 ? plan(state, this.#context) : [];
    if (ops.length > 0) void this.#commit(state, state.transport, ops);
    else this.#ready(state);
  }

  #ready(state: SwitchState): void {
    if (!state.fresh) return;
    state.fresh = false;
    this.#options.onReady(state.dpid);
  }

  async #commit(state: SwitchState, transport: SwitchTransport, ops: readonly Op[]): Promise<void> {
    const { logger } = this.#options;
    state.busy = true;
    state.inFlight = new Map(ops.map((op) => [op.item.key, op]));
    try {
      const refusals = await transport.commit(ops);
      if (state.transport !== transport) return;
      for (const { op, reason } of refusals) {
        state.refused.set(op.item.key, { item: op.item, reason });
        logger.error({ dpid: state.dpid, rule: op.item.key, owner: op.item.owner, reason }, 'Switch refused a rule');
      }
      this.#confirm(state, ops, new Set(refusals.map(({ op }) => op)));
      state.busy = false;
      this.#ready(state);
    } catch (error) {
      if (state.transport !== transport) return;
      const reason = error instanceof Error ? error.message : String(error);
      logger.warn({ dpid: state.dpid, reason }, 'Outcome of a commit is unknown: reading the switch');
      await this.#reread(state, transport);
    }
    this.wake();
  }

  #confirm(state: SwitchState, ops: readonly Op[], refused: ReadonlySet<Op>): void {
    for (const op of ops) {
      if (refused.has(op)) continue;
      this.confirmed++;
      if (op.item.key === FLOOD_KEY) this.#drain(state, op);
      if (op.type === 'delete') state.installed?.delete(op.item.key);
      else state.installed?.set(op.item.key, op.item);
      if (state.refused.size > 0) state.refused.delete(op.item.key);
    }
    state.inFlight = new Map();
    for (const { item } of ops) this.#waits.release(state.dpid, item.key);
    this.#options.onCommit?.({ dpid: state.dpid });
  }

  /** The ports that leave the flood tree count as part of it a little longer. */
  #drain(state: SwitchState, { type, item }: Op): void {
    const now = new Set(type === 'delete' ? [] : floodPortsOf(item));
    const left = floodPortsOf(state.installed?.get(FLOOD_KEY)).filter((port) => !now.has(port));
    if (left.length === 0) return;
    for (const port of left) this.#context.floodGate.drain({ dpid: state.dpid, port });
    this.#options.clock.after(DRAIN_MS + 1, () => this.wake());
  }

  async #reread(state: SwitchState, transport: SwitchTransport): Promise<ReadBack | undefined> {
    state.busy = true;
    try {
      const readBack = await transport.read();
      if (state.transport !== transport) return undefined;
      this.#takeIn(state, readBack);
      state.busy = false;
      this.wake();
      return readBack;
    } catch (error) {
      if (state.transport !== transport) return undefined;
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.logger.warn({ dpid: state.dpid, reason }, 'Switch could not be read');
      this.#options.clock.after(RETRY_MS, () => {
        if (state.transport === transport) void this.#reread(state, transport);
      });
      return undefined;
    }
  }

  #takeIn(state: SwitchState, { items }: ReadBack): void {
    const desired = this.#options.desired(state.dpid);
    state.inFlight = new Map();
    state.dirty.clear();
    state.waiting.clear();
    this.#waits.releaseAll(state.dpid);
    for (const [key, item] of items) {
      const wish = desired.get(key);
      // Where they are the same the desired one is kept: it knows its owner and what must come after it.
      if (wish && sameItem(item, wish)) items.set(key, wish);
      else state.dirty.add(key);
    }
    for (const key of desired.keys()) if (!items.has(key)) state.dirty.add(key);
    state.installed = new Installed(items);
    this.#noteSenders(state);
  }

  /** What neighbours send to a switch by rules that it has no like of is looked at. */
  #noteSenders(state: SwitchState): void {
    for (const key of keysSentTo(state.dpid, this.#context)) if (!state.installed?.has(key)) state.dirty.add(key);
  }

  #stateOf(dpid: Dpid): SwitchState {
    let state = this.#states.get(dpid);
    if (!state) this.#states.set(dpid, (state = newState(dpid)));
    return state;
  }
}

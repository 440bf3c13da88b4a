/**
 * What flows over ports and links now, beside the network view: rates change all the time, and nothing of them may make
 * tables be computed anew. Told by whoever polls the switches; knows no switch itself.
 */
import type { Clock } from '../../core/clock.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import { createSignal } from '../../core/signal.ts';
import type { PortCounters } from './counters.ts';
import { nextHistory, ratesOf } from './port-history.ts';
import type { PortHistory, PortRates } from './port-history.ts';

/** Bits per second in each direction; undefined where neither end tells. */
export interface LinkRates {
  readonly aToBBps: number | undefined;
  readonly bToABps: number | undefined;
}

export interface LinkEnds {
  readonly a: PortRef;
  readonly b: PortRef;
}

/** What the polls came to since the start. */
export interface Polls {
  readonly answered: number;
  /** Refused, or not answered in time. */
  readonly failed: number;
  /** Put off, since the switch had much to read already. */
  readonly deferred: number;
}

/** What may be asked of it. */
export interface TrafficSource {
  readonly polls: Polls;
  /** Undefined before two answers, and where no answer came for a while. */
  portRates(at: PortRef): PortRates | undefined;
  linkRates(link: LinkEnds): LinkRates;
  /** What leaves a link's end, bits per second. */
  rateOut(link: LinkEnds, out: PortRef): number | undefined;
  /** What the switch counted last; none where that is a while ago. */
  counters(dpid: Dpid): readonly PortCounters[];
  /** Calls back once all switches had their turn, at most once a second; returns the way to stop. */
  onRound(listener: () => void): () => void;
}

export interface PortAnswer {
  readonly dpid: Dpid;
  readonly ports: readonly PortCounters[];
  /** Until the next answer is due. */
  readonly intervalMs: number;
}

interface SwitchTraffic {
  /** Of the last answer, by the monotonic clock. */
  readonly at: number;
  /** After that its ports have no rate. */
  readonly staleAt: number;
  readonly ports: ReadonlyMap<number, PortHistory>;
}

/** A switch is silent for so many intervals: what flowed then says nothing of now. */
const STALE_INTERVALS = 3;
const NO_ANSWER: SwitchTraffic = { at: 0, staleAt: 0, ports: new Map() };

export class Traffic implements TrafficSource {
  readonly polls = { answered: 0, failed: 0, deferred: 0 };
  readonly #clock: Clock;
  readonly #switches = new Map<Dpid, SwitchTraffic>();
  readonly #rounds = createSignal<void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes an answer in that came just now. Ports that it does not name are gone. */
  answered({ dpid, ports, intervalMs }: PortAnswer): void {
    const at = this.#clock.now();
    const before = this.#fresh(dpid) ?? NO_ANSWER;
    const next = new Map<number, PortHistory>();
    for (const counters of ports) {
      next.set(counters.port, nextHistory(before.ports.get(counters.port), counters, at - before.at));
    }
    this.#switches.set(dpid, { at, staleAt: at + intervalMs * STALE_INTERVALS, ports: next });
    this.polls.answered++;
  }

  /** Forgets what a switch counted: it is gone, or has a new session and may count from the beginning. */
  forget(dpid: Dpid): void {
    this.#switches.delete(dpid);
  }

  roundEnded(): void {
    this.#rounds.emit();
  }

  onRound(listener: () => void): () => void {
    return this.#rounds.on(listener);
  }

  portRates({ dpid, port }: PortRef): PortRates | undefined {
    const history = this.#fresh(dpid)?.ports.get(port);
    return history && ratesOf(history);
  }

  linkRates(link: LinkEnds): LinkRates {
    return { aToBBps: this.rateOut(link, link.a), bToABps: this.rateOut(link, link.b) };
  }

  rateOut({ a, b }: LinkEnds, out: PortRef): number | undefined {
    const far = out.dpid === a.dpid && out.port === a.port ? b : a;
    return this.portRates(out)?.txBps ?? this.portRates(far)?.rxBps;
  }

  counters(dpid: Dpid): readonly PortCounters[] {
    return Array.from(this.#fresh(dpid)?.ports.values() ?? [], ({ last }) => last);
  }

  #fresh(dpid: Dpid): SwitchTraffic | undefined {
    const known = this.#switches.get(dpid);
    return known && this.#clock.now() < known.staleAt ? known : undefined;
  }
}

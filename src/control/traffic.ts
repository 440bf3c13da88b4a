/**
 * Polls the port counters of every connected switch, at a rate that neither switches nor the controller feel: one question per
 * switch and interval, spread over the interval, few at once, fewer where a switch is slow.
 */
import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import type { Dpid } from '../core/ids.ts';
import { OFPP } from '../openflow/codec/index.ts';
import type { PortStats } from '../openflow/codec/index.ts';
import type { DatapathSession } from '../openflow/session/datapath.ts';
import type { Network } from '../topology/network.ts';
import type { PortCounters } from '../topology/traffic/counters.ts';
import type { Traffic } from '../topology/traffic/traffic.ts';

type Session = Pick<DatapathSession, 'multipart' | 'queuedBytes'>;

export interface TrafficPollingOptions {
  readonly network: Pick<Network, 'onUpdate'>;
  readonly traffic: Traffic;
  readonly sessionOf: (dpid: Dpid) => Session | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Between two questions to one switch; 0 asks none. */
  readonly intervalMs: number;
}

/** Questions open at once, over all switches: enough for thousands of switches that answer in milliseconds. */
export const MAX_ASKED = 16;
/** More than this waits for a switch to read: it has flows to take in first. */
export const CONGESTED_BYTES = 64 * 1024;
/** A switch that needs longer to count has more urgent things to do. */
export const POLL_TIMEOUT_MS = 5_000;
/** One that is slow is asked less often, down to every eighth time: often enough to see that it has recovered. */
const MAX_SLOWDOWN = 8;
/** An answer that takes longer than this part of the interval is slow; one that takes half of that is quick. */
const SLOW_PART = 0.5;
/** Of one answer: 112 bytes for each of the 65,280 ports a datapath can have (section 7.3.5.6). */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
/** Multiples of it, less their whole part, lie evenly in the interval, however many there are. */
const GOLDEN_RATIO = 0.618_033_988_749_895;
/** Whoever listens is told at most this often. */
const MIN_ROUND_MS = 1_000;

interface Polled {
  readonly dpid: Dpid;
  session: Session | undefined;
  dueAt: number;
  /** The interval is this many times as long: 1, 2, 4 or 8. */
  slowdown: number;
  cancel: () => void;
}

/** Returns the way to stop. */
export function pollTraffic(options: TrafficPollingOptions): () => void {
  const { network, traffic, sessionOf, clock, logger, intervalMs } = options;
  if (intervalMs === 0) return () => {};
  const polled = new Map<Dpid, Polled>();
  /** Those that are due while enough are asked, in order. */
  const waiting: Polled[] = [];
  let asked = 0;
  let begun = 0;
  let stopped = false;
  let cancelRound = clock.after(roundMs(), round);

  const stopListening = network.onUpdate(({ view, change }) => {
    for (const dpid of change.switches) {
      const known = view.switches.get(dpid);
      if (!known) traffic.forget(dpid);
      else if (known.connected && !polled.has(dpid)) begin(dpid);
    }
  });

  return () => {
    stopped = true;
    stopListening();
    cancelRound();
    for (const each of polled.values()) each.cancel();
  };

  function roundMs(): number {
    return Math.max(intervalMs, MIN_ROUND_MS);
  }

  function round(): void {
    cancelRound = clock.after(roundMs(), round);
    traffic.roundEnded();
  }

  function begin(dpid: Dpid): void {
    const phase = (begun++ * GOLDEN_RATIO) % 1;
    const each: Polled = { dpid, session: undefined, dueAt: clock.now(), slowdown: 1, cancel: () => {} };
    polled.set(dpid, each);
    schedule(each, phase * intervalMs);
  }

  /** Counts from when it was due, not from when it was asked: so that those that were spread stay so. */
  function schedule(each: Polled, ms: number): void {
    const now = clock.now();
    each.dueAt = Math.max(each.dueAt + ms, now + ms / 2);
    each.cancel = clock.after(each.dueAt - now, () => due(each));
  }

  function due(each: Polled): void {
    if (asked >= MAX_ASKED) waiting.push(each);
    else ask(each);
  }

  function ask(each: Polled): void {
    const session = sessionOf(each.dpid);
    if (!session) {
      // It begins again when the view has it connected.
      polled.delete(each.dpid);
      return;
    }
    if (session !== each.session) {
      traffic.forget(each.dpid);
      each.session = session;
      each.slowdown = 1;
    }
    if (session.queuedBytes > CONGESTED_BYTES) {
      traffic.polls.deferred++;
      slower(each);
      schedule(each, intervalMs * each.slowdown);
      return;
    }
    asked++;
    void poll(each, session).finally(() => {
      asked--;
      if (stopped) return;
      schedule(each, intervalMs * each.slowdown);
      // Some of those that wait may turn out to have gone, or to be put off.
      while (waiting.length > 0 && asked < MAX_ASKED) ask(waiting.shift()!);
    });
  }

  async function poll(each: Polled, session: Session): Promise<void> {
    const { dpid } = each;
    const askedAt = clock.now();
    try {
      const limits = { timeoutMs: POLL_TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES };
      const stats = await session.multipart('portStats', { portNo: OFPP.ANY }, limits);
      const part = (clock.now() - askedAt) / intervalMs;
      if (part > SLOW_PART) slower(each);
      else if (part <= SLOW_PART / 2) each.slowdown = Math.max(1, each.slowdown / 2);
      // A session that is gone by now may have a successor, whose counters begin anew.
      if (stopped || sessionOf(dpid) !== session) return;
      traffic.answered({ dpid, ports: stats.map(toCounters), intervalMs: intervalMs * each.slowdown });
    } catch (error) {
      slower(each);
      traffic.polls.failed++;
      logger.debug({ dpid, error }, 'Port counters could not be read');
    }
  }
}

function slower(each: Polled): void {
  each.slowdown = Math.min(MAX_SLOWDOWN, each.slowdown * 2);
}

/** A switch that does not know how long a port has been there says all ones (section 7.3.5.6), or nothing but zeros. */
const UNKNOWN_DURATION = 0xffff_ffff;

/** OpenFlow's statistics of a port in the words of the topology. */
export function toCounters({ portNo, durationSec, durationNsec, ...counted }: PortStats): PortCounters {
  const { rxPackets, txPackets, rxBytes, txBytes, rxDropped, txDropped } = counted;
  const livedMs = durationSec === UNKNOWN_DURATION ? 0 : durationSec * 1e3 + durationNsec / 1e6;
  const counters = { rxPackets, txPackets, rxBytes, txBytes, rxDropped, txDropped };
  return { port: portNo, ...counters, livedMs: livedMs === 0 ? undefined : livedMs };
}

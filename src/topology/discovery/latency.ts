/**
 * How long frames travel on links. A probe goes from us to one switch, over the link, and from the other switch to us: both
 * ways together, less the round trips to both switches, leave twice the link's own latency, however lopsided the channels.
 */
import type { Clock } from '../../core/clock.ts';
import type { Network } from '../network.ts';
import type { Link } from '../view.ts';
import type { ProbedPorts } from './probed-port.ts';
import type { Witnesses } from './witnesses.ts';

/** A channel's round trip is measured this often. */
export const ROUND_TRIP_EVERY_MS = 1_000;
/** Probes each way before a first figure: one alone may have met a hold-up. */
const MIN_SAMPLES = 4;
/** A change is told where it is more than both of these … */
const MIN_CHANGE_MS = 0.5;
const MIN_CHANGE_SHARE = 0.2;
/** … and no sooner after the last one of the same link: views must not be made of noise. */
const MIN_PUBLISH_INTERVAL_MS = 5_000;
/** Digits that mean anything: a hundredth of a millisecond. */
const STEPS_PER_MS = 100;
const LOOK_EVERY_MS = 1_000;

export interface LatencyOptions {
  readonly network: Network;
  readonly ports: ProbedPorts;
  readonly witnesses: Witnesses;
  readonly clock: Clock;
}

/** Puts `latencyMs` into the links. Returns the way to stop. */
export function watchLatency({ network, ports, witnesses, clock }: LatencyOptions): () => void {
  const publishedAt = new Map<string, number>();
  let cancel = clock.after(LOOK_EVERY_MS, look);
  return () => cancel();

  function look(): void {
    const now = clock.now();
    for (const id of publishedAt.keys()) if (!network.link(id)) publishedAt.delete(id);
    for (const [, link] of network.links()) {
      if (!link.bidirectional || now - (publishedAt.get(link.id) ?? -Infinity) < MIN_PUBLISH_INTERVAL_MS) continue;
      const latencyMs = measure(link, now);
      if (latencyMs === undefined || !matters(link.latencyMs, latencyMs)) continue;
      publishedAt.set(link.id, now);
      network.setLink(link.id, { ...link, latencyMs });
    }
    cancel = clock.after(LOOK_EVERY_MS, look);
  }

  function measure({ a, b }: Link, now: number): number | undefined {
    const there = ports.get(a)?.travelMs;
    const back = ports.get(b)?.travelMs;
    if (!there || !back || there.samples < MIN_SAMPLES || back.samples < MIN_SAMPLES) return undefined;
    const [thereMs, backMs] = [there.value(now), back.value(now)];
    const [aMs, bMs] = [witnesses.roundTripMs(a.dpid), witnesses.roundTripMs(b.dpid)];
    if (thereMs === undefined || backMs === undefined || aMs === undefined || bMs === undefined) return undefined;
    const latencyMs = Math.max((thereMs + backMs - aMs - bMs) / 2, 0);
    return Math.round(latencyMs * STEPS_PER_MS) / STEPS_PER_MS;
  }
}

function matters(known: number | undefined, measured: number): boolean {
  if (known === undefined) return true;
  const change = Math.abs(measured - known);
  return change > MIN_CHANGE_MS && change > known * MIN_CHANGE_SHARE;
}

/** How links share traffic: by their speed, as small whole numbers. */
import { portKey } from '../../core/ids.ts';
import type { Dpid } from '../../core/ids.ts';
import type { Link, Switch } from '../../topology/view.ts';
import type { Weights } from './next-hops.ts';

/** A link that is this many times faster than the slowest, or more, gets no more than this share. */
const MAX_WEIGHT = 8;

const ALIKE: Weights = new Map();

/** Shares of the links, those of 1 left out. Where some link's speed is not known all are alike, since a guess would be no better. */
export function linkWeights(links: readonly Link[], switchOf: (dpid: Dpid) => Switch | undefined): Weights {
  // A link is as fast as the slower of its ends.
  const speeds = links.map(({ a, b }) =>
    Math.min(...[a, b].map(({ dpid, port }) => switchOf(dpid)?.ports.get(port)?.speedBps ?? 0)),
  );
  const slowest = speeds.reduce((least, speed) => Math.min(least, speed), Infinity);
  if (slowest === 0) return ALIKE;
  const weights = new Map<string, number>();
  for (const [index, { a, b }] of links.entries()) {
    const weight = Math.min(MAX_WEIGHT, Math.round(speeds[index]! / slowest));
    if (weight > 1) for (const end of [a, b]) weights.set(portKey(end), weight);
  }
  return weights;
}

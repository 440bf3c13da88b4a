/** How links share traffic: by their speed, as small whole numbers. */
import { portKey } from '../../core/ids.ts';
import type { Graph } from '../../topology/paths/graph.ts';
import type { Link, Switch } from '../../topology/view.ts';

/** A link that is this many times faster than the slowest, or more, gets no more than this share. */
const MAX_WEIGHT = 8;

/**
 * The weight of every arc. Where some link's speed is not known all are alike, since a guess would be no better.
 *
 * @param speeds bits per second by portKey of either end, 0 where not known
 */
export function arcWeights(graph: Graph, speeds: ReadonlyMap<string, number>): Uint8Array {
  const weights = new Uint8Array(graph.arcTo.length).fill(1);
  const known = [...speeds.values()];
  const slowest = known.reduce((least, speed) => Math.min(least, speed), Infinity);
  if (known.length === 0 || slowest === 0) return weights;
  for (const [node, dpid] of graph.dpids.entries()) {
    for (let arc = graph.rowStart[node]!; arc < graph.rowStart[node + 1]!; arc++) {
      const speed = speeds.get(portKey({ dpid, port: graph.arcPort[arc]! })) ?? slowest;
      weights[arc] = Math.min(MAX_WEIGHT, Math.max(1, Math.round(speed / slowest)));
    }
  }
  return weights;
}

/** A link is as fast as the slower of its ends. */
export function linkSpeeds(
  links: readonly Link[],
  switchOf: (dpid: string) => Switch | undefined,
): ReadonlyMap<string, number> {
  const speeds = new Map<string, number>();
  for (const { a, b } of links) {
    const speed = Math.min(...[a, b].map(({ dpid, port }) => switchOf(dpid)?.ports.get(port)?.speedBps ?? 0));
    for (const end of [a, b]) speeds.set(portKey(end), speed);
  }
  return speeds;
}

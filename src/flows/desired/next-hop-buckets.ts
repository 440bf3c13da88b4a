/** The buckets of a group that leads on, all with liveness: a switch passes over a bucket whose port is down (section 6.5). */
import type { Dpid, PortRef } from '../../core/ids.ts';
import { OFPG } from '../../openflow/codec/index.ts';
import type { Bucket } from '../../openflow/codec/index.ts';
import type { NextHop, NextHops } from './next-hops.ts';
import { spread } from './spread.ts';

interface Buckets {
  readonly buckets: readonly Bucket[];
  readonly after: readonly PortRef[];
}

const known = new WeakMap<NextHops, Buckets>();

export function nextHopBuckets(ways: NextHops): Buckets {
  let made = known.get(ways);
  if (!made) known.set(ways, (made = make(ways)));
  return made;
}

function make(ways: NextHops): Buckets {
  const ordered = [...ways.equal, ...ways.alternates];
  // Weights count in select groups only; elsewhere they are 0 (section A.3.4.2).
  const buckets = ways.equal.length > 1 ? select(ways) : ordered.map(({ port }) => bucketTo(port, 0));
  return { buckets, after: ordered.map(({ arrives }) => arrives) };
}

function select({ equal, tier, offset }: NextHops): Bucket[] {
  const hops = apart(equal);
  const turns = spread(
    hops.map(({ weight }) => weight),
    { tier, offset },
  );
  const made = new Map<string, Bucket>();
  return turns.map(({ hop, weight }) => {
    const name = `${hop}:${weight}`;
    const bucket = made.get(name) ?? bucketTo(hops[hop]!.port, weight);
    made.set(name, bucket);
    return bucket;
  });
}

/** Links to one neighbour stand apart: they may go down together, and what is down is made up for by what comes after it. */
function apart(hops: readonly NextHop[]): NextHop[] {
  const seen = new Map<Dpid, number>();
  const ranked = hops.map((hop) => {
    const rank = seen.get(hop.arrives.dpid) ?? 0;
    seen.set(hop.arrives.dpid, rank + 1);
    return { hop, rank };
  });
  return ranked.sort((x, y) => x.rank - y.rank).map(({ hop }) => hop);
}

function bucketTo(port: number, weight: number): Bucket {
  return { weight, watchPort: port, watchGroup: OFPG.ANY, actions: [{ type: 'output', port, maxLen: 0 }] };
}

/**
 * The buckets of a group that leads on, all with liveness: a switch passes over a bucket whose port is down (section 6.5).
 *
 * Open vSwitch gives equal buckets their turn by the low bits of a hash of the frame's addresses and ports, the same hash on every
 * switch. Were it always the lowest bits, all that arrives at a switch because of them would leave it by the same bucket. So a
 * switch at another distance looks at other bits of the lowest four: it has each next hop several times in a row.
 */
import type { PortRef } from '../../core/ids.ts';
import { OFPG } from '../../openflow/codec/index.ts';
import type { Bucket } from '../../openflow/codec/index.ts';
import { TIERS } from './next-hops.ts';
import type { NextHop, NextHops } from './next-hops.ts';

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

function make({ equal, alternates, tier }: NextHops): Buckets {
  const ordered = [...equal, ...alternates];
  const buckets = equal.length > 1 ? spread(equal, tier) : ordered.map((hop) => bucketTo(hop, 0));
  return { buckets, after: ordered.map(({ arrives }) => arrives) };
}

/** Each next hop 1, 2, 4 … times in a row, by the distance: as often as fits. */
function spread(equal: readonly NextHop[], tier: number): Bucket[] {
  const bits = Math.ceil(Math.log2(equal.length));
  const times = 2 ** (bits * (tier % Math.max(1, Math.floor(TIERS / bits))));
  return equal.flatMap((hop) => {
    const bucket = bucketTo(hop, hop.weight);
    return Array.from({ length: times }, () => bucket);
  });
}

/** Weights count in select groups only; elsewhere they are 0 (section A.3.4.2). */
function bucketTo({ port }: NextHop, weight: number): Bucket {
  return { weight, watchPort: port, watchGroup: OFPG.ANY, actions: [{ type: 'output', port, maxLen: 0 }] };
}

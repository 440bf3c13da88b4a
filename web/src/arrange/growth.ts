/**
 * Tells when a network has grown so much that its picture should be arranged anew, and when new things should just find
 * a place beside their neighbours. A network that is coming up (switches first, then links, then hosts) is arranged on
 * every step until it has been quiet for a while; after that it takes a fair share of news to move what people know.
 */
import { slotCount } from './fabric.ts';
import type { Fabric } from './fabric.ts';

/** Above this share of news, the old places mean little. */
export const REARRANGE_SHARE = 0.2;
/** Above this share it is another network, and places kept by hand go too. */
export const OTHER_NETWORK_SHARE = 0.5;
/** Growth is over after this long without news. */
const QUIET_MS = 3000;

/** What the last settled arrangement knew. */
export interface Baseline {
  readonly switches: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
  /** Levels by dpid; a switch not in it is taken as it is. */
  readonly levels: ReadonlyMap<string, number>;
  /** Places for hosts by dpid, as levels. */
  readonly places: ReadonlyMap<string, number>;
}

export interface Growth {
  /** The decision for the network as it is now. */
  observe(fabric: Fabric, levels: Int32Array, links: Iterable<string>): 'keep' | 'rearrange' | 'start-over';
}

export interface GrowthOptions {
  readonly baseline?: Baseline | undefined;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

export function createGrowth({ baseline: first, now }: GrowthOptions): Growth {
  let baseline = first;
  let growing: { latest: Baseline; lastNewsAt: number } | undefined;
  return {
    observe(fabric, levels, links) {
      const current: Baseline = {
        switches: new Set(fabric.dpids),
        links: new Set(links),
        levels: new Map(fabric.dpids.map((dpid, index) => [dpid, levels[index] ?? 0])),
        places: new Map(fabric.dpids.map((dpid, index) => [dpid, slotCount(fabric.slots[index] ?? [])])),
      };
      const at = now();
      if (growing !== undefined && at - growing.lastNewsAt > QUIET_MS) {
        baseline = growing.latest;
        growing = undefined;
      }
      if (fabric.dpids.length === 0) return 'keep';
      if (baseline === undefined) {
        baseline = current;
        return 'start-over';
      }
      const share = newsShare(baseline, current);
      if (share.all <= REARRANGE_SHARE) return 'keep';
      if (growing !== undefined && newsShare(growing.latest, current).all === 0) return 'keep';
      growing = { latest: current, lastNewsAt: at };
      return share.fabric > OTHER_NETWORK_SHARE ? 'start-over' : 'rearrange';
    },
  };
}

/**
 * What is new, has come nearer to a host or needs room for more hosts, as a share of all switches and links; `fabric`
 * counts new switches and links alone. What went away is no news.
 */
function newsShare(known: Baseline, current: Baseline): { readonly all: number; readonly fabric: number } {
  let fabric = 0;
  let shape = 0;
  for (const dpid of current.switches) {
    const [level, places] = [known.levels.get(dpid), known.places.get(dpid)];
    const nearer = level !== undefined && (current.levels.get(dpid) ?? 0) < level;
    const wider = places !== undefined && (current.places.get(dpid) ?? 0) > places;
    if (!known.switches.has(dpid)) fabric += 1;
    else if (nearer || wider) shape += 1;
  }
  for (const link of current.links) if (!known.links.has(link)) fabric += 1;
  const total = Math.max(1, current.switches.size + current.links.size);
  return { all: (fabric + shape) / total, fabric: fabric / total };
}

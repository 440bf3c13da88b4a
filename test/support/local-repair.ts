/**
 * What docs/decisions/006 promises when links fail and nobody tells the switches: written from the text, not from the code, and
 * for graphs so small that it may be slow.
 */
import type { Edge } from './small-graphs.ts';

export type Fate = 'delivered' | 'lost' | 'either';

/** Alternates of a switch that has one next hop only. */
const MAX_ALTERNATES = 2;

/**
 * What becomes of a frame from one node to another, where groups were made for `edges` and `down` fail. 'either' where it depends
 * on which of several next hops the switch chooses.
 */
export function fateOf(from: number, to: number, edges: readonly Edge[], down: readonly Edge[]): Fate {
  const distance = distancesTo(to, edges);
  const isUp = (a: number, b: number): boolean => !down.some(([x, y]) => (x === a && y === b) || (x === b && y === a));
  const follow = (node: number): Fate => {
    if (node === to) return 'delivered';
    const { next, isSpread } = nextOf(node, distance, edges);
    const live = next.filter((neighbour) => isUp(node, neighbour));
    const ends = new Set((isSpread ? live : live.slice(0, 1)).map(follow));
    if (ends.size === 0) return 'lost';
    return ends.size === 1 ? [...ends][0]! : 'either';
  };
  return follow(from);
}

/** All nearest neighbours where there are several; otherwise the one, and then those as near as the node and earlier. */
function nextOf(node: number, distance: ReadonlyMap<number, number>, edges: readonly Edge[]) {
  const here = distance.get(node);
  if (here === undefined) return { next: [], isSpread: false };
  const neighbours = neighboursOf(node, edges);
  const equal = neighbours.filter((neighbour) => distance.get(neighbour) === here - 1);
  if (equal.length > 1) return { next: equal, isSpread: true };
  const level = neighbours.filter((neighbour) => distance.get(neighbour) === here && neighbour < node);
  return { next: [...equal, ...level.slice(0, MAX_ALTERNATES)], isSpread: false };
}

function distancesTo(to: number, edges: readonly Edge[]): ReadonlyMap<number, number> {
  const distance = new Map([[to, 0]]);
  for (const [node, steps] of distance) {
    for (const neighbour of neighboursOf(node, edges)) if (!distance.has(neighbour)) distance.set(neighbour, steps + 1);
  }
  return distance;
}

function neighboursOf(node: number, edges: readonly Edge[]): number[] {
  return edges.flatMap(([a, b]) => (a === node ? [b] : b === node ? [a] : [])).sort((x, y) => x - y);
}

/** Arranges any network so that distance on screen follows the number of hops: stress minimised by gradient descent. */
import { distanceToSegment, LINK_LENGTH, seeded } from './geometry.ts';
import type { Point } from './geometry.ts';

/** Passes over all pairs; the steps shrink exponentially from the first to the last. */
const PASSES = { small: 120, large: 40 } as const;
/** The last step, as a share of the wanted distance. */
const LAST_STEP = 0.05;
/** Up to this many switches every pair counts; beyond, each counts against its neighbours and this many landmarks. */
const ALL_PAIRS_LIMIT = 600;
const LANDMARKS = 60;
/** Small networks are tried from several starts, since one alone may come out twisted. */
const STARTS = { small: 12, large: 1, smallLimit: 40 } as const;

interface Pairs {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly hops: Float64Array;
}

/** Places `neighbours.length` connected nodes. The same network comes out the same each time. */
export function placeByStress(neighbours: readonly (readonly number[])[]): readonly Point[] {
  const count = neighbours.length;
  if (count === 1) return [{ x: 0, y: 0 }];
  const pairs = pairsOf(neighbours);
  const starts = count <= STARTS.smallLimit ? STARTS.small : STARTS.large;
  let best: Float64Array | undefined;
  let bestCost = Infinity;
  for (let start = 0; start < starts; start++) {
    const xy = descend(count, pairs, seeded(start + 1));
    const cost = starts === 1 ? 0 : stressOf(xy, pairs) * (1 + 0.02 * clutter(xy, neighbours));
    if (best === undefined || cost < bestCost * 0.999) [best, bestCost] = [xy, cost];
  }
  const xy = best ?? new Float64Array(count * 2);
  return Array.from({ length: count }, (_, i) => ({
    x: (xy[2 * i] ?? 0) * LINK_LENGTH,
    y: (xy[2 * i + 1] ?? 0) * LINK_LENGTH,
  }));
}

function pairsOf(neighbours: readonly (readonly number[])[]): Pairs {
  const count = neighbours.length;
  const every = count <= ALL_PAIRS_LIMIT;
  const step = every ? 1 : Math.ceil(count / LANDMARKS);
  const from: number[] = [];
  const to: number[] = [];
  const hops: number[] = [];
  for (let source = 0; source < count; source += step) {
    const reach = bfs(neighbours, source);
    for (let target = every ? source + 1 : 0; target < count; target++) {
      if (target === source) continue;
      from.push(source);
      to.push(target);
      hops.push(reach[target] ?? 1);
    }
  }
  if (!every) {
    neighbours.forEach((list, source) => {
      for (const target of list)
        if (target > source) [from, to, hops].forEach((out, i) => out.push([source, target, 1][i] ?? 0));
    });
  }
  return { from: Int32Array.from(from), to: Int32Array.from(to), hops: Float64Array.from(hops) };
}

function bfs(neighbours: readonly (readonly number[])[], source: number): Int32Array {
  const hops = new Int32Array(neighbours.length).fill(-1);
  const queue = new Int32Array(neighbours.length);
  hops[source] = 0;
  queue[0] = source;
  for (let head = 0, tail = 1; head < tail; head++) {
    const at = queue[head] ?? 0;
    for (const next of neighbours[at] ?? []) {
      if (hops[next] !== -1) continue;
      hops[next] = (hops[at] ?? 0) + 1;
      queue[tail++] = next;
    }
  }
  return hops;
}

/** Stochastic gradient descent on stress (Zheng, Pawar, Goodman 2018): each pair in turn moves towards its distance. */
function descend(count: number, pairs: Pairs, random: () => number): Float64Array {
  const xy = new Float64Array(count * 2).map(() => random() * Math.sqrt(count));
  const total = pairs.from.length;
  const order = Int32Array.from({ length: total }, (_, i) => i);
  const passes = count <= STARTS.smallLimit ? PASSES.small : PASSES.large;
  const widest = pairs.hops.reduce((most, hops) => Math.max(most, hops), 1);
  const first = widest * widest;
  for (let pass = 0; pass < passes; pass++) {
    const rate = first * (LAST_STEP / first) ** (pass / (passes - 1));
    for (let i = total - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      const held = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = held;
    }
    for (let n = 0; n < total; n++) {
      const pair = order[n] ?? 0;
      const a = 2 * (pairs.from[pair] ?? 0);
      const b = 2 * (pairs.to[pair] ?? 0);
      const wanted = pairs.hops[pair] ?? 1;
      const share = Math.min(1, rate / (wanted * wanted));
      const dx = (xy[a] ?? 0) - (xy[b] ?? 0);
      const dy = (xy[a + 1] ?? 0) - (xy[b + 1] ?? 0);
      const distance = Math.hypot(dx, dy) || 1e-6;
      const move = (share * (distance - wanted)) / (2 * distance);
      xy[a] = (xy[a] ?? 0) - move * dx;
      xy[a + 1] = (xy[a + 1] ?? 0) - move * dy;
      xy[b] = (xy[b] ?? 0) + move * dx;
      xy[b + 1] = (xy[b + 1] ?? 0) + move * dy;
    }
  }
  return xy;
}

function stressOf(xy: Float64Array, pairs: Pairs): number {
  let sum = 0;
  for (let n = 0; n < pairs.from.length; n++) {
    const a = 2 * (pairs.from[n] ?? 0);
    const b = 2 * (pairs.to[n] ?? 0);
    const wanted = pairs.hops[n] ?? 1;
    const distance = Math.hypot((xy[a] ?? 0) - (xy[b] ?? 0), (xy[a + 1] ?? 0) - (xy[b + 1] ?? 0));
    sum += ((distance - wanted) / wanted) ** 2;
  }
  return sum;
}

/** Crossings of links, and (worse) switches that a link of others runs through. For small networks only. */
function clutter(xy: Float64Array, neighbours: readonly (readonly number[])[]): number {
  const links = neighbours.flatMap((list, a) => list.filter((b) => b > a).map((b): [number, number] => [a, b]));
  const point = (i: number): Point => ({ x: xy[2 * i] ?? 0, y: xy[2 * i + 1] ?? 0 });
  let sum = 0;
  links.forEach(([a, b], i) => {
    for (const [c, d] of links.slice(i + 1)) {
      if (a !== c && a !== d && b !== c && b !== d && crosses(point(a), point(b), point(c), point(d))) sum += 1;
    }
    for (let node = 0; node < neighbours.length; node++) {
      if (node !== a && node !== b && distanceToSegment(point(node), point(a), point(b)) < 0.22) sum += 6;
    }
  });
  return sum;
}

function turn(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

function crosses(a: Point, b: Point, c: Point, d: Point): boolean {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

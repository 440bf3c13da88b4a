/**
 * What answers for paths are held against: every way between two switches of a small network, looked at one by one, on facts as the
 * network's switches and links have them. It shares no code with the search but names.
 */
import type { Dpid, LinkId, PortRef } from '../../core/ids.ts';
import type { PathQuery } from '../../northbound/services.ts';
import type { Link } from '../../topology/view.ts';

/** Of one direction of a link; whole numbers, so that sums are exact. */
export interface DirectionFacts {
  readonly latencyUs: number;
  /** 1 / (1 - load). */
  readonly loadCost: number;
  /** Undefined where it is not known. */
  readonly freeBps: number | undefined;
}

export interface Facts {
  readonly links: readonly Link[];
  /** Switches that are crossed only where there is no other way. */
  readonly absent: ReadonlySet<Dpid>;
  of(link: Link, out: PortRef): DirectionFacts;
}

/** One link of a path, from port to port. */
export interface Step {
  readonly link: Link;
  readonly out: PortRef;
  readonly in: PortRef;
}

export interface KnownPath {
  readonly steps: readonly Step[];
  /** Absent switches between the ends. */
  readonly absent: number;
  /** By the metric asked for, in whole numbers: microseconds for latency. */
  readonly cost: number;
  readonly latencyUs: number;
}

/** All paths as asked for, the best first. */
export function pathsAsked(facts: Facts, query: PathQuery): KnownPath[] {
  const known = simpleWays(facts.links, query.from.dpid, query.to.dpid)
    .filter((steps) => isAllowed(facts, query, steps))
    .map((steps) => priced(facts, query, steps))
    .filter(({ latencyUs }) => latencyUs <= (query.maxLatencyMs ?? Infinity) * 1_000 + 1e-6);
  return known.sort(comparePaths);
}

function simpleWays(links: readonly Link[], from: Dpid, to: Dpid): Step[][] {
  const found: Step[][] = [];
  const walk = (at: Dpid, steps: readonly Step[]): void => {
    if (at === to) {
      found.push([...steps]);
      return;
    }
    for (const link of links) {
      for (const [out, end] of [
        [link.a, link.b],
        [link.b, link.a],
      ] as const) {
        const isNew = end.dpid !== from && steps.every((step) => step.in.dpid !== end.dpid);
        if (out.dpid === at && isNew) walk(end.dpid, [...steps, { link, out, in: end }]);
      }
    }
  };
  walk(from, []);
  return found;
}

function isAllowed(facts: Facts, query: PathQuery, steps: readonly Step[]): boolean {
  const { from, to, via = [], avoid, minBandwidthBps = 0 } = query;
  const between = steps.slice(0, -1).map((step) => step.in.dpid);
  // Where it begins and where it ends may be named as well, even where that is one switch.
  const passed = [from.dpid, ...between, to.dpid];
  let next = 0;
  for (const dpid of passed) if (dpid === via[next]) next++;
  return (
    next === via.length &&
    !passed.some((dpid) => avoid?.switches.includes(dpid)) &&
    !steps.some(({ link }) => avoid?.links.includes(link.id)) &&
    steps.every(({ link, out }) => (facts.of(link, out).freeBps ?? Infinity) >= minBandwidthBps)
  );
}

function priced(facts: Facts, { metric = 'hops' }: PathQuery, steps: readonly Step[]): KnownPath {
  const sum = (of: (direction: DirectionFacts) => number): number =>
    steps.reduce((total, { link, out }) => total + of(facts.of(link, out)), 0);
  const latencyUs = sum((direction) => direction.latencyUs);
  const cost = { hops: steps.length, latency: latencyUs, load: sum(({ loadCost }) => loadCost) }[metric];
  const absent = steps.slice(0, -1).filter((step) => facts.absent.has(step.in.dpid)).length;
  return { steps, absent, cost, latencyUs };
}

function comparePaths(x: KnownPath, y: KnownPath): number {
  const known = x.absent - y.absent || x.cost - y.cost || x.steps.length - y.steps.length;
  if (known !== 0) return known;
  for (const [index, one] of x.steps.entries()) {
    const other = y.steps[index]!;
    if (one.in.dpid !== other.in.dpid) return one.in.dpid < other.in.dpid ? -1 : 1;
    if (one.out.port !== other.out.port) return one.out.port - other.out.port;
  }
  return 0;
}

/** What two paths share, and what they are together: the less the better, in this order. */
export type PairScore = readonly [switches: number, links: number, absent: number, cost: number];

/** The best of all pairs of paths as asked for (the best first), one path twice among them; undefined where there is none. */
export function bestPair(paths: readonly KnownPath[], query: PathQuery): PairScore | undefined {
  let best: PairScore | undefined;
  for (const [index, x] of paths.entries()) {
    for (const y of paths.slice(index)) {
      // Those that follow cost more, and no pair shares less than nothing.
      if (best && best[0] === 0 && best[1] === 0 && !isBetter([0, 0, x.absent + y.absent, x.cost + y.cost], best))
        break;
      const score = scoreOf([x, y], query);
      if (!best || isBetter(score, best)) best = score;
    }
  }
  return best;
}

export function scoreOf([x, y]: readonly [KnownPath, KnownPath], query: PathQuery): PairScore {
  const { links, switches } = sharedBy([x, y], query);
  return [query.disjoint === 'nodes' ? switches.length : 0, links.length, x.absent + y.absent, x.cost + y.cost];
}

/** The ends and the switches that both must pass count for nothing. */
export function sharedBy(
  [x, y]: readonly [KnownPath, KnownPath],
  { via = [] }: PathQuery,
): { links: LinkId[]; switches: Dpid[] } {
  const others = new Set(y.steps.slice(0, -1).map((step) => step.in.dpid));
  const links = x.steps.map(({ link }) => link).filter((link) => y.steps.some((step) => step.link === link));
  const switches = x.steps.slice(0, -1).map((step) => step.in.dpid);
  return {
    links: links.map(({ id }) => id),
    switches: switches.filter((dpid) => others.has(dpid) && !via.includes(dpid)),
  };
}

function isBetter(x: PairScore, y: PairScore): boolean {
  const at = x.findIndex((part, index) => part !== y[index]);
  return at >= 0 && x[at]! < y[at]!;
}

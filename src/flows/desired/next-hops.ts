/**
 * How every switch reaches every other. All ways lead to where the destination is nearer, or as near and earlier in the order of
 * switches: whichever of them a switch takes, and whatever fails, no frame comes by twice.
 */
import type { Dpid, PortRef } from '../../core/ids.ts';
import { AllPairs, concernedBy } from '../../topology/paths/all-pairs.ts';
import { alternateArcs } from '../../topology/paths/alternates.ts';
import { nextHopArcs, RELUCTANCE, UNREACHED } from '../../topology/paths/bfs.ts';
import type { Link, NetworkView, ViewChange } from '../../topology/view.ts';
import { TIERS } from './spread.ts';
import { sharesOf } from './weights.ts';

/** Way out of a switch, towards a destination. */
export interface NextHop {
  readonly port: number;
  /** The next switch, and its port. */
  readonly arrives: PortRef;
  /** Its share beside the others of its set: the link's speed, as a small whole number. */
  readonly weight: number;
}

export interface NextHops {
  /** Those of least distance, by neighbour and port. */
  readonly equal: readonly NextHop[];
  /** Where there is one of least distance only: others that bring frames no farther, best first. */
  readonly alternates: readonly NextHop[];
  /** Hops to the destination, modulo TIERS. */
  readonly tier: number;
  /** Of the switch that they lead away from; most switches have different ones. */
  readonly offset: number;
}

/** Enough that a port lost at one switch costs nobody, and groups stay small. */
const MAX_ALTERNATES = 2;
/** The digits of a dpid that tell its offset: where dpids count up, so do offsets. */
const OFFSET_DIGITS = 4;

/** Bits per second of a port; 0 where the switch does not say. */
export type SpeedOf = (port: PortRef) => number;

/** What is known of one switch. */
interface Page {
  /** Its index in the graph. */
  readonly node: number;
  /** Its ways out, in the graph's order. */
  readonly hops: readonly Omit<NextHop, 'weight'>[];
  /** Of their links, as they were then; 0 where not known. */
  readonly speeds: readonly number[];
  readonly offset: number;
  /** Each set of next hops is made once, since thousands of groups are alike. */
  readonly sets: Map<string, NextHops>;
  readonly ways: ReadonlyMap<Dpid, NextHops>;
}

const NO_WAYS: ReadonlyMap<Dpid, NextHops> = new Map();

export class NextHopBook {
  readonly #pairs = new AllPairs<Link>();
  readonly #pages = new Map<Dpid, Page>();
  /** By switch, the targets to which its next hops may be others than its page says. */
  readonly #stale = new Map<Dpid, Set<Dpid>>();

  /** Takes the next view in; returns the switches whose next hops may be others now. */
  update(view: NetworkView, change: ViewChange): ReadonlySet<Dpid> {
    const { switches, all, rewired, moved } = this.#pairs.update(view, change);
    for (const dpid of all ? switches : rewired) {
      this.#pages.delete(dpid);
      this.#stale.delete(dpid);
    }
    const { graph } = this.#pairs;
    for (const [target, nodes] of moved) {
      const name = graph.dpids[target]!;
      if (name === '') continue;
      for (const node of concernedBy(graph, nodes)) this.#markStale(graph.dpids[node]!, name);
    }
    for (const dpid of rewired) if (!graph.indexOf.has(dpid)) this.#targetGone(dpid);
    return switches;
  }

  /** From a switch to all that it has a way to. The same ways are the same object, from call to call. */
  from(dpid: Dpid, speedOf: SpeedOf): ReadonlyMap<Dpid, NextHops> {
    const { graph } = this.#pairs;
    const node = graph.indexOf.get(dpid);
    if (node === undefined) return NO_WAYS;
    const known = this.#pages.get(dpid);
    const hops = known?.hops ?? this.#hopsOf(node);
    const speeds = hops.map(({ port, arrives }) => linkSpeed(speedOf({ dpid, port }), speedOf(arrives)));
    const stale = this.#stale.get(dpid);
    this.#stale.delete(dpid);
    const sets = known ? setsThatHold(known, speeds) : new Map<string, NextHops>();
    if (!known || sets.size < known.sets.size) {
      const offset = Number.parseInt(dpid.slice(-OFFSET_DIGITS), 16);
      return this.#write(dpid, { node, hops, speeds, offset, sets, ways: NO_WAYS }, graph.dpids);
    }
    return this.#write(dpid, { ...known, speeds }, stale ?? []);
  }

  #markStale(dpid: Dpid, target: Dpid): void {
    if (!this.#pages.has(dpid)) return;
    const targets = this.#stale.get(dpid);
    if (targets) targets.add(target);
    else this.#stale.set(dpid, new Set([target]));
  }

  /** Its index may be another switch's already, so that nothing else tells who had a way to it. */
  #targetGone(target: Dpid): void {
    for (const [dpid, { ways }] of this.#pages) if (ways.has(target)) this.#markStale(dpid, target);
  }

  #hopsOf(node: number): Page['hops'] {
    const { rowStart, rowEnd, arcTo, arcPort, arcInPort, dpids } = this.#pairs.graph;
    return Array.from({ length: rowEnd[node]! - rowStart[node]! }, (_, index) => {
      const arc = rowStart[node]! + index;
      return { port: arcPort[arc]!, arrives: { dpid: dpids[arcTo[arc]!]!, port: arcInPort[arc]! } };
    });
  }

  /** Looks the ways to these targets up anew. */
  #write(dpid: Dpid, page: Page, targets: Iterable<Dpid>): ReadonlyMap<Dpid, NextHops> {
    let ways: Map<Dpid, NextHops> | undefined;
    for (const target of targets) {
      ways ??= new Map(page.ways);
      const found = this.#waysTo(page, target);
      if (found) ways.set(target, found);
      else ways.delete(target);
    }
    this.#pages.set(dpid, { ...page, ways: ways ?? page.ways });
    return ways ?? page.ways;
  }

  #waysTo(page: Page, target: Dpid): NextHops | undefined {
    const to = this.#pairs.graph.indexOf.get(target);
    if (to === undefined || to === page.node) return undefined;
    const distance = this.#pairs.to(to);
    return distance[page.node] === UNREACHED ? undefined : this.#setOf(page, distance);
  }

  #setOf(page: Page, distance: Int32Array): NextHops {
    const { graph, reluctant } = this.#pairs;
    const { node } = page;
    const equal = nextHopArcs(graph, distance, node, reluctant);
    const alternates = equal.length > 1 ? [] : alternateArcs(graph, distance, node, reluctant).slice(0, MAX_ALTERNATES);
    const tier = (distance[node]! % RELUCTANCE) % TIERS;
    const first = graph.rowStart[node]!;
    const name = `${tier}:${equal.map((arc) => arc - first).join()}:${alternates.map((arc) => arc - first).join()}`;
    let found = page.sets.get(name);
    if (!found) {
      const shares = sharesOf(equal.map((arc) => page.speeds[arc - first]!));
      found = {
        equal: equal.map((arc, index) => ({ ...page.hops[arc - first]!, weight: shares[index]! })),
        alternates: alternates.map((arc) => ({ ...page.hops[arc - first]!, weight: 1 })),
        tier,
        offset: page.offset,
      };
      page.sets.set(name, found);
    }
    return found;
  }
}

/** A link is as fast as the slower of its ends, or as the one that says. */
function linkSpeed(x: number, y: number): number {
  return x > 0 && y > 0 ? Math.min(x, y) : Math.max(x, y);
}

/** The sets in which links share by these speeds as they did before. */
function setsThatHold({ hops, speeds: before, sets }: Page, speeds: readonly number[]): Map<string, NextHops> {
  if (speeds.every((speed, index) => speed === before[index])) return sets;
  const byPort = new Map(hops.map(({ port }, index) => [port, speeds[index]!]));
  const holds = ({ equal }: NextHops): boolean => {
    const shares = sharesOf(equal.map(({ port }) => byPort.get(port)!));
    return equal.every(({ weight }, index) => weight === shares[index]);
  };
  return new Map([...sets].filter(([, set]) => holds(set)));
}

export function equalNextHops(x: ReadonlyMap<Dpid, NextHops>, y: ReadonlyMap<Dpid, NextHops>): boolean {
  if (x === y) return true;
  if (x.size !== y.size) return false;
  for (const [dpid, ways] of x) if (y.get(dpid) !== ways) return false;
  return true;
}

/**
 * How every switch reaches every other. All ways lead to where the destination is nearer, or as near and earlier in the order of
 * switches: whichever of them a switch takes, and whatever fails, no frame comes by twice.
 */
import { portKey } from '../../core/ids.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import { AllPairs, concernedBy } from '../../topology/paths/all-pairs.ts';
import { alternateArcs } from '../../topology/paths/alternates.ts';
import { nextHopArcs, RELUCTANCE, UNREACHED } from '../../topology/paths/bfs.ts';
import type { Link, NetworkView, ViewChange } from '../../topology/view.ts';

/** Way out of a switch, towards a destination. */
export interface NextHop {
  readonly port: number;
  /** The next switch, and its port. */
  readonly arrives: PortRef;
  /** Its share beside other next hops: the link's speed, as a small whole number. */
  readonly weight: number;
}

export interface NextHops {
  /** Those of least distance, by neighbour and port. */
  readonly equal: readonly NextHop[];
  /** Where there is one of least distance only: others that bring frames no farther, best first. */
  readonly alternates: readonly NextHop[];
  /** Hops to the destination, modulo TIERS. */
  readonly tier: number;
}

/** Switches at distances that differ by less than this spread flows by other bits of their hash. */
export const TIERS = 4;
/** Enough that a port lost at one switch costs nobody, and groups stay small. */
const MAX_ALTERNATES = 2;

/** Shares of links by portKey of either end; 1 where there is none. */
export type Weights = ReadonlyMap<string, number>;

/** What is known of one switch. */
interface Page {
  /** Its ways out, in the graph's order, by the weights that held then. */
  readonly hops: readonly NextHop[];
  readonly weights: Weights;
  /** Each set of next hops is made once, since thousands of groups are alike. */
  readonly sets: Map<string, NextHops>;
  readonly ways: ReadonlyMap<Dpid, NextHops>;
}

const NO_WAYS: ReadonlyMap<Dpid, NextHops> = new Map();

export class NextHopBook {
  readonly #pairs = new AllPairs<Link>();
  readonly #pages = new Map<Dpid, Page>();
  /** By switch, the targets to which its next hops may be others than its page says. */
  readonly #stale = new Map<Dpid, Set<number>>();

  /** Takes the next view in; returns the switches whose next hops may be others now. */
  update(view: NetworkView, change: ViewChange): ReadonlySet<Dpid> {
    const { switches, all, rewired, moved } = this.#pairs.update(view, change);
    for (const dpid of all ? switches : rewired) this.#pages.delete(dpid);
    const { graph } = this.#pairs;
    for (const [target, nodes] of moved) {
      for (const node of concernedBy(graph, nodes)) this.#markStale(graph.dpids[node]!, target);
    }
    return switches;
  }

  /** From a switch to all that it has a way to. The same ways are the same object, from call to call. */
  from(dpid: Dpid, weights: Weights): ReadonlyMap<Dpid, NextHops> {
    const { graph } = this.#pairs;
    const node = graph.indexOf.get(dpid);
    if (node === undefined) return NO_WAYS;
    const page = this.#pages.get(dpid);
    const stale = this.#stale.get(dpid);
    this.#stale.delete(dpid);
    if (page?.weights !== weights) return this.#write(dpid, node, weights);
    if (!stale) return page.ways;
    const ways = new Map(page.ways);
    for (const target of stale) this.#look(page, { node, target, ways });
    this.#pages.set(dpid, { ...page, ways });
    return ways;
  }

  #markStale(dpid: Dpid, target: number): void {
    const targets = this.#stale.get(dpid);
    if (targets) targets.add(target);
    else this.#stale.set(dpid, new Set([target]));
  }

  #write(dpid: Dpid, node: number, weights: Weights): ReadonlyMap<Dpid, NextHops> {
    const { graph } = this.#pairs;
    const hops: NextHop[] = [];
    for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
      const port = graph.arcPort[arc]!;
      const arrives = { dpid: graph.dpids[graph.arcTo[arc]!]!, port: graph.arcInPort[arc]! };
      hops.push({ port, arrives, weight: weights.get(portKey({ dpid, port })) ?? 1 });
    }
    const ways = new Map<Dpid, NextHops>();
    const page = { hops, weights, sets: new Map<string, NextHops>(), ways };
    for (let target = 0; target < graph.dpids.length; target++) this.#look(page, { node, target, ways });
    this.#pages.set(dpid, page);
    return ways;
  }

  #look(page: Page, { node, target, ways }: { node: number; target: number; ways: Map<Dpid, NextHops> }): void {
    const name = this.#pairs.graph.dpids[target]!;
    const distance = this.#pairs.to(target);
    if (name === '' || target === node || distance[node] === UNREACHED) ways.delete(name);
    else ways.set(name, this.#waysOf(page, node, distance));
  }

  #waysOf(page: Page, node: number, distance: Int32Array): NextHops {
    const { graph, reluctant } = this.#pairs;
    const equal = nextHopArcs(graph, distance, node, reluctant);
    const alternates = equal.length > 1 ? [] : alternateArcs(graph, distance, node, reluctant).slice(0, MAX_ALTERNATES);
    const tier = (distance[node]! % RELUCTANCE) % TIERS;
    const first = graph.rowStart[node]!;
    const name = `${tier}:${equal.map((arc) => arc - first).join()}:${alternates.map((arc) => arc - first).join()}`;
    let found = page.sets.get(name);
    if (!found) {
      const named = (arcs: readonly number[]): NextHop[] => arcs.map((arc) => page.hops[arc - first]!);
      page.sets.set(name, (found = { equal: named(equal), alternates: named(alternates), tier }));
    }
    return found;
  }
}

export function equalNextHops(x: ReadonlyMap<Dpid, NextHops>, y: ReadonlyMap<Dpid, NextHops>): boolean {
  if (x === y) return true;
  if (x.size !== y.size) return false;
  for (const [dpid, ways] of x) if (y.get(dpid) !== ways) return false;
  return true;
}

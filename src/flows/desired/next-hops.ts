/**
 * How every switch reaches every other. All ways lead to where the destination is nearer, or as near and earlier in the order of
 * switches: whichever of them a switch takes, and whatever fails, no frame comes by twice.
 */
import { portKey, samePort } from '../../core/ids.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import { AllPairs } from '../../topology/paths/all-pairs.ts';
import type { PairsChange } from '../../topology/paths/all-pairs.ts';
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

/** What is known of one switch: each set of next hops is made once, since thousands of groups are alike. */
interface Page {
  readonly hops: readonly NextHop[];
  readonly sets: Map<string, NextHops>;
}

export class NextHopBook {
  readonly #pairs = new AllPairs<Link>();
  readonly #pages = new Map<Dpid, Page>();

  /** Takes the next view in; tells the switches whose next hops may be others now. */
  update(view: NetworkView, change: ViewChange): PairsChange {
    for (const dpid of change.switches) if (!view.switches.has(dpid)) this.#pages.delete(dpid);
    return this.#pairs.update(view, change);
  }

  /** From a switch to all that it has a way to. The same ways are the same object, from call to call. */
  from(dpid: Dpid, weights: Weights): ReadonlyMap<Dpid, NextHops> {
    const ways = new Map<Dpid, NextHops>();
    const { graph } = this.#pairs;
    const node = graph.indexOf.get(dpid);
    if (node === undefined) return ways;
    const page = this.#pageOf(dpid, node, weights);
    for (const [target, name] of graph.dpids.entries()) {
      if (name === '' || target === node) continue;
      const distance = this.#pairs.to(target);
      if (distance[node] !== UNREACHED) ways.set(name, this.#waysOf(page, node, distance));
    }
    return ways;
  }

  #pageOf(dpid: Dpid, node: number, weights: Weights): Page {
    const { graph } = this.#pairs;
    const hops: NextHop[] = [];
    for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
      const port = graph.arcPort[arc]!;
      const arrives = { dpid: graph.dpids[graph.arcTo[arc]!]!, port: graph.arcInPort[arc]! };
      hops.push({ port, arrives, weight: weights.get(portKey({ dpid, port })) ?? 1 });
    }
    let page = this.#pages.get(dpid);
    if (!page || !equalHops(page.hops, hops)) this.#pages.set(dpid, (page = { hops, sets: new Map() }));
    return page;
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
  if (x.size !== y.size) return false;
  for (const [dpid, ways] of x) if (y.get(dpid) !== ways) return false;
  return true;
}

function equalHops(x: readonly NextHop[], y: readonly NextHop[]): boolean {
  return x.length === y.length && x.every((hop, index) => equalHop(hop, y[index]!));
}

function equalHop(x: NextHop, y: NextHop): boolean {
  return x.port === y.port && x.weight === y.weight && samePort(x.arrives, y.arrives);
}

/**
 * How every switch reaches one destination switch. All ways lead to where the destination is nearer, or as near and earlier in
 * the order of switches: whichever of them a switch takes, and whatever fails, no frame comes by twice.
 */
import type { Dpid, PortRef } from '../../core/ids.ts';
import { distancesTo, nextHopArcs, RELUCTANCE, UNREACHED } from '../../topology/paths/bfs.ts';
import type { Reluctant } from '../../topology/paths/bfs.ts';
import type { Graph } from '../../topology/paths/graph.ts';

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
  /** Hops to the destination. */
  readonly hops: number;
}

/** Enough that a port lost at one switch costs nobody, and groups stay small. */
const MAX_ALTERNATES = 2;

/** The next hops of one graph, each set made once: thousands of groups are alike. */
export class NextHopBook {
  readonly #graph: Graph;
  readonly #reluctant: Reluctant | undefined;
  readonly #hops: readonly NextHop[];
  readonly #sets = new Map<string, NextHops>();

  /** @param weights of the graph's arcs */
  constructor(graph: Graph, weights: Uint8Array, reluctant: Reluctant | undefined) {
    this.#graph = graph;
    this.#reluctant = reluctant;
    this.#hops = Array.from(graph.arcTo, (to, arc) => ({
      port: graph.arcPort[arc]!,
      arrives: { dpid: graph.dpids[to]!, port: graph.arcInPort[arc]! },
      weight: weights[arc]!,
    }));
  }

  /** By switch, in their order; those without a way, and the target itself, are left out. */
  to(target: Dpid): ReadonlyMap<Dpid, NextHops> {
    const ways = new Map<Dpid, NextHops>();
    const index = this.#graph.indexOf.get(target);
    if (index === undefined) return ways;
    const distance = distancesTo(this.#graph, index, this.#reluctant);
    for (const [node, dpid] of this.#graph.dpids.entries()) {
      if (node !== index && distance[node] !== UNREACHED) ways.set(dpid, this.#from(node, distance));
    }
    return ways;
  }

  #from(node: number, distance: Int32Array): NextHops {
    const equal = nextHopArcs(this.#graph, distance, node, this.#reluctant);
    const alternates = equal.length > 1 ? [] : this.#alternateArcs(node, distance, equal);
    const hops = distance[node]! % RELUCTANCE;
    const name = `${hops}:${equal.join()}:${alternates.join()}`;
    let found = this.#sets.get(name);
    if (!found) {
      const named = (arcs: readonly number[]): NextHop[] => arcs.map((arc) => this.#hops[arc]!);
      this.#sets.set(name, (found = { equal: named(equal), alternates: named(alternates), hops }));
    }
    return found;
  }

  #alternateArcs(node: number, distance: Int32Array, primary: readonly number[]): number[] {
    const { rowStart, arcTo } = this.#graph;
    const arcs: number[] = [];
    for (let arc = rowStart[node]!; arc < rowStart[node + 1]!; arc++) {
      const neighbour = arcTo[arc]!;
      const nearer =
        distance[neighbour]! < distance[node]! || (distance[neighbour] === distance[node] && neighbour < node);
      if (distance[neighbour] !== UNREACHED && nearer && !primary.includes(arc)) arcs.push(arc);
    }
    return arcs.sort((x, y) => distance[arcTo[x]!]! - distance[arcTo[y]!]! || x - y).slice(0, MAX_ALTERNATES);
  }
}

export function equalNextHops(x: ReadonlyMap<Dpid, NextHops>, y: ReadonlyMap<Dpid, NextHops>): boolean {
  if (x.size !== y.size) return false;
  for (const [dpid, ways] of x) {
    const others = y.get(dpid);
    if (ways === others) continue;
    if (!others || ways.hops !== others.hops) return false;
    if (!equalHops(ways.equal, others.equal) || !equalHops(ways.alternates, others.alternates)) return false;
  }
  return true;
}

function equalHops(x: readonly NextHop[], y: readonly NextHop[]): boolean {
  return x.length === y.length && x.every((hop, index) => equalHop(hop, y[index]!));
}

function equalHop(x: NextHop, y: NextHop): boolean {
  return (
    x === y ||
    (x.port === y.port &&
      x.weight === y.weight &&
      x.arrives.port === y.arrives.port &&
      x.arrives.dpid === y.arrives.dpid)
  );
}

/**
 * The switch graph as typed arrays: nodes are indices, the arcs of a node stand in one row. Each link is two arcs, one per direction.
 * The order of arcs depends on dpids and ports only, never on indices or on what came first: ties broken by it are broken
 * the same way on every controller.
 */
import type { Dpid, LinkId, PortRef } from '../../core/ids.ts';

export interface GraphLink {
  readonly a: PortRef;
  readonly b: PortRef;
}

/** A link that can be found again by its name. */
export interface NamedLink extends GraphLink {
  readonly id: LinkId;
}

export interface Graph<L extends GraphLink = GraphLink> {
  /** The node's switch, by index; empty where an index is free (a graph that `buildGraph` made has none). */
  readonly dpids: readonly Dpid[];
  readonly indexOf: ReadonlyMap<Dpid, number>;
  /** Arcs of node n stand at rowStart[n] … rowEnd[n] - 1, ordered by the neighbour's dpid, then by port. */
  readonly rowStart: Int32Array;
  readonly rowEnd: Int32Array;
  readonly arcTo: Int32Array;
  /** The same link the other way. */
  readonly arcBack: Int32Array;
  /** The port by which the arc leaves its node. */
  readonly arcPort: Int32Array;
  /** The port by which the arc arrives at its neighbour. */
  readonly arcInPort: Int32Array;
  /** The arc's link, by its index in `links`. */
  readonly arcLink: Int32Array;
  /** Undefined where an index is free. */
  readonly links: readonly (L | undefined)[];
}

/** A path as the arcs it takes. */
export type ArcPath = readonly number[];

/**
 * Which of two paths from one node comes first: the one with fewer arcs, then the one that leaves by the lower arc (dpid, port)
 * where they part. Negative where it is `x`.
 */
export function comparePaths(x: ArcPath, y: ArcPath): number {
  if (x.length !== y.length) return x.length - y.length;
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return x[i]! - y[i]!;
  return 0;
}

/** The node an arc leaves. */
export function tailOf(graph: Graph, arc: number): number {
  return graph.arcTo[graph.arcBack[arc]!]!;
}

/**
 * The graph of these switches, indices in order of dpids: equal sets give equal graphs, whatever the order they come in.
 * Links whose ends are not both among the switches, and links of a switch to itself, are left out.
 */
export function buildGraph<L extends GraphLink>(switches: Iterable<Dpid>, links: Iterable<L>): Graph<L> {
  const dpids = [...switches].sort();
  const indexOf = new Map(dpids.map((dpid, index) => [dpid, index]));
  const kept: L[] = [];
  /** Both directions of each kept link, side by side. */
  const from: number[] = [];
  const port: number[] = [];
  for (const link of links) {
    const a = indexOf.get(link.a.dpid);
    const b = indexOf.get(link.b.dpid);
    if (a === undefined || b === undefined || a === b) continue;
    kept.push(link);
    from.push(a, b);
    port.push(link.a.port, link.b.port);
  }
  const offsets = rowOffsets(dpids.length, from);
  const order = orderArcs(offsets, from, port);
  const position = new Int32Array(order.length);
  for (const [arc, half] of order.entries()) position[half] = arc;
  const arcLink = new Int32Array(order.length);
  const inOrder: L[] = [];
  for (const [arc, half] of order.entries()) {
    const back = position[half ^ 1]!;
    arcLink[arc] = back < arc ? arcLink[back]! : inOrder.push(kept[half >> 1]!) - 1;
  }
  return {
    dpids,
    indexOf,
    rowStart: offsets,
    rowEnd: offsets.subarray(1),
    arcTo: order.map((half) => from[half ^ 1]!),
    arcBack: order.map((half) => position[half ^ 1]!),
    arcPort: order.map((half) => port[half]!),
    arcInPort: order.map((half) => port[half ^ 1]!),
    arcLink,
    links: inOrder,
  };
}

function rowOffsets(nodes: number, from: readonly number[]): Int32Array {
  const offsets = new Int32Array(nodes + 1);
  for (const node of from) offsets[node + 1]!++;
  for (let node = 0; node < nodes; node++) offsets[node + 1]! += offsets[node]!;
  return offsets;
}

/** The directions of links, row by row, in order within each. */
function orderArcs(offsets: Int32Array, from: readonly number[], port: readonly number[]): Int32Array {
  const order = new Int32Array(from.length);
  const next = offsets.slice();
  for (let half = 0; half < from.length; half++) order[next[from[half]!]!++] = half;
  for (let node = 0; node + 1 < offsets.length; node++) {
    order.subarray(offsets[node], offsets[node + 1]).sort((x, y) => from[x ^ 1]! - from[y ^ 1]! || port[x]! - port[y]!);
  }
  return order;
}

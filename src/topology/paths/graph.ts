/**
 * The switch graph as typed arrays: nodes are indices in dpid order, arcs are stored per node in compressed rows.
 * Pure: two equal sets of switches and links give the same graph, whatever the order they came in.
 */
import type { Dpid, PortRef } from '../../core/ids.ts';

export interface GraphLink {
  readonly a: PortRef;
  readonly b: PortRef;
}

export interface Graph {
  readonly dpids: readonly Dpid[];
  readonly indexOf: ReadonlyMap<Dpid, number>;
  /** Arcs of node n stand at rowStart[n] … rowStart[n + 1] - 1, ordered by neighbour, then by port. */
  readonly rowStart: Int32Array;
  readonly arcTo: Int32Array;
  /** The port by which the arc leaves its node. */
  readonly arcPort: Int32Array;
  /** The port by which the arc arrives at its neighbour. */
  readonly arcInPort: Int32Array;
}

/** Links whose ends are not both among the switches are left out. */
export function buildGraph(switches: Iterable<Dpid>, links: Iterable<GraphLink>): Graph {
  const dpids = [...switches].sort();
  const indexOf = new Map(dpids.map((dpid, index) => [dpid, index]));
  const arcs: { from: number; to: number; port: number; inPort: number }[] = [];
  for (const { a, b } of links) {
    const from = indexOf.get(a.dpid);
    const to = indexOf.get(b.dpid);
    if (from === undefined || to === undefined || from === to) continue;
    arcs.push({ from, to, port: a.port, inPort: b.port }, { from: to, to: from, port: b.port, inPort: a.port });
  }
  arcs.sort((x, y) => x.from - y.from || x.to - y.to || x.port - y.port);
  const rowStart = new Int32Array(dpids.length + 1);
  for (const arc of arcs) rowStart[arc.from + 1]!++;
  for (let node = 0; node < dpids.length; node++) rowStart[node + 1]! += rowStart[node]!;
  return {
    dpids,
    indexOf,
    rowStart,
    arcTo: Int32Array.from(arcs, (arc) => arc.to),
    arcPort: Int32Array.from(arcs, (arc) => arc.port),
    arcInPort: Int32Array.from(arcs, (arc) => arc.inPort),
  };
}

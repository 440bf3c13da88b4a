/** Graphs for tests: all small ones, and arbitrary larger ones with parallel links. */
import * as fc from 'fast-check';
import { formatDpid, linkId } from '../../core/ids.ts';
import type { Dpid, LinkId } from '../../core/ids.ts';
import type { GraphLink } from '../paths/graph.ts';

export interface TestLink extends GraphLink {
  readonly id: LinkId;
}

export interface TestGraph {
  readonly dpids: readonly Dpid[];
  readonly links: readonly TestLink[];
}

export function dpidOf(node: number): Dpid {
  return formatDpid(BigInt(node + 1));
}

/** Joins pairs of nodes, each link on ports of its own. */
export function graphOf(nodes: number, pairs: readonly (readonly [number, number])[]): TestGraph {
  const used = new Map<number, number>();
  const end = (node: number) => {
    const port = (used.get(node) ?? 0) + 1;
    used.set(node, port);
    return { dpid: dpidOf(node), port };
  };
  const links = pairs.map(([x, y]) => {
    const a = end(Math.min(x, y));
    const b = end(Math.max(x, y));
    return { id: linkId(a, b), a, b };
  });
  return { dpids: Array.from({ length: nodes }, (_, node) => dpidOf(node)), links };
}

/** Every graph of up to `max` nodes, those that fall apart included. */
export function* allGraphs(max: number): Generator<TestGraph> {
  for (let nodes = 1; nodes <= max; nodes++) {
    const pairs: [number, number][] = [];
    for (let x = 0; x < nodes; x++) for (let y = x + 1; y < nodes; y++) pairs.push([x, y]);
    for (let set = 0; set < 2 ** pairs.length; set++) {
      yield graphOf(
        nodes,
        pairs.filter((_, index) => (set >> index) & 1),
      );
    }
  }
}

/** Every connected graph of two up to `max` nodes: of six there are 26,704. */
export function* connectedGraphs(max: number): Generator<TestGraph> {
  for (const graph of allGraphs(max)) if (graph.dpids.length > 1 && isConnected(graph)) yield graph;
}

function isConnected({ dpids, links }: TestGraph): boolean {
  const reached = new Set(dpids.slice(0, 1));
  for (const dpid of reached) {
    for (const { a, b } of links) {
      if (a.dpid === dpid) reached.add(b.dpid);
      if (b.dpid === dpid) reached.add(a.dpid);
    }
  }
  return reached.size === dpids.length;
}

/** Rows and columns, each node linked to its neighbours. */
export function gridOf(rows: number, columns: number): TestGraph {
  const pairs: [number, number][] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const node = row * columns + column;
      if (column + 1 < columns) pairs.push([node, node + 1]);
      if (row + 1 < rows) pairs.push([node, node + columns]);
    }
  }
  return graphOf(rows * columns, pairs);
}

/** Up to `maxNodes` nodes and `maxLinks` links, parallel ones among them. */
export function arbitraryGraph(maxNodes: number, maxLinks: number): fc.Arbitrary<TestGraph> {
  return fc.integer({ min: 1, max: maxNodes }).chain((nodes) => {
    const node = fc.integer({ min: 0, max: nodes - 1 });
    return fc.array(fc.tuple(node, node), { maxLength: maxLinks, size: 'max' }).map((pairs) =>
      graphOf(
        nodes,
        pairs.filter(([x, y]) => x !== y),
      ),
    );
  });
}

/**
 * A fat tree of k-port switches, k even (Al-Fares et al., SIGCOMM 2008): k/2 edge and k/2 aggregation switches in each of k
 * pods, then (k/2)² core switches. k = 28 has 980 switches and 10,976 links.
 */
export function fatTree(k: number): TestGraph {
  const half = k / 2;
  const pairs: [number, number][] = [];
  const coreStart = k * k;
  for (let pod = 0; pod < k; pod++) {
    for (let i = 0; i < half; i++) {
      const aggregation = pod * k + half + i;
      for (let j = 0; j < half; j++) {
        pairs.push([pod * k + j, aggregation], [aggregation, coreStart + i * half + j]);
      }
    }
  }
  return graphOf(coreStart + half * half, pairs);
}

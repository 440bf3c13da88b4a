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
    const pairs = pairsOf(nodes);
    for (let set = 0; set < 2 ** pairs.length; set++) yield graphOf(nodes, chosen(pairs, set));
  }
}

/** Every two of so many nodes, in order. */
export function pairsOf(nodes: number): [number, number][] {
  const all = Array.from({ length: nodes }, (_, node) => node);
  return all.flatMap((x) => all.slice(x + 1).map((y): [number, number] => [x, y]));
}

/** Those whose bits are set. */
function chosen<T>(items: readonly T[], set: number): T[] {
  return items.filter((_, index) => (set >> index) & 1);
}

/** Every connected graph of two up to `max` nodes: of six there are 26,704. */
export function* connectedGraphs(max: number): Generator<TestGraph> {
  for (const graph of allGraphs(max)) if (graph.dpids.length > 1 && isConnected(graph)) yield graph;
}

export function isConnected({ dpids, links }: TestGraph): boolean {
  const reached = new Set(dpids.slice(0, 1));
  for (const dpid of reached) {
    for (const { a, b } of links) {
      if (a.dpid === dpid) reached.add(b.dpid);
      if (b.dpid === dpid) reached.add(a.dpid);
    }
  }
  return reached.size === dpids.length;
}

/**
 * The connected graphs of two up to `max` nodes, of those that differ by the names of nodes only the first: of six nodes there are
 * 112. For what is asked about every choice of nodes anyway.
 */
export function* shapes(max: number): Generator<TestGraph> {
  for (let nodes = 2; nodes <= max; nodes++) {
    const pairs = pairsOf(nodes);
    const renamed = permutationsOf(nodes).map((names) =>
      pairs.map(([x, y]) => pairs.findIndex((pair) => pair.includes(names[x]!) && pair.includes(names[y]!))),
    );
    const known = new Uint8Array(2 ** pairs.length);
    for (let set = 0; set < known.length; set++) {
      if (known[set]) continue;
      for (const places of renamed)
        known[places.reduce((other, at, index) => other | (((set >> index) & 1) << at), 0)] = 1;
      const graph = graphOf(nodes, chosen(pairs, set));
      if (isConnected(graph)) yield graph;
    }
  }
}

function permutationsOf(length: number): number[][] {
  if (length === 0) return [[]];
  return permutationsOf(length - 1).flatMap((rest) =>
    Array.from({ length }, (_, at) => [...rest.slice(0, at), length - 1, ...rest.slice(at)]),
  );
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

/** Connected graphs of 8 to 12 nodes, parallel links among them, that have few enough paths to look at each. */
export function arbitraryConnectedGraph(maxExtraLinks: number): fc.Arbitrary<TestGraph> {
  return fc.integer({ min: 8, max: 12 }).chain((nodes) => {
    const node = fc.nat(nodes - 1);
    const parents = fc.tuple(...Array.from({ length: nodes - 1 }, (_, before) => fc.nat(before)));
    return fc
      .tuple(parents, fc.array(fc.tuple(node, node), { maxLength: maxExtraLinks, size: 'max' }))
      .map(([parents, extra]) => {
        const tree = parents.map((parent, before): [number, number] => [parent, before + 1]);
        return graphOf(nodes, [...tree, ...extra.filter(([x, y]) => x !== y)]);
      });
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

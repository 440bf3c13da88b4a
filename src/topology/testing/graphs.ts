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

/** Up to `maxNodes` nodes and `maxLinks` links, parallel ones among them. */
export function arbitraryGraph(maxNodes: number, maxLinks: number): fc.Arbitrary<TestGraph> {
  return fc.integer({ min: 1, max: maxNodes }).chain((nodes) => {
    const node = fc.integer({ min: 0, max: nodes - 1 });
    return fc.array(fc.tuple(node, node), { maxLength: maxLinks }).map((pairs) =>
      graphOf(
        nodes,
        pairs.filter(([x, y]) => x !== y),
      ),
    );
  });
}

/** Every connected graph of few nodes, one of each shape. */

export type Edge = readonly [number, number];

export interface SmallGraph {
  /** Nodes are 0 … size - 1. */
  readonly size: number;
  readonly edges: readonly Edge[];
}

/** The connected graphs of `size` nodes up to isomorphism: 1, 1, 2, 6, 21 of 1 to 5 nodes (OEIS A001349). */
export function connectedGraphs(size: number): SmallGraph[] {
  const pairs: Edge[] = [];
  for (let a = 0; a < size; a++) for (let b = a + 1; b < size; b++) pairs.push([a, b]);
  const orders = permutations(Array.from({ length: size }, (_, index) => index));
  const found = new Map<string, SmallGraph>();
  for (let set = 0; set < 1 << pairs.length; set++) {
    const edges = pairs.filter((_, index) => set & (1 << index));
    if (componentOf(0, edges).size < size) continue;
    const name = shapeOf(edges, orders);
    if (!found.has(name)) found.set(name, { size, edges });
  }
  return [...found.values()];
}

/** The nodes that edges lead to from one of them. */
export function componentOf(node: number, edges: readonly Edge[]): ReadonlySet<number> {
  const reached = new Set([node]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [a, b] of edges) {
      if (reached.has(a) === reached.has(b)) continue;
      reached.add(a).add(b);
      grown = true;
    }
  }
  return reached;
}

/** The same for graphs that differ in the names of their nodes only: the least of all ways to write it. */
function shapeOf(edges: readonly Edge[], orders: readonly (readonly number[])[]): string {
  let least: string | undefined;
  for (const order of orders) {
    const renamed = edges.map(([a, b]) => {
      const [x, y] = [order[a]!, order[b]!];
      return x < y ? `${x}${y}` : `${y}${x}`;
    });
    const text = renamed.sort().join();
    if (least === undefined || text < least) least = text;
  }
  return least ?? '';
}

function permutations(list: readonly number[]): number[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((one) => permutations(list.filter((other) => other !== one)).map((rest) => [one, ...rest]));
}

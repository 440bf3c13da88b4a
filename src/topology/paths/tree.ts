/**
 * One spanning tree (forest) for what is flooded. Links are taken in the order of their names, so that a lost or a new
 * link changes one edge of the tree at most, and a restarted controller finds the same tree.
 */
import type { Dpid, LinkId } from '../../core/ids.ts';
import type { GraphLink } from './graph.ts';

type TreeLink = GraphLink & { readonly id: LinkId };

const NOBODY: ReadonlySet<Dpid> = new Set();

/**
 * Which of the links are in the forest: Kruskal's algorithm by order of id. Links of `away` switches come last: what such a
 * switch floods on cannot be changed, and it should be a leaf. Of its links only those are taken that the tree has with all
 * present, too (what is the last of a circle of links is so, whatever is joined before).
 */
export function spanningForest(links: Iterable<TreeLink>, away: ReadonlySet<Dpid> = NOBODY): Set<LinkId> {
  const late = ({ a, b }: TreeLink): number => Number(away.has(a.dpid) || away.has(b.dpid));
  const ordered = [...links].sort((x, y) => late(x) - late(y) || (x.id < y.id ? -1 : 1));
  const chosen = new Set<LinkId>();
  const sets = new DisjointSets();
  for (const { id, a, b } of ordered) if (sets.join(a.dpid, b.dpid)) chosen.add(id);
  return chosen;
}

/** Union-find with path halving. */
export class DisjointSets {
  readonly #parent = new Map<string, string>();

  find(item: string): string {
    let root = item;
    for (;;) {
      const parent = this.#parent.get(root);
      if (parent === undefined || parent === root) return root;
      const grand = this.#parent.get(parent) ?? parent;
      this.#parent.set(root, grand);
      root = grand;
    }
  }

  /** False where the two were in one set already. */
  join(x: string, y: string): boolean {
    const rootX = this.find(x);
    const rootY = this.find(y);
    if (rootX === rootY) return false;
    this.#parent.set(rootX, rootY);
    return true;
  }
}

/**
 * What is left of a graph when one path through it is taken: its arcs may be used a second time, at a price, or be undone. The
 * cheapest way through what is left changes the one path into the cheapest two. Each node has two sides, one where ways arrive and
 * one where they leave, so that passing a node that is taken has its price too.
 */
import { tailOf } from './graph.ts';
import type { ArcPath, Graph } from './graph.ts';
import { Heap } from './heap.ts';

export interface FirstPath {
  readonly graph: Graph;
  readonly from: number;
  readonly to: number;
  readonly path: ArcPath;
  /** What an arc costs more than the cheapest way from where it begins; 0 along the path, Infinity where it may not be used. */
  readonly reduced: (arc: number) => number;
}

export interface Use {
  readonly arc: number;
  /** True where the first path's use of the arc is undone instead. */
  readonly isUndone: boolean;
}

/** More than all links that two paths can share: sharing a node weighs more. */
const NODE_PRICE = 2 ** 20;

/** A step from one side of a node to another. */
interface Move {
  readonly side: number;
  readonly shared: number;
  readonly cost: number;
  readonly use: Use | undefined;
}

/** A way from the beginning to a side. */
interface Label extends Move {
  readonly steps: number;
  /** Which move of its parent's side it is. */
  readonly choice: number;
  readonly parent: Label | undefined;
}

/**
 * What to do beside the first path so that two lead to the end: what shares least, then costs least, takes the fewest steps and is the
 * first in order. There is always a way: the same path again.
 */
export function changeToTwo(first: FirstPath, by: 'links' | 'nodes'): Use[] {
  const movesFrom = movesOf(first, by);
  const taken = new Set<number>();
  /** The best label of each side so far. */
  const best = new Map<number, Label>();
  const open = new Heap<Label>(compareLabels);
  const start = { side: leaving(first.from), shared: 0, cost: 0, use: undefined };
  open.push({ ...start, steps: 0, choice: 0, parent: undefined });
  for (let label = open.pop(); label; label = open.pop()) {
    if (label.side === arriving(first.to)) return usesOf(label);
    if (taken.has(label.side)) continue;
    taken.add(label.side);
    let choice = 0;
    for (const { side, shared, cost, use } of movesFrom(label.side)) {
      choice++;
      if (cost === Infinity || taken.has(side)) continue;
      // Written out: to spread one object into another takes twenty times as long here.
      const next: Label = {
        side,
        shared: label.shared + shared,
        cost: label.cost + cost,
        use,
        steps: label.steps + 1,
        choice,
        parent: label,
      };
      const known = best.get(side);
      if (known && compareLabels(known, next) <= 0) continue;
      best.set(side, next);
      open.push(next);
    }
  }
  throw new Error('the first path may always be taken again: it does not lead from the beginning to the end');
}

/** The steps that lead on from a side, in order of arcs. */
function movesOf(first: FirstPath, by: 'links' | 'nodes'): (side: number) => Move[] {
  const { graph, path, reduced } = first;
  const taken = new Set(path);
  /** How the first path comes to the nodes between its ends. */
  const cameBy = new Map(path.slice(0, -1).map((arc) => [graph.arcTo[arc]!, arc]));
  const pass = by === 'nodes' ? NODE_PRICE : 0;
  return (side) => {
    const node = side >> 1;
    const arrivedBy = cameBy.get(node);
    if (side === arriving(node)) {
      const onwards = { side: leaving(node), shared: arrivedBy === undefined ? 0 : pass, cost: 0, use: undefined };
      if (arrivedBy === undefined) return [onwards];
      const use = { arc: arrivedBy, isUndone: true };
      return [onwards, { side: leaving(tailOf(graph, arrivedBy)), shared: 0, cost: 0, use }];
    }
    const moves: Move[] = [];
    for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
      const use = { arc, isUndone: false };
      moves.push({ side: arriving(graph.arcTo[arc]!), shared: Number(taken.has(arc)), cost: reduced(arc), use });
    }
    if (arrivedBy !== undefined) moves.push({ side: arriving(node), shared: 0, cost: 0, use: undefined });
    return moves;
  };
}

function arriving(node: number): number {
  return 2 * node;
}

function leaving(node: number): number {
  return 2 * node + 1;
}

function compareLabels(x: Label, y: Label): number {
  return x.shared - y.shared || x.cost - y.cost || x.steps - y.steps || x.side - y.side || compareChoices(x, y);
}

/** Of two ways of as many steps: which takes the earlier move where they part. */
function compareChoices(x: Label, y: Label): number {
  let order = 0;
  let [left, right]: [Label | undefined, Label | undefined] = [x, y];
  while (left && right && left !== right) {
    if (left.choice !== right.choice) order = left.choice - right.choice;
    left = left.parent;
    right = right.parent;
  }
  return order;
}

function usesOf(end: Label): Use[] {
  const uses: Use[] = [];
  for (let label: Label | undefined = end; label; label = label.parent) if (label.use) uses.push(label.use);
  return uses.reverse();
}

/** What moves nodes towards their places: springs home, and room for what has no place yet. Custom d3 forces. */
import type { Force } from 'd3-force';
import type { Point } from './arrange/geometry.ts';
import type { LayoutNode } from './layout-node.ts';

const HOME_STRENGTH = 0.32;
/** Push between a node without a place and any other, at distance 1; it falls with the distance. */
const REPEL_STRENGTH = 900;
/** Beyond this distance there is no push. */
const REPEL_REACH = 320;

/** The point a node is drawn to, into `out`; false where it has none. */
function homeOf(node: LayoutNode, out: { x: number; y: number }): boolean {
  if (node.home === undefined) return false;
  const origin: Point | undefined = node.parent;
  out.x = node.home.x + (origin?.x ?? 0);
  out.y = node.home.y + (origin?.y ?? 0);
  return true;
}

/** Draws every node with a place to it; a host's place moves with its switch. */
export function forceHome(): Force<LayoutNode, undefined> {
  let nodes: readonly LayoutNode[] = [];
  const target = { x: 0, y: 0 };
  const force = (alpha: number): void => {
    for (const node of nodes) {
      if (!homeOf(node, target)) continue;
      node.vx += (target.x - node.x) * HOME_STRENGTH * alpha;
      node.vy += (target.y - node.y) * HOME_STRENGTH * alpha;
    }
  };
  return Object.assign(force, {
    initialize: (all: LayoutNode[]): void => {
      nodes = all;
    },
  });
}

/** Pushes nodes without a place away from all others. Only they move, so a newcomer never shakes the picture. */
export function forceRepelLoose(): Force<LayoutNode, undefined> {
  let nodes: readonly LayoutNode[] = [];
  const force = (alpha: number): void => {
    for (const node of nodes) {
      if (node.home !== undefined) continue;
      for (const other of nodes) {
        const dx = node.x - other.x;
        const dy = node.y - other.y;
        const squared = dx * dx + dy * dy;
        if (other === node || squared > REPEL_REACH * REPEL_REACH) continue;
        const push = (REPEL_STRENGTH * alpha) / Math.max(squared, 400);
        node.vx += dx * push * 0.05;
        node.vy += dy * push * 0.05;
      }
    }
  };
  return Object.assign(force, {
    initialize: (all: LayoutNode[]): void => {
      nodes = all;
    },
  });
}

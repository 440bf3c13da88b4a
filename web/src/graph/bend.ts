/** Bows links that would run through a switch, so that no link seems to end where it only passes. */
import { distanceToSegment, SWITCH_RADIUS } from '../arrange/geometry.ts';
import type { Point } from '../arrange/geometry.ts';
import type { LayoutNode } from '../layout-node.ts';
import { pointOnBow } from './line.ts';

export interface Bendable {
  readonly from: number;
  readonly to: number;
  bow: number;
}

/** In larger networks lines are many and thin, and trying bows would take longer than they are worth. */
const NODE_LIMIT = 220;
/** A link must pass the middle of a node at this distance. */
const CLEARANCE = SWITCH_RADIUS + 7;
const HOST_CLEARANCE = 15;
const SAMPLES = 24;
/** Bows that are tried, on both sides, in world units and as a share of the length. */
const BOWS: readonly number[] = [34, 46, 60, 76, 92];
const SHARES: readonly number[] = [0.18, 0.26];

/** Sets the bow of lines that are straight and in the way of others. Goes by where nodes belong, not where they glide. */
export function bendAround(nodes: readonly LayoutNode[], lines: readonly Bendable[]): void {
  if (nodes.length > NODE_LIMIT) return;
  const at = nodes.map(restingPlace);
  const middle = { x: mean(at.map((point) => point.x)), y: mean(at.map((point) => point.y)) };
  for (const line of lines) {
    const [a, b] = [at[line.from], at[line.to]];
    if (a === undefined || b === undefined || line.bow !== 0 || nodes[line.to]?.kind === 'host') continue;
    const blocked = nodes.some((node, i) => {
      const other = at[i];
      if (node.kind === 'host' || i === line.from || i === line.to || other === undefined) return false;
      return distanceToSegment(other, a, b) < CLEARANCE;
    });
    if (blocked) line.bow = bestBow(nodes, at, line, middle);
  }
}

function bestBow(nodes: readonly LayoutNode[], at: readonly Point[], line: Bendable, middle: Point): number {
  const [a, b] = [at[line.from] ?? middle, at[line.to] ?? middle];
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  let best = 0;
  let least = Infinity;
  for (const size of [...BOWS, ...SHARES.map((share) => share * length)]) {
    for (const bow of [size, -size]) {
      const peak = pointOnBow(a, b, bow, 0.5);
      // Of equal bows the outer one wins: there is nothing beyond it.
      const inward =
        Math.hypot(peak.x - middle.x, peak.y - middle.y) <
        Math.hypot((a.x + b.x) / 2 - middle.x, (a.y + b.y) / 2 - middle.y);
      const cost = obstruction(nodes, at, line, bow) * 10 + size / 200 + (inward ? 0.15 : 0);
      if (cost < least) [least, best] = [cost, bow];
    }
  }
  return best;
}

/** How much nodes are in the way of a bow: 0 for none, up to 1 for each. */
function obstruction(nodes: readonly LayoutNode[], at: readonly Point[], line: Bendable, bow: number): number {
  const [a, b] = [at[line.from], at[line.to]];
  if (a === undefined || b === undefined) return 0;
  const path = Array.from({ length: SAMPLES + 1 }, (_, i) => pointOnBow(a, b, bow, i / SAMPLES));
  let sum = 0;
  nodes.forEach((node, i) => {
    const other = at[i];
    if (i === line.from || i === line.to || other === undefined) return;
    const clearance = node.kind === 'host' ? HOST_CLEARANCE : CLEARANCE;
    const nearest = Math.min(...path.map((point) => Math.hypot(point.x - other.x, point.y - other.y)));
    if (nearest < clearance) sum += 1 - nearest / clearance;
  });
  return sum;
}

function restingPlace(node: LayoutNode): Point {
  if (node.fx !== null && node.fy !== null) return { x: node.fx, y: node.fy };
  if (node.home === undefined) return { x: node.x, y: node.y };
  const origin = node.parent === undefined ? { x: 0, y: 0 } : restingPlace(node.parent);
  return { x: origin.x + node.home.x, y: origin.y + node.home.y };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

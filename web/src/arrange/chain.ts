/** Recognises chains and rings: a chain is drawn as a straight line (a long one in rows, back and forth), a ring round. */
import { LINK_LENGTH } from './geometry.ts';
import type { Point } from './geometry.ts';

/** A chain longer than this would be all width and no height. */
const STRAIGHT_LIMIT = 10;
/** A folded chain is about this much wider than high, in switches. */
const FOLDED_SHAPE = 2;

/** Places in order along the (connected) chain or ring; undefined where the network is neither. */
export function placeChain(neighbours: readonly (readonly number[])[]): readonly Point[] | undefined {
  const count = neighbours.length;
  if (count < 2 || neighbours.some((list) => list.length > 2)) return undefined;
  const end = neighbours.findIndex((list) => list.length === 1);
  const order = walk(neighbours, Math.max(0, end));
  const points: Point[] = [];
  order.forEach((index, i) => {
    points[index] = end === -1 ? onCircle(i, count) : onLine(i, count);
  });
  return points;
}

/** Along the links from `start`, the lower name first. */
function walk(neighbours: readonly (readonly number[])[], start: number): readonly number[] {
  const order = [start];
  const seen = new Set(order);
  for (let at: number | undefined = start; at !== undefined;) {
    const next: number | undefined = neighbours[at]?.find((index) => !seen.has(index));
    if (next !== undefined) order.push(next);
    if (next !== undefined) seen.add(next);
    at = next;
  }
  return order;
}

function onLine(i: number, count: number): Point {
  const columns = count <= STRAIGHT_LIMIT ? count : Math.ceil(Math.sqrt(count * FOLDED_SHAPE));
  const row = Math.floor(i / columns);
  const column = row % 2 === 0 ? i % columns : columns - 1 - (i % columns);
  return { x: column * LINK_LENGTH, y: row * LINK_LENGTH * 1.15 };
}

/** Clockwise from the top, turned so that a ring of an even number stands on a side, not on a corner. */
function onCircle(i: number, count: number): Point {
  const radius = LINK_LENGTH / (2 * Math.sin(Math.PI / count));
  const angle = ((i + (count % 2 === 0 ? 0.5 : 0)) / count) * Math.PI * 2 - Math.PI / 2;
  return { x: Math.cos(angle) * radius * 1.15, y: Math.sin(angle) * radius };
}

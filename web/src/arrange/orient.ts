/** Turns an arrangement so that its lines lie level or upright, it is wider than high, and names read from the left. */
import { ASPECT, boxOf } from './geometry.ts';
import type { Point } from './geometry.ts';

const STEP_DEGREES = 2.5;
/** Level lines count more than a fitting shape. */
const SHAPE_WEIGHT = 0.3;

/** `points` are in the order of names. */
export function orient(points: readonly Point[], neighbours: readonly (readonly number[])[]): readonly Point[] {
  let best = points;
  let bestCost = Infinity;
  for (let degrees = 0; degrees < 180; degrees += STEP_DEGREES) {
    const turned = rotate(points, (degrees * Math.PI) / 180);
    const cost = slant(turned, neighbours) + SHAPE_WEIGHT * shape(turned);
    if (cost < bestCost - 1e-6) [best, bestCost] = [turned, cost];
  }
  const flipX = leaning(best.map((point) => point.x)) < 0 ? -1 : 1;
  const flipY = leaning(best.map((point) => point.y)) < 0 ? -1 : 1;
  return best.map(({ x, y }) => ({ x: x * flipX, y: y * flipY }));
}

function rotate(points: readonly Point[], angle: number): readonly Point[] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return points.map(({ x, y }) => ({ x: x * cos - y * sin, y: x * sin + y * cos }));
}

/** 0 when every link is level or upright, 1 when all are diagonal. */
function slant(points: readonly Point[], neighbours: readonly (readonly number[])[]): number {
  let sum = 0;
  let links = 0;
  neighbours.forEach((list, a) => {
    for (const b of list) {
      if (b < a) continue;
      const dx = Math.abs((points[a]?.x ?? 0) - (points[b]?.x ?? 0));
      const dy = Math.abs((points[a]?.y ?? 0) - (points[b]?.y ?? 0));
      sum += Math.min(dx, dy) / (Math.max(dx, dy) || 1);
      links += 1;
    }
  });
  return links === 0 ? 0 : sum / links;
}

/** 0 for the shape of a window, more the further from it. */
function shape(points: readonly Point[]): number {
  const box = boxOf(points, 60);
  return Math.abs(Math.log((box.maxX - box.minX) / (box.maxY - box.minY) / ASPECT));
}

/** Positive when values grow along the list. */
function leaning(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  return values.reduce((sum, value, index) => sum + value * (index - middle), 0);
}

/** The run of a line on screen: straight, or bowed around what stands in its way. */
import type { Point } from '../arrange/geometry.ts';

/** What lines are drawn from: a part of a scene. */
export interface Lines {
  /** Indices of their ends. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly bow: Float32Array;
  /** Where nodes are on screen: x, y, x, y… */
  readonly screen: Float32Array;
}

/** Adds a line to the current path. */
export function traceLine(ctx: CanvasRenderingContext2D, scene: Lines, line: number, k: number): void {
  const { screen } = scene;
  const a = 2 * (scene.from[line] ?? 0);
  const b = 2 * (scene.to[line] ?? 0);
  const ax = screen[a] ?? 0;
  const ay = screen[a + 1] ?? 0;
  const bx = screen[b] ?? 0;
  const by = screen[b + 1] ?? 0;
  const bow = (scene.bow[line] ?? 0) * k;
  ctx.moveTo(ax, ay);
  if (bow === 0) ctx.lineTo(bx, by);
  else {
    // A quadratic curve passes half way between its control point and the straight line.
    const reach = (2 * bow) / (Math.hypot(bx - ax, by - ay) || 1);
    ctx.quadraticCurveTo((ax + bx) / 2 - (by - ay) * reach, (ay + by) / 2 + (bx - ax) * reach, bx, by);
  }
}

/** The point at the share `t` of a line on screen. */
export function pointOn({ screen, from, to, bow }: Lines, line: number, t: number, k: number): Point {
  const a = 2 * (from[line] ?? 0);
  const b = 2 * (to[line] ?? 0);
  const start = { x: screen[a] ?? 0, y: screen[a + 1] ?? 0 };
  return pointOnBow(start, { x: screen[b] ?? 0, y: screen[b + 1] ?? 0 }, (bow[line] ?? 0) * k, t);
}

/** The point at the share `t` of the curve from `a` to `b` whose middle lies `bow` beside the straight line. */
export function pointOnBow(a: Point, b: Point, bow: number, t: number): Point {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const aside = (bow * 4 * t * (1 - t)) / (Math.hypot(dx, dy) || 1);
  return { x: a.x + dx * t - dy * aside, y: a.y + dy * t + dx * aside };
}

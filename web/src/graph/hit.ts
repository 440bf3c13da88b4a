/** What lies under a pointer. Works on the screen positions of the last frame. */
import { distanceToSegment } from '../arrange/geometry.ts';
import type { Point } from '../arrange/geometry.ts';
import { pointOn } from './line.ts';
import { LINE, NODE } from './scene.ts';
import type { Scene } from './scene.ts';
import { hostRadius, switchRadius } from './sizes.ts';

/** A finger is no pixel: this much beside a node still means it. */
const NODE_SLACK = 5;
const LINE_SLACK = 6;

/** The key of the nearest node under the point, or else of a link near it. */
export function hit(scene: Scene, k: number, x: number, y: number): string | undefined {
  return hitNode(scene, k, x, y) ?? hitLine(scene, k, x, y);
}

function hitNode(scene: Scene, k: number, x: number, y: number): string | undefined {
  let best: string | undefined;
  let nearest = Infinity;
  for (let i = 0; i < scene.nodes.length; i++) {
    const radius = (scene.nodeStyle[i] === NODE.HOST ? hostRadius(k) : switchRadius(k)) + NODE_SLACK;
    const distance = Math.hypot((scene.screen[2 * i] ?? 0) - x, (scene.screen[2 * i + 1] ?? 0) - y);
    if (distance > radius || distance >= nearest) continue;
    nearest = distance;
    best = scene.nodes[i]?.key;
  }
  return best;
}

function hitLine(scene: Scene, k: number, x: number, y: number): string | undefined {
  let best: string | undefined;
  let nearest: number = LINE_SLACK;
  for (let line = 0; line < scene.from.length; line++) {
    if (scene.lineStyle[line] === LINE.HOST) continue;
    const distance = distanceToLine(scene, line, k, { x, y });
    if (distance >= nearest) continue;
    nearest = distance;
    best = scene.lineKeys[line];
  }
  return best;
}

/** Straight pieces that stand for a bowed line. */
const PIECES = 6;

function distanceToLine(scene: Scene, line: number, k: number, at: Point): number {
  const pieces = scene.bow[line] === 0 ? 1 : PIECES;
  let nearest = Infinity;
  for (let piece = 0; piece < pieces; piece++) {
    const [start, end] = [pointOn(scene, line, piece / pieces, k), pointOn(scene, line, (piece + 1) / pieces, k)];
    nearest = Math.min(nearest, distanceToSegment(at, start, end));
  }
  return nearest;
}

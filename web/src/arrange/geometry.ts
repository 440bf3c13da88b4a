/** Measures of the picture, in units of the canvas at scale 1. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** Half the side of a switch's square. */
export const SWITCH_RADIUS = 18;
export const HOST_RADIUS = 8;
/** Between hosts in a row: room for the label "10.0.0.14". */
export const HOST_SPACING = 62;
/** Between rows of hosts. */
export const HOST_ROW = 50;
/** From a switch to its hosts. */
export const HOST_DISTANCE = 72;
/** The least distance between two switches of one storey. */
export const SWITCH_SPACING = 96;
/** The length of a link in a free arrangement. */
export const LINK_LENGTH = 158;
/** The shape of a picture that fits most windows. */
export const ASPECT = 1.7;

export function boxOf(points: Iterable<Point>, margin: number): Box {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    minX = Math.min(minX, x - margin);
    minY = Math.min(minY, y - margin);
    maxX = Math.max(maxX, x + margin);
    maxY = Math.max(maxY, y + margin);
  }
  return { minX, minY, maxX, maxY };
}

/** A number in [0, 1) that is always the same for the same text (FNV-1a). */
export function hashUnit(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}

/** A seeded stream of numbers in [0, 1) (mulberry32), so that the same network is drawn the same each time. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The distance from a point to the nearest point of a line from `a` to `b`. */
export function distanceToSegment(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const along = ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

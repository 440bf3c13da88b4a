/** The window on the picture: `screen = world × k + (x, y)`, in CSS pixels. */
import type { Box, Point } from '../arrange/geometry.ts';

export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export const ZOOM = { least: 0.04, most: 4, fitMost: 1.25 } as const;
/** Free edges of a fitted picture: labels stand below their circles, tools in the corners. */
const PADDING = { sides: 44, top: 34, bottom: 46 } as const;
/** The share of the way a gliding camera goes in one frame. */
const GLIDE = 0.2;

export const HOME_CAMERA: Camera = { x: 0, y: 0, k: 1 };

export function fitCamera(box: Box, width: number, height: number): Camera {
  const roomX = Math.max(1, width - 2 * PADDING.sides);
  const roomY = Math.max(1, height - PADDING.top - PADDING.bottom);
  const wanted = Math.min(roomX / Math.max(1, box.maxX - box.minX), roomY / Math.max(1, box.maxY - box.minY));
  const k = Math.min(ZOOM.fitMost, Math.max(ZOOM.least, wanted));
  return {
    x: PADDING.sides + roomX / 2 - ((box.minX + box.maxX) / 2) * k,
    y: PADDING.top + roomY / 2 - ((box.minY + box.maxY) / 2) * k,
    k,
  };
}

/** Zooms so that what is under (`px`, `py`) stays there. */
export function zoomAt(camera: Camera, px: number, py: number, factor: number): Camera {
  const k = Math.min(ZOOM.most, Math.max(ZOOM.least, camera.k * factor));
  const ratio = k / camera.k;
  return { x: px - (px - camera.x) * ratio, y: py - (py - camera.y) * ratio, k };
}

export function pan(camera: Camera, dx: number, dy: number): Camera {
  return { x: camera.x + dx, y: camera.y + dy, k: camera.k };
}

export function toWorld(camera: Camera, px: number, py: number): Point {
  return { x: (px - camera.x) / camera.k, y: (py - camera.y) / camera.k };
}

export function centredOn(point: Point, k: number, width: number, height: number): Camera {
  return { x: width / 2 - point.x * k, y: height / 2 - point.y * k, k };
}

/** One frame's step towards a target; the target itself once the rest is less than one can see. */
export function glide(from: Camera, to: Camera): Camera {
  const near = Math.abs(to.x - from.x) < 0.4 && Math.abs(to.y - from.y) < 0.4 && Math.abs(to.k / from.k - 1) < 0.002;
  if (near) return to;
  const step = (a: number, b: number): number => a + (b - a) * GLIDE;
  return { x: step(from.x, to.x), y: step(from.y, to.y), k: step(from.k, to.k) };
}

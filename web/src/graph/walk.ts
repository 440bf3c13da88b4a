/** Walks the picture with arrow keys. */
import type { Scene } from './scene.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

const VECTORS: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};

/** The key of the nearest node in a direction, what lies off the way counting as further; the first node to start. */
export function nextInDirection(scene: Scene, from: string | undefined, direction: Direction): string | undefined {
  const start = from === undefined ? undefined : scene.nodes[scene.indexOf.get(from) ?? -1];
  if (start === undefined) return scene.nodes[0]?.key;
  const [ux, uy] = VECTORS[direction];
  let best: string | undefined;
  let least = Infinity;
  for (const node of scene.nodes) {
    const ahead = (node.x - start.x) * ux + (node.y - start.y) * uy;
    const aside = Math.abs((node.x - start.x) * uy) + Math.abs((node.y - start.y) * ux);
    if (ahead < 1 || aside > ahead * 2) continue;
    const cost = ahead + 2 * aside;
    if (cost < least) [best, least] = [node.key, cost];
  }
  return best;
}

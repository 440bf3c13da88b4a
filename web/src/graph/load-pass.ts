/** Writes what flows over the line under the pointer. Of the selected one the details tell, and nothing is covered for long. */
import type { Frame } from './frame.ts';
import { pointOn } from './line.ts';

const SIZE = 11.5;
const LINE_HEIGHT = 17;
const PADDING = { x: 9, y: 6 } as const;
const CORNER = 6;

export function drawRates(frame: Frame): void {
  const { ctx, scene, camera, theme, load } = frame;
  const line = scene.lineOf.get(frame.hovered ?? '');
  const texts = line === undefined ? [] : load.textOf(line);
  if (line === undefined || texts.length === 0) return;
  ctx.font = `500 ${SIZE}px ${theme.font}`;
  const width = Math.max(...texts.map((text) => ctx.measureText(text).width)) + 2 * PADDING.x;
  const height = texts.length * LINE_HEIGHT + 2 * PADDING.y;
  const { x, y } = pointOn(scene, line, 0.5, camera.k);
  // All of it in sight, wherever the middle of the line is.
  const left = Math.max(4, Math.min(frame.width - width - 4, x - width / 2));
  const top = Math.max(4, Math.min(frame.height - height - 4, y - height / 2));
  ctx.beginPath();
  ctx.roundRect(left, top, width, height, CORNER);
  ctx.fillStyle = theme.raised;
  ctx.strokeStyle = theme.accent;
  ctx.lineWidth = 1;
  ctx.fill();
  ctx.stroke();
  ctx.fillStyle = theme.ink;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  texts.forEach((text, index) => ctx.fillText(text, left + PADDING.x, top + PADDING.y + (index + 0.5) * LINE_HEIGHT));
}

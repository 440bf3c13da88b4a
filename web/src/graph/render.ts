/** Draws a frame: lines first, by style so that each style is one stroke; then marks, nodes and labels. */
import { drawGhosts, drawHighlights, drawPulses } from './marks-pass.ts';
import type { Frame } from './frame.ts';
import { drawLabels } from './labels-pass.ts';
import { drawRates } from './load-pass.ts';
import { drawNodes } from './nodes-pass.ts';
import { pointOn, traceLine } from './line.ts';
import { LINE } from './scene.ts';

const SOLID: readonly number[] = [];
const DASHED: readonly number[] = [8, 5];
const DOTTED: readonly number[] = [2, 5];

export function render(frame: Frame): void {
  const { ctx, ratio, width, height, theme } = frame;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.fillStyle = theme.canvas;
  ctx.fillRect(0, 0, width, height);
  project(frame);
  const thick = Math.min(2.4, Math.max(0.7, 1.7 * frame.camera.k));
  strokeLines(frame, LINE.HOST, theme.hostLink, thick * 0.8, SOLID, 0);
  strokeLines(frame, LINE.UP, theme.link, thick, SOLID, 0);
  drawBusy(frame, thick);
  strokeLines(frame, LINE.ONE_WAY, theme.warn, thick * 1.2, DASHED);
  strokeLines(frame, LINE.DOWN, theme.bad, thick * 1.2, DOTTED);
  drawCrosses(frame);
  drawGhosts(frame);
  drawHighlights(frame);
  drawPulses(frame);
  drawNodes(frame);
  drawLabels(frame);
  drawRates(frame);
}

function project({ scene, camera }: Frame): void {
  for (let i = 0; i < scene.nodes.length; i++) {
    const node = scene.nodes[i];
    scene.screen[2 * i] = (node?.x ?? 0) * camera.k + camera.x;
    scene.screen[2 * i + 1] = (node?.y ?? 0) * camera.k + camera.y;
  }
}

/** Busy lines over the idle ones, the busiest last: told by thickness as well as by colour. */
function drawBusy(frame: Frame, thick: number): void {
  const { theme } = frame;
  theme.load.forEach((colour, index) => {
    const level = index + 1;
    const width = thick * (1 + level * 0.55);
    strokeLines(frame, LINE.HOST, colour, width * 0.8, SOLID, level);
    strokeLines(frame, LINE.UP, colour, width, SOLID, level);
  });
}

/** Strokes the lines of a style; where a level is given, those of them that are as busy. */
function strokeLines(
  frame: Frame,
  style: number,
  colour: string,
  width: number,
  dash: readonly number[],
  level?: number,
): void {
  const { ctx, scene, camera, load } = frame;
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dash as number[]);
  ctx.beginPath();
  for (let line = 0; line < scene.lineStyle.length; line++) {
    if (scene.lineStyle[line] !== style || (level !== undefined && load.levels[line] !== level)) continue;
    traceLine(ctx, scene, line, camera.k);
  }
  ctx.stroke();
  ctx.setLineDash(SOLID as number[]);
}

/** A cross in the middle of every link that is down: told by shape, not by colour alone. */
function drawCrosses({ ctx, scene, camera, theme }: Frame): void {
  ctx.strokeStyle = theme.bad;
  ctx.lineWidth = 2;
  ctx.beginPath();
  for (let line = 0; line < scene.lineStyle.length; line++) {
    if (scene.lineStyle[line] !== LINE.DOWN) continue;
    const { x, y } = pointOn(scene, line, 0.5, camera.k);
    ctx.moveTo(x - 5, y - 5);
    ctx.lineTo(x + 5, y + 5);
    ctx.moveTo(x + 5, y - 5);
    ctx.lineTo(x - 5, y + 5);
  }
  ctx.stroke();
}

/** Writes labels so that none covers another: the important first, the rest where there is room. */
import { NODE } from './scene.ts';
import type { Frame } from './frame.ts';
import { hostRadius, switchRadius, textSize } from './sizes.ts';

/** The screen in cells, each taken or free. Reused from frame to frame. */
const CELL = 3;
let taken = new Uint8Array(0);
let columns = 0;
let lines = 0;

const widths = { regular: new Map<string, number>(), bold: new Map<string, number>() };
/** Names come and go; past this many the cache starts anew. */
const WIDTH_LIMIT = 20_000;
/** The size at which widths are measured. */
const MEASURE_PX = 12;
/** Below this zoom hosts are dots without names, unless asked for. */
const HOST_NAMES_FROM = 0.45;
/** A switch of at least this half side carries a short name inside. */
export const NAME_INSIDE_FROM = 12;
const NAME_INSIDE_LENGTH = 4;

/** Whether a switch's name stands inside its square at this size. */
export function nameInside(label: string, radius: number): boolean {
  return label.length <= NAME_INSIDE_LENGTH && radius >= NAME_INSIDE_FROM;
}

export function drawLabels(frame: Frame): void {
  const { ctx, camera, theme, scene, marked } = frame;
  resetCells(frame.width, frame.height);
  const size = textSize(camera.k);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'alphabetic';
  ctx.lineJoin = 'round';
  takeSwitchSquares(frame);
  drawInside(frame);
  ctx.strokeStyle = theme.canvas;
  ctx.lineWidth = 3.5;
  for (const key of marked) {
    const index = scene.indexOf.get(key);
    if (index !== undefined) drawBelow(frame, index, size, true);
  }
  for (let index = 0; index < scene.nodes.length; index++) {
    if (scene.nodeStyle[index] !== NODE.HOST && !isMarked(frame, index)) drawBelow(frame, index, size, false);
  }
  if (camera.k < HOST_NAMES_FROM) return;
  for (let index = 0; index < scene.nodes.length; index++) {
    if (scene.nodeStyle[index] === NODE.HOST && !isMarked(frame, index)) drawBelow(frame, index, size, false);
  }
}

function isMarked({ scene, marked }: Frame, index: number): boolean {
  return marked.has(scene.nodes[index]?.key ?? '');
}

function resetCells(width: number, height: number): void {
  columns = Math.ceil(width / CELL) + 1;
  lines = Math.ceil(height / CELL) + 1;
  if (taken.length < columns * lines) taken = new Uint8Array(columns * lines);
  else taken.fill(0);
}

/** Takes the cells of a rectangle; false (and nothing taken) where one is taken already and `force` is not set. */
function take(x: number, y: number, width: number, height: number, force: boolean): boolean {
  const left = Math.max(0, Math.floor(x / CELL));
  const right = Math.min(columns - 1, Math.floor((x + width) / CELL));
  const top = Math.max(0, Math.floor(y / CELL));
  const bottom = Math.min(lines - 1, Math.floor((y + height) / CELL));
  if (right < left || bottom < top) return false;
  if (!force) {
    for (let line = top; line <= bottom; line++) {
      for (let column = left; column <= right; column++) if (taken[line * columns + column] === 1) return false;
    }
  }
  for (let line = top; line <= bottom; line++) taken.fill(1, line * columns + left, line * columns + right + 1);
  return true;
}

function takeSwitchSquares({ scene, camera }: Frame): void {
  // A little less than the square, so that its own name has room right under it.
  const radius = switchRadius(camera.k) - 3;
  for (let i = 0; i < scene.nodes.length; i++) {
    if (scene.nodeStyle[i] === NODE.HOST) continue;
    take((scene.screen[2 * i] ?? 0) - radius, (scene.screen[2 * i + 1] ?? 0) - radius, radius * 2, radius * 2, true);
  }
}

function drawInside(frame: Frame): void {
  const { ctx, scene, camera, theme } = frame;
  const radius = switchRadius(camera.k);
  if (radius < NAME_INSIDE_FROM) return;
  ctx.font = `600 ${Math.round(radius * 0.66 * 2) / 2}px ${theme.font}`;
  ctx.textBaseline = 'middle';
  for (let i = 0; i < scene.nodes.length; i++) {
    const label = scene.labels[i] ?? '';
    if (scene.nodeStyle[i] === NODE.HOST || !nameInside(label, radius)) continue;
    ctx.fillStyle = scene.nodeStyle[i] === NODE.OFFLINE ? theme.muted : theme.switchInk;
    ctx.fillText(label, scene.screen[2 * i] ?? 0, (scene.screen[2 * i + 1] ?? 0) + radius * 0.05);
  }
  ctx.textBaseline = 'alphabetic';
}

function drawBelow(frame: Frame, index: number, size: number, force: boolean): void {
  const { ctx, scene, camera, theme } = frame;
  const style = scene.nodeStyle[index];
  const host = style === NODE.HOST;
  const radius = host ? hostRadius(camera.k) : switchRadius(camera.k);
  const label = scene.labels[index] ?? '';
  const inside = !host && nameInside(label, radius);
  const text = style === NODE.OFFLINE ? (inside ? 'offline' : `${label} (offline)`) : inside ? '' : label;
  if (text === '') return;
  const x = scene.screen[2 * index] ?? 0;
  const top = (scene.screen[2 * index + 1] ?? 0) + radius + 4;
  if (x < -80 || top < -30 || x > frame.width + 80 || top > frame.height + 10) return;
  const width = (widthOf(frame, text, !host) * size) / MEASURE_PX;
  // Where a neighbour's label is in the way, one line lower there may be room.
  let y = top;
  if (!take(x - width / 2, y, width, size - 1, force)) {
    y += size + 2;
    if (!take(x - width / 2, y, width, size - 1, false)) return;
  }
  ctx.font = `${host ? 400 : 600} ${size}px ${theme.font}`;
  ctx.strokeText(text, x, y + size * 0.88);
  ctx.fillStyle = !force && (host || style === NODE.OFFLINE) ? theme.muted : theme.ink;
  ctx.fillText(text, x, y + size * 0.88);
}

function widthOf({ ctx, theme }: Frame, text: string, bold: boolean): number {
  const cache = bold ? widths.bold : widths.regular;
  const known = cache.get(text);
  if (known !== undefined) return known;
  if (cache.size > WIDTH_LIMIT) cache.clear();
  ctx.font = `${bold ? 600 : 400} ${MEASURE_PX}px ${theme.font}`;
  const { width } = ctx.measureText(text);
  cache.set(text, width);
  return width;
}

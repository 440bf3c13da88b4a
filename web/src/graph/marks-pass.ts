/** Draws what calls for attention: the selection with its links, pulses on news, shadows of what is gone. */
import { FADE_MS, PULSE_MS } from './effects.ts';
import type { Frame } from './frame.ts';
import { traceSwitch } from './nodes-pass.ts';
import { pointOn, traceLine } from './line.ts';
import { LINE, NODE } from './scene.ts';
import { hostRadius, switchRadius } from './sizes.ts';

const PULSE_REACH = 22;
/** From a node's edge to the port number on its link. */
const PORT_DISTANCE = 12;
const PORT_STAGGER = 15;

/** Rings around the selected and the hovered node, their links in the accent colour with port numbers. */
export function drawHighlights(frame: Frame): void {
  const { ctx, theme, selected, hovered } = frame;
  ctx.strokeStyle = theme.accent;
  if (hovered !== undefined && hovered !== selected) {
    ctx.globalAlpha = 0.55;
    traceThing(frame, hovered, 3);
    ctx.globalAlpha = 1;
  }
  if (selected === undefined) return;
  ctx.lineWidth = 2.6;
  ctx.beginPath();
  eachLineOf(frame, selected, (line) => traceLine(ctx, frame.scene, line, frame.camera.k));
  ctx.stroke();
  traceThing(frame, selected, 4);
  let count = 0;
  // Every other one stands a little further out, since lines that leave side by side are close at the node.
  eachLineOf(frame, selected, (line) => drawPorts(frame, line, PORT_DISTANCE + (count++ % 2) * PORT_STAGGER));
}

/** The lines that belong to a key: itself, or all at a node. */
function eachLineOf({ scene }: Frame, key: string, act: (line: number) => void): void {
  const own = scene.lineOf.get(key);
  if (own !== undefined) act(own);
  const index = scene.indexOf.get(key);
  if (index === undefined) return;
  for (let line = 0; line < scene.from.length; line++) {
    if (line !== own && (scene.from[line] === index || scene.to[line] === index)) act(line);
  }
}

/** Strokes the outline of a node, or a link, a little outside of it. */
function traceThing({ ctx, scene, camera }: Frame, key: string, outside: number): void {
  const index = scene.indexOf.get(key);
  const line = scene.lineOf.get(key);
  ctx.beginPath();
  if (index !== undefined) {
    const x = scene.screen[2 * index] ?? 0;
    const y = scene.screen[2 * index + 1] ?? 0;
    if (scene.nodeStyle[index] === NODE.HOST) ctx.arc(x, y, hostRadius(camera.k) + outside, 0, Math.PI * 2);
    else traceSwitch(ctx, x, y, switchRadius(camera.k) + outside);
    ctx.lineWidth = 2.4;
  } else if (line !== undefined) {
    traceLine(ctx, scene, line, camera.k);
    ctx.lineWidth = 4;
  }
  ctx.stroke();
}

function drawPorts(frame: Frame, line: number, distance: number): void {
  const { ctx, scene, camera, theme } = frame;
  const a = 2 * (scene.from[line] ?? 0);
  const b = 2 * (scene.to[line] ?? 0);
  const dx = (scene.screen[b] ?? 0) - (scene.screen[a] ?? 0);
  const dy = (scene.screen[b + 1] ?? 0) - (scene.screen[a + 1] ?? 0);
  const length = Math.hypot(dx, dy) || 1;
  const away = switchRadius(camera.k) * 1.25 + distance;
  if (length < away * 2) return;
  ctx.font = `600 10.5px ${theme.font}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.strokeStyle = theme.canvas;
  ctx.lineWidth = 4;
  ctx.fillStyle = theme.accent;
  for (const end of [0, 1]) {
    const port = scene.ports[2 * line + end] ?? 0;
    if (port === 0) continue;
    const { x, y } = pointOn(scene, line, end === 0 ? away / length : 1 - away / length, camera.k);
    ctx.strokeText(String(port), x, y);
    ctx.fillText(String(port), x, y);
  }
  ctx.strokeStyle = theme.accent;
}

export function drawPulses(frame: Frame): void {
  const { ctx, scene, camera, theme, effects, now, still } = frame;
  for (const [key, since] of effects.pulses) {
    const age = Math.min(1, Math.max(0, (now - since) / PULSE_MS));
    const index = scene.indexOf.get(key);
    const line = scene.lineOf.get(key);
    ctx.globalAlpha = still ? 0.8 : (1 - age) ** 1.5;
    ctx.strokeStyle = theme.accent;
    ctx.beginPath();
    if (line !== undefined && scene.lineStyle[line] !== LINE.HOST) {
      traceLine(ctx, scene, line, camera.k);
      ctx.lineWidth = still ? 4 : 3 + 5 * (1 - age);
      ctx.stroke();
    } else if (index !== undefined) {
      const grown = still ? 5 : 3 + PULSE_REACH * (1 - (1 - age) ** 2);
      const x = scene.screen[2 * index] ?? 0;
      const y = scene.screen[2 * index + 1] ?? 0;
      if (scene.nodeStyle[index] === NODE.HOST) ctx.arc(x, y, hostRadius(camera.k) + grown, 0, Math.PI * 2);
      else traceSwitch(ctx, x, y, switchRadius(camera.k) + grown);
      ctx.lineWidth = 2.5;
      ctx.stroke();
    }
  }
  ctx.globalAlpha = 1;
}

export function drawGhosts({ ctx, camera, theme, effects, now, still }: Frame): void {
  ctx.strokeStyle = theme.bad;
  ctx.fillStyle = theme.bad;
  ctx.textAlign = 'center';
  ctx.lineWidth = 2;
  for (const ghost of effects.ghosts) {
    const age = Math.min(1, Math.max(0, (now - ghost.since) / FADE_MS));
    ctx.globalAlpha = still ? 0.6 : (1 - age) * 0.85;
    const x = ghost.x * camera.k + camera.x;
    const y = ghost.y * camera.k + camera.y;
    ctx.beginPath();
    if (ghost.kind === 'line') {
      ctx.moveTo(x, y);
      ctx.lineTo(ghost.x2 * camera.k + camera.x, ghost.y2 * camera.k + camera.y);
    } else if (ghost.kind === 'host') ctx.arc(x, y, hostRadius(camera.k), 0, Math.PI * 2);
    else traceSwitch(ctx, x, y, switchRadius(camera.k));
    ctx.stroke();
    if (ghost.label === '') continue;
    ctx.font = `600 11px ${theme.font}`;
    ctx.fillText(ghost.label, x, y + switchRadius(camera.k) + 14);
  }
  ctx.globalAlpha = 1;
}

/** Draws switches as rounded squares and hosts as circles. */
import type { Frame } from './frame.ts';
import { nameInside } from './labels-pass.ts';
import { NODE } from './scene.ts';
import { hostRadius, switchRadius } from './sizes.ts';

const OFFLINE_DASH = [4, 3];
const NO_DASH: number[] = [];

export function drawNodes(frame: Frame): void {
  drawHosts(frame);
  drawSwitches(frame, NODE.SWITCH);
  drawSwitches(frame, NODE.OFFLINE);
  drawArrows(frame);
  drawPins(frame);
}

/** Adds a switch's outline to the current path. */
export function traceSwitch(ctx: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  ctx.roundRect(x - radius, y - radius, radius * 2, radius * 2, radius * 0.42);
}

function drawHosts({ ctx, scene, camera, theme }: Frame): void {
  const radius = hostRadius(camera.k);
  ctx.beginPath();
  for (let i = 0; i < scene.nodes.length; i++) {
    if (scene.nodeStyle[i] !== NODE.HOST) continue;
    const x = scene.screen[2 * i] ?? 0;
    const y = scene.screen[2 * i + 1] ?? 0;
    ctx.moveTo(x + radius, y);
    ctx.arc(x, y, radius, 0, Math.PI * 2);
  }
  ctx.fillStyle = theme.host;
  ctx.fill();
  ctx.strokeStyle = theme.hostEdge;
  ctx.lineWidth = Math.max(1, Math.min(2, 2 * camera.k));
  ctx.stroke();
}

function drawSwitches({ ctx, scene, camera, theme }: Frame, style: number): void {
  const radius = switchRadius(camera.k);
  const offline = style === NODE.OFFLINE;
  ctx.beginPath();
  for (let i = 0; i < scene.nodes.length; i++) {
    if (scene.nodeStyle[i] === style) traceSwitch(ctx, scene.screen[2 * i] ?? 0, scene.screen[2 * i + 1] ?? 0, radius);
  }
  ctx.fillStyle = offline ? theme.canvas : theme.switchFill;
  ctx.fill();
  ctx.setLineDash(offline ? OFFLINE_DASH : NO_DASH);
  ctx.strokeStyle = offline ? theme.offline : theme.canvas;
  ctx.lineWidth = offline ? 2 : 1.5;
  ctx.stroke();
  ctx.setLineDash(NO_DASH);
}

/** The sign of a switch, two arrows that pass each other, where its name has no room inside. */
function drawArrows({ ctx, scene, camera, theme }: Frame): void {
  const radius = switchRadius(camera.k);
  if (radius < 9) return;
  const reach = radius * 0.52;
  const rise = radius * 0.24;
  const tip = radius * 0.2;
  for (const style of [NODE.SWITCH, NODE.OFFLINE]) {
    ctx.beginPath();
    for (let i = 0; i < scene.nodes.length; i++) {
      if (scene.nodeStyle[i] !== style || nameInside(scene.labels[i] ?? '', radius)) continue;
      const x = scene.screen[2 * i] ?? 0;
      const y = scene.screen[2 * i + 1] ?? 0;
      for (const side of [-1, 1]) {
        ctx.moveTo(x - side * reach, y + side * rise);
        ctx.lineTo(x + side * reach, y + side * rise);
        ctx.moveTo(x + side * (reach - tip), y + side * rise - tip);
        ctx.lineTo(x + side * reach, y + side * rise);
        ctx.lineTo(x + side * (reach - tip), y + side * rise + tip);
      }
    }
    ctx.strokeStyle = style === NODE.SWITCH ? theme.switchInk : theme.offline;
    ctx.lineWidth = Math.max(1.2, radius * 0.1);
    ctx.lineCap = 'round';
    ctx.stroke();
    ctx.lineCap = 'butt';
  }
}

/** A dot at the corner of what the user pinned. */
function drawPins({ ctx, scene, camera, theme }: Frame): void {
  ctx.beginPath();
  for (let i = 0; i < scene.nodes.length; i++) {
    if ((scene.nodes[i]?.fx ?? null) === null) continue;
    const radius = scene.nodeStyle[i] === NODE.HOST ? hostRadius(camera.k) * 0.8 : switchRadius(camera.k) * 0.95;
    const x = (scene.screen[2 * i] ?? 0) + radius;
    const y = (scene.screen[2 * i + 1] ?? 0) - radius;
    ctx.moveTo(x + 3.5, y);
    ctx.arc(x, y, 3.5, 0, Math.PI * 2);
  }
  ctx.fillStyle = theme.warn;
  ctx.fill();
  ctx.strokeStyle = theme.canvas;
  ctx.lineWidth = 1.5;
  ctx.stroke();
}

/** Mouse, pen and fingers on the canvas: pan, pinch, wheel, drag of nodes, click and double click. */
import type { Point } from '../arrange/geometry.ts';

export interface PointerHandlers {
  /** What lies under a point of the canvas; only nodes (not links) can be dragged. */
  readonly hit: (at: Point) => string | undefined;
  readonly canDrag: (key: string) => boolean;
  readonly onHover: (key: string | undefined) => void;
  readonly onClick: (key: string | undefined) => void;
  readonly onDoubleClick: (key: string | undefined) => void;
  readonly onDrag: (key: string, at: Point) => void;
  readonly onDrop: (key: string) => void;
  readonly onPan: (dx: number, dy: number) => void;
  readonly onZoom: (at: Point, factor: number) => void;
}

/** A press that moves less than this is a click. */
const CLICK_SLACK = 4;
/** One notch of a wheel (100 units) zooms by about a fifth; a trackpad's pinch comes with ctrlKey and small steps. */
const WHEEL_RATE = 0.0018;
const PINCH_WHEEL_RATE = 0.01;
const WHEEL_LINE_PX = 16;

interface Press {
  readonly start: Point;
  last: Point;
  moved: boolean;
  readonly key: string | undefined;
}

/** Listens until the returned function is called. */
export function watchPointers(canvas: HTMLCanvasElement, handlers: PointerHandlers): () => void {
  const presses = new Map<number, Press>();
  const stop = new AbortController();
  const { signal } = stop;
  const at = (event: MouseEvent): Point => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  canvas.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      const start = at(event);
      presses.set(event.pointerId, { start, last: start, moved: false, key: handlers.hit(start) });
    },
    { signal },
  );
  canvas.addEventListener(
    'pointermove',
    (event) => {
      const press = presses.get(event.pointerId);
      if (press === undefined) {
        handlers.onHover(handlers.hit(at(event)));
        return;
      }
      move(press, at(event), presses, handlers);
    },
    { signal },
  );
  const end = (event: PointerEvent): void => {
    const press = presses.get(event.pointerId);
    presses.delete(event.pointerId);
    if (press === undefined) return;
    if (press.moved && press.key !== undefined && handlers.canDrag(press.key)) handlers.onDrop(press.key);
    if (!press.moved && event.type === 'pointerup') handlers.onClick(press.key);
  };
  canvas.addEventListener('pointerup', end, { signal });
  canvas.addEventListener('pointercancel', end, { signal });
  canvas.addEventListener('pointerleave', () => handlers.onHover(undefined), { signal });
  canvas.addEventListener('dblclick', (event) => handlers.onDoubleClick(handlers.hit(at(event))), { signal });
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * WHEEL_LINE_PX;
      handlers.onZoom(at(event), Math.exp(-pixels * (event.ctrlKey ? PINCH_WHEEL_RATE : WHEEL_RATE)));
    },
    { signal, passive: false },
  );
  return () => stop.abort();
}

function move(press: Press, now: Point, presses: ReadonlyMap<number, Press>, handlers: PointerHandlers): void {
  const before = press.last;
  if (!press.moved && Math.hypot(now.x - press.start.x, now.y - press.start.y) < CLICK_SLACK) return;
  press.moved = true;
  press.last = now;
  const other = [...presses.values()].find((candidate) => candidate !== press);
  if (other !== undefined) {
    const wide = Math.hypot(now.x - other.last.x, now.y - other.last.y);
    const was = Math.hypot(before.x - other.last.x, before.y - other.last.y) || 1;
    const middle = { x: (now.x + other.last.x) / 2, y: (now.y + other.last.y) / 2 };
    other.moved = true;
    handlers.onZoom(middle, wide / was);
    handlers.onPan((now.x - before.x) / 2, (now.y - before.y) / 2);
  } else if (press.key !== undefined && handlers.canDrag(press.key)) handlers.onDrag(press.key, now);
  else handlers.onPan(now.x - before.x, now.y - before.y);
}

/**
 * The picture on the canvas: layout, camera and effects, drawn only while something moves. `data-settled` on the canvas
 * tells that nothing does, `data-camera` (x, y, zoom) how world coordinates become pixels, `data-load` how many lines are
 * how busy, and `data-rates` what is written at the line that is pointed at.
 */
import type { Point } from '../arrange/geometry.ts';
import { linkState } from '../labels.ts';
import { createLayout } from '../layout.ts';
import { loadLayout, saveLayout } from '../memory.ts';
import type { Shelf } from '../memory.ts';
import type { Selection } from '../selection.ts';
import { NO_NETWORK } from '../state.ts';
import type { Network } from '../state.ts';
import { NO_TRAFFIC } from '../traffic.ts';
import type { Traffic } from '../traffic.ts';
import type { StreamEvent } from '../wire.ts';
import { centredOn, fitCamera, glide, HOME_CAMERA, pan, toWorld, zoomAt } from './camera.ts';
import type { Camera } from './camera.ts';
import { createEffects } from './effects.ts';
import { hit } from './hit.ts';
import { countLevels, loadOf } from './load.ts';
import type { LineLoad } from './load.ts';
import { watchPointers } from './pointer.ts';
import { render } from './render.ts';
import { buildScene, keyOf, selectionOf } from './scene.ts';
import { nextInDirection } from './walk.ts';
import type { Direction } from './walk.ts';
import { readTheme } from './theme.ts';

export interface GraphOptions {
  readonly canvas: HTMLCanvasElement;
  readonly shelf: Shelf;
  readonly onSelect: (selection: Selection | undefined) => void;
}

export interface Graph {
  readonly show: (network: Network, events: readonly StreamEvent[]) => void;
  readonly showTraffic: (traffic: Traffic) => void;
  readonly select: (selection: Selection | undefined) => void;
  readonly fit: () => void;
  readonly rearrange: () => void;
  readonly zoom: (factor: number) => void;
  readonly walk: (direction: Direction) => void;
  readonly dispose: () => void;
}

/** A thing asked for by name is shown at least this large. */
const FOCUS_ZOOM = 0.7;
/** A selected thing nearer to the rim than this is brought to the middle. */
const RIM = 30;
/** After taking a network in, this many times as long goes to drawing before the next one is taken in. */
const REST_SHARE = 3;
/** So many things that change at once show their names whatever is in the way. */
const PULSES_NAMED = 8;
/** Events that wait for a frame (a hidden page draws none); more only lose their pulse. */
const EVENTS_WAITING = 1000;

export function createGraph(options: GraphOptions): Graph {
  return new CanvasGraph(options);
}

class CanvasGraph implements Graph {
  readonly #canvas: HTMLCanvasElement;
  readonly #ctx: CanvasRenderingContext2D;
  readonly #options: GraphOptions;
  readonly #layout;
  readonly #effects = createEffects();
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  readonly #lessMotion = matchMedia('(prefers-reduced-motion: reduce)');
  readonly #stopped = new AbortController();
  readonly #marked = new Set<string>();
  #network: Network = NO_NETWORK;
  /** What came since the last frame. */
  #pending: { readonly network: Network; readonly events: readonly StreamEvent[] } | undefined;
  #busyUntil = 0;
  #scene = buildScene(NO_NETWORK, []);
  #traffic: Traffic = NO_TRAFFIC;
  #load: LineLoad = loadOf(this.#scene, NO_NETWORK, NO_TRAFFIC);
  #theme;
  #camera: Camera = HOME_CAMERA;
  /** Where the camera glides to; undefined while it rests. */
  #target: Camera | undefined;
  /** The camera keeps the whole picture in sight until the user takes it. */
  #following = true;
  #size = { width: 0, height: 0, ratio: 1 };
  #selected: string | undefined;
  #hovered: string | undefined;
  #frame = 0;
  /** Something moved since places were kept. */
  #unsaved = false;

  constructor(options: GraphOptions) {
    const ctx = options.canvas.getContext('2d', { alpha: false });
    if (ctx === null) throw new Error('This browser gives no 2D canvas; use the list instead of the picture.');
    this.#options = options;
    this.#canvas = options.canvas;
    this.#ctx = ctx;
    this.#layout = createLayout({ remembered: loadLayout(options.shelf) });
    this.#theme = readTheme(options.canvas);
    const { signal } = this.#stopped;
    const observer = new ResizeObserver(() => this.#resize());
    observer.observe(options.canvas);
    signal.addEventListener('abort', () => observer.disconnect());
    const stopPointers = this.#watchPointers();
    signal.addEventListener('abort', stopPointers);
    this.#dark.addEventListener(
      'change',
      () => {
        this.#theme = readTheme(this.#canvas);
        this.#draw();
      },
      { signal },
    );
    this.#resize();
    this.#draw();
  }

  show = (network: Network, events: readonly StreamEvent[]): void => {
    // The page changes in many ways that are none of the picture's.
    if (network === (this.#pending?.network ?? this.#network) && events.length === 0) return;
    const waiting = this.#pending?.events ?? [];
    this.#pending = { network, events: [...waiting, ...events].slice(-EVENTS_WAITING) };
    this.#draw();
  };

  /** Draws once where lines look different, which they seldom do. */
  showTraffic = (traffic: Traffic): void => {
    if (traffic === this.#traffic) return;
    const before = this.#load.levels;
    this.#traffic = traffic;
    this.#load = loadOf(this.#scene, this.#network, traffic);
    const isAsked = this.#scene.lineOf.has(this.#hovered ?? '');
    if (isAsked || this.#load.levels.some((level, line) => level !== before[line])) this.#requestFrame();
  };

  select = (selection: Selection | undefined): void => {
    const key = selection && keyOf(selection);
    if (key === this.#selected) return;
    this.#selected = key;
    if (key !== undefined) this.#bringIntoView(key);
    this.#draw();
  };

  fit = (): void => {
    this.#following = true;
    this.#target = undefined;
    if (this.#lessMotion.matches) this.#jumpToFit();
    this.#draw();
  };

  rearrange = (): void => {
    this.#layout.rearrange();
    this.#reroute();
    this.fit();
  };

  zoom = (factor: number): void => {
    this.#following = false;
    const from = this.#target ?? this.#camera;
    this.#glideTo(zoomAt(from, this.#size.width / 2, this.#size.height / 2, factor));
  };

  walk = (direction: Direction): void => {
    const key = nextInDirection(this.#scene, this.#selected, direction);
    if (key !== undefined) this.#options.onSelect(selectionOf(key));
  };

  dispose = (): void => {
    this.#stopped.abort();
    cancelAnimationFrame(this.#frame);
  };

  /** Takes the latest network in. While a large one comes up in many steps, not in every frame. */
  #takeIn(now: number): void {
    if (this.#pending === undefined || now < this.#busyUntil) return;
    const { network, events } = this.#pending;
    this.#pending = undefined;
    if (network === this.#network) return;
    const first = this.#scene.nodes.length === 0;
    this.#effects.mark(
      events.filter((event) => isSeen(event, this.#network)),
      this.#scene,
      now,
    );
    this.#network = network;
    this.#layout.update(network);
    if (this.#lessMotion.matches) this.#layout.settle();
    this.#build();
    if (first || this.#lessMotion.matches) this.#jumpToFit();
    const cost = performance.now() - now;
    this.#busyUntil = now + cost * (1 + REST_SHARE);
  }

  #watchPointers(): () => void {
    return watchPointers(this.#canvas, {
      hit: ({ x, y }) => hit(this.#scene, this.#camera.k, x, y),
      canDrag: (key) => this.#layout.node(key) !== undefined,
      onHover: (key) => this.#hover(key),
      onClick: (key) => this.#options.onSelect(key === undefined ? undefined : selectionOf(key)),
      onDoubleClick: (key) => {
        if (key !== undefined) this.#layout.release(key);
        this.#reroute();
      },
      onDrag: (key, at) => {
        this.#takeCamera();
        this.#layout.dragTo(key, toWorld(this.#camera, at.x, at.y));
        this.#draw();
      },
      onDrop: (key) => {
        this.#layout.drop(key);
        this.#reroute();
      },
      onPan: (dx, dy) => this.#moveCamera(pan(this.#camera, dx, dy)),
      onZoom: ({ x, y }, factor) => this.#moveCamera(zoomAt(this.#camera, x, y, factor)),
    });
  }

  /** After nodes got other places: links may have to run around others. */
  #reroute(): void {
    if (this.#lessMotion.matches) this.#layout.settle();
    this.#build();
    this.#draw();
  }

  #build(): void {
    this.#scene = buildScene(this.#network, this.#layout.nodes());
    this.#load = loadOf(this.#scene, this.#network, this.#traffic);
  }

  #hover(key: string | undefined): void {
    if (key === this.#hovered) return;
    this.#hovered = key;
    this.#canvas.style.cursor = key === undefined ? '' : 'pointer';
    this.#draw();
  }

  #takeCamera(): void {
    this.#following = false;
    this.#target = undefined;
  }

  #moveCamera(camera: Camera): void {
    this.#takeCamera();
    this.#camera = camera;
    this.#draw();
  }

  #glideTo(camera: Camera): void {
    if (this.#lessMotion.matches) this.#camera = camera;
    else this.#target = camera;
    this.#draw();
  }

  #fitted(): Camera | undefined {
    const bounds = this.#layout.bounds();
    return bounds && fitCamera(bounds, this.#size.width, this.#size.height);
  }

  #jumpToFit(): void {
    if (this.#following) this.#camera = this.#fitted() ?? this.#camera;
  }

  #bringIntoView(key: string): void {
    const at = this.#placeOf(key);
    if (at === undefined) return;
    const { width, height } = this.#size;
    const x = at.x * this.#camera.k + this.#camera.x;
    const y = at.y * this.#camera.k + this.#camera.y;
    if (x > RIM && y > RIM && x < width - RIM && y < height - RIM) return;
    this.#following = false;
    this.#glideTo(centredOn(at, Math.max(FOCUS_ZOOM, this.#camera.k), width, height));
  }

  #placeOf(key: string): Point | undefined {
    const line = this.#scene.lineOf.get(key);
    const node = this.#layout.node(key);
    if (node !== undefined || line === undefined) return node;
    const a = this.#scene.nodes[this.#scene.from[line] ?? -1];
    const b = this.#scene.nodes[this.#scene.to[line] ?? -1];
    return a && b && { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const ratio = devicePixelRatio;
    this.#size = { width, height, ratio };
    this.#canvas.width = Math.max(1, Math.round(width * ratio));
    this.#canvas.height = Math.max(1, Math.round(height * ratio));
    this.#jumpToFit();
    // Setting the size wiped the canvas: draw before the browser shows it.
    this.#paint(performance.now());
  }

  #draw(): void {
    this.#unsaved = true;
    this.#canvas.dataset['settled'] = 'false';
    this.#requestFrame();
  }

  #requestFrame(): void {
    if (this.#frame !== 0 || this.#stopped.signal.aborted) return;
    this.#frame = requestAnimationFrame((now) => this.#step(now));
  }

  #step(now: number): void {
    this.#frame = 0;
    this.#takeIn(now);
    const moving = this.#layout.tick();
    const gliding = this.#steerCamera();
    const showing = this.#effects.expire(now);
    this.#paint(now);
    if (moving || gliding || showing || this.#pending !== undefined) {
      this.#draw();
      return;
    }
    if (this.#unsaved) saveLayout(this.#options.shelf, this.#layout.remember());
    this.#unsaved = false;
    this.#canvas.dataset['settled'] = 'true';
  }

  /** Moves the camera by one frame; true while it is under way. */
  #steerCamera(): boolean {
    const target = this.#following ? this.#fitted() : this.#target;
    if (target === undefined || target === this.#camera) return false;
    const next = glide(this.#camera, target);
    this.#camera = next;
    if (next !== target) return true;
    this.#target = undefined;
    return false;
  }

  #paint(now: number): void {
    const [camera, { width, height, ratio }] = [this.#camera, this.#size];
    this.#marked.clear();
    if (this.#selected !== undefined) this.#marked.add(this.#selected);
    if (this.#hovered !== undefined) this.#marked.add(this.#hovered);
    if (this.#effects.pulses.size <= PULSES_NAMED) for (const key of this.#effects.pulses.keys()) this.#marked.add(key);
    render({
      load: this.#load,
      ctx: this.#ctx,
      width,
      height,
      ratio,
      camera,
      scene: this.#scene,
      effects: this.#effects,
      theme: this.#theme,
      now,
      selected: this.#selected,
      hovered: this.#hovered,
      marked: this.#marked,
      still: this.#lessMotion.matches,
    });
    this.#canvas.dataset['load'] = countLevels(this.#load);
    const asked = this.#scene.lineOf.get(this.#hovered ?? '');
    this.#canvas.dataset['rates'] = asked === undefined ? '' : this.#load.textOf(asked).join('\n');
    this.#canvas.dataset['camera'] = `${camera.x.toFixed(1)},${camera.y.toFixed(1)},${camera.k.toFixed(3)}`;
  }
}

/** A link whose latency or capacity alone is another looks as before: nothing of it should light up. */
function isSeen(event: StreamEvent, before: Network): boolean {
  if (event.type !== 'link') return true;
  const known = before.links.get(event.link.id);
  return known === undefined || linkState(known) !== linkState(event.link);
}

/** All that one frame is drawn from. */
import type { Camera } from './camera.ts';
import type { Effects } from './effects.ts';
import type { LineLoad } from './load.ts';
import type { Scene } from './scene.ts';
import type { Theme } from './theme.ts';

export interface Frame {
  readonly ctx: CanvasRenderingContext2D;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  readonly camera: Camera;
  readonly scene: Scene;
  readonly load: LineLoad;
  readonly effects: Effects;
  readonly theme: Theme;
  /** Milliseconds, of the clock the effects run by. */
  readonly now: number;
  readonly selected: string | undefined;
  readonly hovered: string | undefined;
  /** Keys whose labels always show: selected, hovered, changed just now. */
  readonly marked: ReadonlySet<string>;
  /** No growing rings for those who asked for less motion. */
  readonly still: boolean;
}

/** How large things are on screen at a zoom: they shrink and grow less than the distances between them. */
import { HOST_RADIUS, SWITCH_RADIUS } from '../arrange/geometry.ts';

function damped(k: number): number {
  return Math.min(1.5, Math.max(0.2, k < 1 ? k ** 0.7 : k));
}

/** Half the side of a switch, in CSS pixels. */
export function switchRadius(k: number): number {
  return SWITCH_RADIUS * damped(k);
}

export function hostRadius(k: number): number {
  return HOST_RADIUS * damped(k);
}

/** The size of text, in CSS pixels: always legible, never huge. */
export function textSize(k: number): number {
  return Math.round(Math.min(14, Math.max(10.5, 11.5 * k)) * 2) / 2;
}

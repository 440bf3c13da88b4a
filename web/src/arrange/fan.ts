/** Places hosts around a switch, in the widest open angle between its links. */
import { HOST_DISTANCE, HOST_ROW, HOST_SPACING } from './geometry.ts';
import type { Point } from './geometry.ts';

const FULL = Math.PI * 2;
/** Hosts keep this angle from the links beside them. */
const CLEARANCE = Math.PI / 9;
/** A fan is no wider than needed: hosts stand at most this far apart. */
const WIDEST_STEP = Math.PI / 4;
/** Where links leave no room at all, hosts take this much. */
const NARROWEST = Math.PI / 6;
/** More hosts than fit on a circle of this radius stand on several. */
const WIDEST_CIRCLE = 4 * HOST_DISTANCE;

/** Offsets for `count` hosts around a switch whose neighbours lie in the directions `angles` (radians). */
export function fan(count: number, angles: readonly number[]): readonly Point[] {
  return angles.length === 0 ? circles(count) : fanIn(count, widestGap(angles));
}

/** All around, on circles that widen with the number of hosts as far as they may. */
function circles(count: number): readonly Point[] {
  const offsets: Point[] = [];
  for (let ring = 0; offsets.length < count; ring++) {
    const left = count - offsets.length;
    const wanted = (left * HOST_SPACING) / FULL;
    const radius = Math.max(HOST_DISTANCE, Math.min(WIDEST_CIRCLE, wanted)) + ring * HOST_ROW;
    const here = Math.min(left, Math.floor((FULL * radius) / HOST_SPACING));
    const step = FULL / here;
    for (let i = 0; i < here; i++) offsets.push(polar(radius, Math.PI / 2 + (i + (ring % 2) / 2) * step));
  }
  return offsets;
}

/** In one direction, in rows that stand in the gaps of those before them. */
function fanIn(count: number, open: Gap): readonly Point[] {
  const offsets: Point[] = [];
  const room = Math.max(open.width - 2 * CLEARANCE, NARROWEST);
  for (let ring = 0; offsets.length < count; ring++) {
    const radius = HOST_DISTANCE + ring * HOST_ROW;
    const fits = Math.max(1, Math.floor((room * radius) / HOST_SPACING) + 1 - (ring % 2));
    const here = Math.min(count - offsets.length, fits);
    const step = here > 1 ? Math.min(WIDEST_STEP, room / (fits > 1 ? fits - 1 : 1)) : 0;
    for (let i = 0; i < here; i++) offsets.push(polar(radius, open.middle + (i - (here - 1) / 2) * step));
  }
  return offsets;
}

function polar(radius: number, angle: number): Point {
  return { x: Math.cos(angle) * radius, y: Math.sin(angle) * radius };
}

interface Gap {
  readonly middle: number;
  readonly width: number;
}

/** The widest angle without a neighbour. */
function widestGap(angles: readonly number[]): Gap {
  const sorted = angles.map((angle) => ((angle % FULL) + FULL) % FULL).sort((a, b) => a - b);
  let best = { middle: Math.PI / 2, width: FULL };
  let widest = 0;
  sorted.forEach((angle, i) => {
    const next = i + 1 < sorted.length ? (sorted[i + 1] ?? 0) : (sorted[0] ?? 0) + FULL;
    const middle = angle + (next - angle) / 2;
    // Of equal gaps the one that points down wins: labels stand under their circles.
    const width = next - angle + 0.01 * Math.sin(middle);
    if (width > widest) [best, widest] = [{ middle, width: next - angle }, width];
  });
  return best;
}

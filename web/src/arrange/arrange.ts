/**
 * Finds a place for every switch and host of a network. A network with storeys (a tree, leaf and spine, a fat tree) is
 * drawn in storeys, a chain, ring, grid or torus as people know them, any other so that distance follows hops. Pure: the same network is always arranged the same.
 */
import { placeChain } from './chain.ts';
import { componentsOf, slotCount } from './fabric.ts';
import type { Fabric } from './fabric.ts';
import { fan } from './fan.ts';
import { ASPECT, boxOf, HOST_RADIUS, SWITCH_RADIUS } from './geometry.ts';
import type { Point } from './geometry.ts';
import { placeLattice } from './lattice.ts';
import { isStoreyed } from './levels.ts';
import { orient } from './orient.ts';
import { placesBelow, placeStoreys } from './storeys.ts';
import { placeByStress } from './stress.ts';

/** A switch's place; `below` where its hosts stand in rows under it, otherwise they stand around it. */
export interface Place extends Point {
  readonly below: boolean;
}

/** Between parts of the network that have no way to each other. */
const PART_GAP = 70;

/** Places of all switches by dpid. `levels` are those of levelsOf. */
export function arrange(fabric: Fabric, levels: Int32Array): ReadonlyMap<string, Place> {
  const parts = componentsOf(fabric).map((members) => placePart(fabric, levels, members));
  const places = new Map<string, Place>();
  const shifts = pack(parts.map((part) => extentOf(fabric, part)));
  parts.forEach((part, i) => {
    const shift = shifts[i] ?? { x: 0, y: 0 };
    for (const [dpid, place] of part) places.set(dpid, { ...place, x: place.x + shift.x, y: place.y + shift.y });
  });
  return places;
}

type Part = ReadonlyMap<string, Place>;

function placePart(fabric: Fabric, levels: Int32Array, members: readonly number[]): Part {
  const part = new Map<string, Place>();
  const set = (index: number, point: Point, below: boolean): void => {
    part.set(fabric.dpids[index] ?? '', { x: point.x, y: point.y, below });
  };
  if (isStoreyed(fabric, levels, members)) {
    for (const [index, point] of placeStoreys(fabric, levels, members)) set(index, point, levels[index] === 0);
    return part;
  }
  const local = new Map(members.map((index, i) => [index, i]));
  const neighbours = members.map((index) => (fabric.neighbours[index] ?? []).map((next) => local.get(next) ?? 0));
  const points = placeChain(neighbours) ?? placeLattice(neighbours) ?? orient(placeByStress(neighbours), neighbours);
  members.forEach((index, i) => set(index, points[i] ?? { x: 0, y: 0 }, false));
  return part;
}

/** Where the hosts of one switch stand, as offsets from it by MAC. `placeOf` gives the places of switches. */
export function hostOffsets(
  fabric: Fabric,
  index: number,
  placeOf: (dpid: string) => Place | undefined,
): ReadonlyMap<string, Point> {
  const offsets = offsetsOf(fabric, index, placeOf);
  const seated = new Map<string, Point>();
  let next = 0;
  for (const slot of fabric.slots[index] ?? []) {
    slot.macs.forEach((mac, i) => seated.set(mac, offsets[next + i] ?? { x: 0, y: 0 }));
    next += Math.max(1, slot.macs.length);
  }
  return seated;
}

function offsetsOf(fabric: Fabric, index: number, placeOf: (dpid: string) => Place | undefined): readonly Point[] {
  const own = placeOf(fabric.dpids[index] ?? '');
  const count = slotCount(fabric.slots[index] ?? []);
  if (own === undefined || count === 0) return [];
  if (own.below) return placesBelow(count, fabric.slotTotal);
  const angles = (fabric.neighbours[index] ?? []).flatMap((next) => {
    const other = placeOf(fabric.dpids[next] ?? '');
    return other === undefined ? [] : [Math.atan2(other.y - own.y, other.x - own.x)];
  });
  return fan(count, angles);
}

interface Extent {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function extentOf(fabric: Fabric, part: Part): Extent {
  const points: Point[] = [...part.values()];
  for (const [dpid, own] of part) {
    const offsets = offsetsOf(fabric, fabric.indexOf.get(dpid) ?? 0, (other) => part.get(other));
    for (const offset of offsets) points.push({ x: own.x + offset.x, y: own.y + offset.y });
  }
  const box = boxOf(points, SWITCH_RADIUS + HOST_RADIUS);
  return { x: box.minX, y: box.minY, width: box.maxX - box.minX, height: box.maxY - box.minY };
}

/** Shifts that set parts in rows, the first (largest) at the top left, about as wide as a window. */
function pack(extents: readonly Extent[]): readonly Point[] {
  const area = extents.reduce((sum, { width, height }) => sum + (width + PART_GAP) * (height + PART_GAP), 0);
  const rowWidth = Math.max(extents[0]?.width ?? 0, Math.sqrt(area * ASPECT));
  let [x, y, rowHeight] = [0, 0, 0];
  return extents.map((extent) => {
    if (x > 0 && x + extent.width > rowWidth) [x, y, rowHeight] = [0, y + rowHeight + PART_GAP, 0];
    const shift = { x: x - extent.x, y: y - extent.y };
    x += extent.width + PART_GAP;
    rowHeight = Math.max(rowHeight, extent.height);
    return shift;
  });
}

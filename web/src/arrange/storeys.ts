/** Arranges a storeyed network: edge switches in a row, each above its hosts, and what joins them over them. */
import type { Fabric } from './fabric.ts';
import { hopsFrom, slotCount } from './fabric.ts';
import { HOST_DISTANCE, HOST_ROW, HOST_SPACING, SWITCH_SPACING } from './geometry.ts';
import type { Point } from './geometry.ts';

/** The distance between storeys follows the width of the picture within these bounds. */
const STOREY_HEIGHT = { least: 120, most: 1500 } as const;
/** A storey above spreads over at least this share of the width, evenly. */
const SPREAD = 0.62;
/** Up to so many hosts in all stand in one row; more stand in blocks. */
const ONE_ROW_HOSTS = 26;
/** Width to height of a whole picture in storeys. */
const STOREY_ASPECT = 1.75;

export function placeStoreys(
  fabric: Fabric,
  levels: Int32Array,
  members: readonly number[],
): ReadonlyMap<number, Point> {
  const rows = orderRows(fabric, levels, members);
  const x = new Map<number, number>();
  let width = 0;
  for (const index of rows[0] ?? []) {
    const columns = columnsBelow(slotCount(fabric.slots[index] ?? []), fabric.slotTotal);
    const room = Math.max(SWITCH_SPACING, columns * HOST_SPACING + HOST_SPACING / 3);
    x.set(index, width + room / 2);
    width += room;
  }
  for (const row of rows.slice(1)) placeRow(fabric, levels, row, x, width);
  const wanted = (width / STOREY_ASPECT - HOST_DISTANCE) / Math.max(1, rows.length - 1);
  const height = Math.min(STOREY_HEIGHT.most, Math.max(STOREY_HEIGHT.least, wanted));
  const at = new Map<number, Point>();
  rows.forEach((row, level) => {
    for (const index of row) at.set(index, { x: x.get(index) ?? 0, y: -level * height });
  });
  return at;
}

function columnsBelow(count: number, total: number): number {
  return total <= ONE_ROW_HOSTS ? count : Math.ceil(Math.sqrt(count * 1.4));
}

/**
 * Offsets of `count` hosts in rows under their switch, where the whole network has `total`. Every other row stands
 * shifted, so that lines pass between the circles.
 */
export function placesBelow(count: number, total: number): readonly Point[] {
  const columns = columnsBelow(count, total);
  return Array.from({ length: count }, (_, place): Point => {
    const row = Math.floor(place / columns);
    const inRow = Math.min(columns, count - row * columns);
    const shift = row % 2 === 1 && inRow === columns ? HOST_SPACING / 2 : 0;
    return { x: ((place % columns) - (inRow - 1) / 2) * HOST_SPACING + shift, y: HOST_DISTANCE + row * HOST_ROW };
  });
}

/** Sets a row over the middle of what it joins, in order, evenly where it would crowd. */
function placeRow(
  fabric: Fabric,
  levels: Int32Array,
  row: readonly number[],
  x: Map<number, number>,
  width: number,
): void {
  const gap = Math.max(SWITCH_SPACING, (width / row.length) * SPREAD);
  const wanted = row.map((index) => mean(below(fabric, levels, index).map((next) => x.get(next) ?? 0)) ?? width / 2);
  spaceOut(wanted, gap).forEach((value, i) => x.set(row[i] ?? 0, value));
}

/**
 * The places nearest to the wanted ones (ascending) that keep a gap: neighbours that would stand too close join into a
 * block that stands around the mean of what its members want.
 */
export function spaceOut(wanted: readonly number[], gap: number): readonly number[] {
  const blocks: { sum: number; count: number }[] = [];
  const start = (block: { sum: number; count: number }): number =>
    block.sum / block.count - ((block.count - 1) * gap) / 2;
  for (const value of wanted) {
    let block = { sum: value, count: 1 };
    let last = blocks.at(-1);
    while (last !== undefined && start(last) + last.count * gap > start(block)) {
      block = { sum: last.sum + block.sum, count: last.count + block.count };
      blocks.pop();
      last = blocks.at(-1);
    }
    blocks.push(block);
  }
  return blocks.flatMap((block) => Array.from({ length: block.count }, (_, i) => start(block) + i * gap));
}

function below(fabric: Fabric, levels: Int32Array, index: number): readonly number[] {
  return (fabric.neighbours[index] ?? []).filter((next) => (levels[next] ?? 0) < (levels[index] ?? 0));
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The rows from the edge upwards, each ordered by what its switches join below, so that few lines cross. */
function orderRows(fabric: Fabric, levels: Int32Array, members: readonly number[]): readonly number[][] {
  const top = Math.max(...members.map((index) => levels[index] ?? 0));
  const rows: number[][] = Array.from({ length: top + 1 }, () => []);
  for (const index of members) rows[levels[index] ?? 0]?.push(index);
  rows[0] = nearestFirst(fabric, rows[0] ?? []);
  const rank = new Map<number, number>();
  for (const row of rows) {
    const centre = new Map<number, number>();
    for (const index of row)
      centre.set(index, mean(below(fabric, levels, index).map((next) => rank.get(next) ?? 0)) ?? 0);
    // The order of names decides where the centres are equal but for rounding.
    if (row !== rows[0]) row.sort((a, b) => Math.round(((centre.get(a) ?? 0) - (centre.get(b) ?? 0)) * 1e6));
    row.forEach((index, i) => rank.set(index, i / row.length));
  }
  return rows;
}

/** Walks the edge from each switch to the nearest one left, so that pods and branches stay together. */
function nearestFirst(fabric: Fabric, row: readonly number[]): number[] {
  const left = new Set(row);
  const order: number[] = [];
  let at = row[0];
  while (at !== undefined) {
    order.push(at);
    left.delete(at);
    const hops = hopsFrom(fabric, [at]);
    let nearest: number | undefined;
    for (const index of left) if (nearest === undefined || (hops[index] ?? 0) < (hops[nearest] ?? 0)) nearest = index;
    at = nearest;
  }
  return order;
}

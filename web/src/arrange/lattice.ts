/** Recognises grids and tori, which people know by their rows and columns. */
import { LINK_LENGTH } from './geometry.ts';
import type { Point } from './geometry.ts';

/** Placing a recognised lattice takes about one step a switch; a network that takes more is none, or hides it well. */
const STEP_LIMIT = 20_000;
const LEAST = { torus: 9, grid: 6 } as const;

/** Places in rows and columns where the (connected) network is a grid or a torus; otherwise undefined. */
export function placeLattice(neighbours: readonly (readonly number[])[]): readonly Point[] | undefined {
  const count = neighbours.length;
  const links = neighbours.reduce((sum, list) => sum + list.length, 0) / 2;
  for (let rows = Math.floor(Math.sqrt(count)); rows >= 2; rows--) {
    const columns = count / rows;
    if (!Number.isInteger(columns)) continue;
    for (const wraps of [true, false]) {
      if (count < (wraps ? LEAST.torus : LEAST.grid) || (wraps && rows < 3)) continue;
      if (links !== (wraps ? 2 * count : rows * (columns - 1) + columns * (rows - 1))) continue;
      const cells = fill(neighbours, rows, columns, wraps);
      if (cells !== undefined) return pointsOf(cells, columns);
    }
  }
  return undefined;
}

/**
 * The switch in each cell, row by row. Names come first in the search, so that a lattice that was named by rows is drawn
 * by them. Every cell must be linked to the one on its left and the one above, and across the rim in a torus; as the
 * number of links is right, none is left over then.
 */
function fill(
  neighbours: readonly (readonly number[])[],
  rows: number,
  columns: number,
  wraps: boolean,
): Int32Array | undefined {
  const count = rows * columns;
  const linked = neighbours.map((list) => new Set(list));
  const cells = new Int32Array(count).fill(-1);
  const used = new Uint8Array(count);
  let steps = 0;

  const fits = (cell: number, candidate: number): boolean => {
    const [row, column] = [Math.floor(cell / columns), cell % columns];
    const joined = (other: number): boolean => linked[candidate]?.has(cells[other] ?? -1) ?? false;
    if (used[candidate] === 1) return false;
    if (column > 0 && !joined(cell - 1)) return false;
    if (row > 0 && !joined(cell - columns)) return false;
    if (wraps && column === columns - 1 && !joined(row * columns)) return false;
    return !wraps || row < rows - 1 || joined(column);
  };
  const place = (cell: number): boolean => {
    if (cell === count) return true;
    if ((steps += 1) > STEP_LIMIT) return false;
    const from = cell % columns > 0 ? cell - 1 : cell - columns;
    for (const candidate of neighbours[cells[from] ?? -1] ?? []) {
      if (!fits(cell, candidate)) continue;
      cells[cell] = candidate;
      used[candidate] = 1;
      if (place(cell + 1)) return true;
      used[candidate] = 0;
    }
    cells[cell] = -1;
    return false;
  };
  const fewest = Math.min(...neighbours.map((list) => list.length));
  for (let start = 0; start < count; start++) {
    if ((neighbours[start] ?? []).length !== fewest) continue;
    cells[0] = start;
    used[start] = 1;
    if (place(1)) return cells;
    used[start] = 0;
    // In a torus all switches are alike: what fails from one fails from all.
    if (wraps) return undefined;
  }
  return undefined;
}

function pointsOf(cells: Int32Array, columns: number): readonly Point[] {
  const points: Point[] = [];
  cells.forEach((index, cell) => {
    points[index] = { x: (cell % columns) * LINK_LENGTH * 1.1, y: Math.floor(cell / columns) * LINK_LENGTH };
  });
  return points;
}

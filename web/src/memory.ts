/** Keeps places across visits, in the browser's localStorage. */
import type { Place } from './arrange/arrange.ts';
import type { Point } from './arrange/geometry.ts';

export interface Remembered {
  /** Homes of switches by dpid. */
  readonly switches: ReadonlyMap<string, Place>;
  /** Where the user pinned nodes, by key. */
  readonly pins: ReadonlyMap<string, Point>;
  /** The links there were, to tell whether it is the same network. */
  readonly links: readonly string[];
}

export const NOTHING_REMEMBERED: Remembered = { switches: new Map(), pins: new Map(), links: [] };

/** The part of Storage this needs. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = 'signalbox.layout.1';
/** localStorage takes about 5 MB for all; beyond this many entries of a kind the oldest are forgotten. */
const ENTRY_LIMIT = 5000;

/** Writes what is worth keeping. A full or forbidden storage is no error: the next visit arranges anew. */
export function saveLayout(shelf: Shelf, remembered: Remembered): void {
  const round = (value: number): number => Math.round(value * 10) / 10;
  const switches = [...remembered.switches]
    .slice(-ENTRY_LIMIT)
    .map(([dpid, place]) => [dpid, round(place.x), round(place.y), place.below]);
  const pins = [...remembered.pins].slice(-ENTRY_LIMIT).map(([key, pin]) => [key, round(pin.x), round(pin.y)]);
  try {
    shelf.setItem(KEY, JSON.stringify({ switches, pins, links: remembered.links.slice(-ENTRY_LIMIT) }));
  } catch {
    return;
  }
}

/** Reads what was kept; nothing where there is none or it is not of this shape. */
export function loadLayout(shelf: Shelf): Remembered {
  try {
    const value: unknown = JSON.parse(shelf.getItem(KEY) ?? 'null');
    if (typeof value !== 'object' || value === null) return NOTHING_REMEMBERED;
    const { switches, pins, links } = value as Readonly<Record<string, unknown>>;
    return {
      switches: new Map(rows(switches).map(([dpid, x, y, below]) => [dpid, { x, y, below }])),
      pins: new Map(rows(pins).map(([key, x, y]) => [key, { x, y }])),
      links: Array.isArray(links) ? links.filter((link) => typeof link === 'string') : [],
    };
  } catch {
    return NOTHING_REMEMBERED;
  }
}

type Row = readonly [key: string, x: number, y: number, below: boolean];

function rows(value: unknown): readonly Row[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((row: unknown): readonly Row[] => {
    if (!Array.isArray(row)) return [];
    const [key, x, y, below] = row as readonly unknown[];
    if (typeof key !== 'string' || typeof x !== 'number' || typeof y !== 'number') return [];
    return Number.isFinite(x) && Number.isFinite(y) ? [[key, x, y, below === true]] : [];
  });
}

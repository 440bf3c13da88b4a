/** Finds the storeys of a network that has them: edge switches below, then what joins them, up to the core. */
import { componentsOf, hopsFrom } from './fabric.ts';
import type { Fabric } from './fabric.ts';

/** A storeyed network may have a few links between equals (an inter-core trunk), not many. */
const LEVEL_LINK_SHARE = 0.1;
/** In a hierarchy what stands above joins at least two below, on average; a mere chain does not. */
const JOINS_PER_SWITCH = 1.9;

/** Hops from the nearest switch with host ports; 0 for all where no switch has any. */
export function levelsOf(fabric: Fabric): Int32Array {
  const levels = new Int32Array(fabric.dpids.length);
  for (const members of componentsOf(fabric)) {
    const edges = members.filter((index) => (fabric.slots[index] ?? []).length > 0);
    const sources = edges.length > 0 ? edges : leavesOf(fabric, members);
    const hops = hopsFrom(fabric, sources);
    for (const index of members) levels[index] = Math.max(0, hops[index] ?? 0);
  }
  return levels;
}

/** Before any host port is known, the switches with the fewest links stand in for the edge. */
function leavesOf(fabric: Fabric, members: readonly number[]): readonly number[] {
  const degree = (index: number): number => fabric.neighbours[index]?.length ?? 0;
  const fewest = Math.min(...members.map(degree));
  return members.filter((index) => degree(index) === fewest);
}

/** Whether a picture in storeys tells the truth about this component. */
export function isStoreyed(fabric: Fabric, levels: Int32Array, members: readonly number[]): boolean {
  let links = 0;
  let level = 0;
  let above = 0;
  let joins = 0;
  for (const index of members) {
    const own = levels[index] ?? 0;
    if (own > 0) above += 1;
    for (const next of fabric.neighbours[index] ?? []) {
      const other = levels[next] ?? 0;
      if (next > index) links += 1;
      if (next > index && other === own) level += 1;
      if (other < own) joins += 1;
    }
  }
  return above > 0 && level <= links * LEVEL_LINK_SHARE && joins / above >= JOINS_PER_SWITCH;
}

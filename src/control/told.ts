/** What a switch's own tables tell of its ports and hosts: the surest memory there is. */
import type { Mac } from '../core/addresses.ts';
import type { Item } from '../flows/items.ts';
import { TABLES } from '../flows/pipeline.ts';
import type { PortKind } from '../topology/view.ts';

export interface Told {
  /** By port, as intake has it. */
  readonly kinds: ReadonlyMap<number, PortKind>;
  /** The port of each known sender, as learn has it. */
  readonly hosts: ReadonlyMap<Mac, number>;
}

/** Reads the rules of ours that a switch holds. */
export function readTables(items: Iterable<Item>): Told {
  const kinds = new Map<number, PortKind>();
  const hosts = new Map<Mac, number>();
  for (const item of items) {
    if (item.kind !== 'flow' || typeof item.match.inPort !== 'number') continue;
    const { inPort, ethSrc } = item.match;
    if (item.tableId === TABLES.intake.id) {
      const [way] = item.instructions;
      if (way?.type === 'gotoTable') kinds.set(inPort, way.tableId === TABLES.guard.id ? 'host' : 'fabric');
    } else if (item.tableId === TABLES.learn.id && typeof ethSrc === 'number') hosts.set(ethSrc, inPort);
  }
  return { kinds, hosts };
}

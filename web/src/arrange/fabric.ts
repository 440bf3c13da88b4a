/** The switches and the links between them as numbers: what the arrangement computes on. */
import { compareNames, switchLabel } from '../labels.ts';
import type { Network } from '../state.ts';
import type { HostInfo, SwitchInfo } from '../wire.ts';

/** One place for a host beside its switch; `macs` is empty while none has been seen there. */
export interface HostSlot {
  readonly port: number;
  readonly macs: readonly string[];
}

export interface Fabric {
  /** In the order of their names, so that neighbours in name start as neighbours in place. */
  readonly dpids: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Per switch the switches it has a link to, each once. */
  readonly neighbours: readonly (readonly number[])[];
  readonly slots: readonly (readonly HostSlot[])[];
  /** Places of all slots together. */
  readonly slotTotal: number;
}

/** More empty host ports than these are not kept room for: an unused 48-port switch need not look like a hedgehog. */
const EMPTY_SLOT_LIMIT = 12;

export function fabricOf(network: Network): Fabric {
  const sorted = [...network.switches.values()].sort((a, b) => compareNames(switchLabel(a), switchLabel(b)));
  const dpids = sorted.map((info) => info.dpid);
  const indexOf = new Map(dpids.map((dpid, index) => [dpid, index]));
  const sets: Set<number>[] = dpids.map(() => new Set());
  for (const link of network.links.values()) {
    const a = indexOf.get(link.a.dpid);
    const b = indexOf.get(link.b.dpid);
    if (a === undefined || b === undefined || a === b) continue;
    sets[a]?.add(b);
    sets[b]?.add(a);
  }
  const neighbours = sets.map((set) => [...set].sort((a, b) => a - b));
  const hosts = new Map<string, HostInfo[]>();
  for (const host of network.hosts.values()) {
    const there = hosts.get(host.switch);
    if (there === undefined) hosts.set(host.switch, [host]);
    else there.push(host);
  }
  const slots = sorted.map((info) => slotsOf(info, hosts.get(info.dpid) ?? []));
  const slotTotal = slots.reduce((sum, own) => sum + slotCount(own), 0);
  return { dpids, indexOf, neighbours, slots, slotTotal };
}

/** By port number, so that a host keeps its place whichever of its neighbours is seen first. */
function slotsOf(info: SwitchInfo, hosts: readonly HostInfo[]): readonly HostSlot[] {
  const byPort = new Map<number, string[]>();
  for (const host of hosts) byPort.set(host.port, [...(byPort.get(host.port) ?? []), host.mac]);
  const empty = info.ports.filter((port) => port.kind === 'host' && port.up && !byPort.has(port.number));
  if (empty.length <= EMPTY_SLOT_LIMIT) for (const port of empty) byPort.set(port.number, []);
  const ordered = [...byPort].sort(([a], [b]) => a - b);
  return ordered.map(([port, macs]) => ({ port, macs: macs.sort() }));
}

/** How many places the slots of a switch take: an empty one takes one too. */
export function slotCount(slots: readonly HostSlot[]): number {
  return slots.reduce((sum, slot) => sum + Math.max(1, slot.macs.length), 0);
}

/** Hops from the nearest source to every switch; -1 where none is reachable. */
export function hopsFrom(fabric: Fabric, sources: readonly number[]): Int32Array {
  const hops = new Int32Array(fabric.dpids.length).fill(-1);
  const queue = [...sources];
  for (const source of sources) hops[source] = 0;
  for (let head = 0; head < queue.length; head++) {
    const at = queue[head] ?? 0;
    for (const next of fabric.neighbours[at] ?? []) {
      if (hops[next] !== -1) continue;
      hops[next] = (hops[at] ?? 0) + 1;
      queue.push(next);
    }
  }
  return hops;
}

/** The switches in groups that have a way to each other, the largest group first. */
export function componentsOf(fabric: Fabric): readonly (readonly number[])[] {
  const seen = new Uint8Array(fabric.dpids.length);
  const components: number[][] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] === 1) continue;
    const members: number[] = [];
    hopsFrom(fabric, [start]).forEach((hops, index) => {
      if (hops < 0) return;
      seen[index] = 1;
      members.push(index);
    });
    components.push(members);
  }
  return components.sort((a, b) => b.length - a.length);
}

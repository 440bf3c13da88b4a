/** A controller in this process with a network of real bridges, and what one change costs there. */
import type { App } from '../../src/apps/sdk.ts';
import type { Message } from '../../src/openflow/codec/index.ts';
import { ARP_OP, buildArp } from '../../src/packet/index.ts';
import { startPrivateOvs } from '../../test/support/private-ovs.ts';
import type { PrivateOvs } from '../../test/support/private-ovs.ts';
import { processorMs } from '../../test/support/processor-time.ts';
import { startRooms } from '../../test/support/rooms.ts';
import type { Rooms } from '../../test/support/rooms.ts';
import { buildFabric, HOST_PORT } from './fabric.ts';
import { dpidOf } from './topologies.ts';
import type { Topology } from './topologies.ts';

/** What a change cost, from the fact to the last confirmation. */
export interface Cost {
  readonly totalMs: number;
  /** Of this process's time: computing the desired tables. */
  readonly updateMs: number;
  /** All processor time of this process meanwhile, `updateMs` among it: planning, encoding, decoding, collecting garbage. */
  readonly cpuMs: number;
  /** Flow-mods, group-mods and meter-mods sent. */
  readonly mods: number;
}

export interface Lab {
  readonly ovs: PrivateOvs;
  readonly rooms: Rooms;
  /** Moves a fact and waits until all that follows from it is confirmed. */
  change(fact: () => void): Promise<Cost>;
  /** Flow-mods, group-mods and meter-mods sent so far. */
  readonly mods: number;
  dispose(): Promise<void>;
}

export interface LabOptions {
  readonly topology: Topology;
  /** By default those of proactive forwarding. */
  readonly apps?: readonly App[];
  /** What else must be true before the lab is whole; by default that all links and host ports are known. */
  readonly holds?: (rooms: Rooms) => boolean;
}

/** Resolves when every link is found, every port known and every rule confirmed. */
export async function startLab({ topology, apps, holds = isWhole(topology) }: LabOptions): Promise<Lab> {
  let mods = 0;
  const rooms = await startRooms({
    ...(apps ? { apps } : {}),
    onSent: (_dpid, message) => {
      if (isMod(message)) mods++;
    },
  });
  const ovs = await startPrivateOvs();
  const dispose = async (): Promise<void> => {
    await rooms.stop();
    await ovs.dispose();
  };
  try {
    await buildFabric(ovs, topology, rooms.target);
    await rooms.settled({ holds: () => holds(rooms) });
  } catch (error) {
    await dispose();
    throw error;
  }
  const change = async (fact: () => void): Promise<Cost> => {
    const { version } = rooms.network.view;
    const before = { mods, updateMs: rooms.updateMs, cpuMs: processorMs(), at: performance.now() };
    fact();
    const confirmedAt = await rooms.settled({ version });
    return {
      totalMs: confirmedAt - before.at,
      updateMs: rooms.updateMs - before.updateMs,
      cpuMs: processorMs() - before.cpuMs,
      mods: mods - before.mods,
    };
  };
  return {
    ovs,
    rooms,
    change,
    dispose,
    get mods() {
      return mods;
    },
  };
}

function isMod({ type }: Message): boolean {
  return type === 'bundleAdd' || type === 'flowMod' || type === 'groupMod' || type === 'meterMod';
}

function isWhole({ switches, links }: Topology): (rooms: Rooms) => boolean {
  return ({ network: { view } }) =>
    view.switches.size === switches &&
    view.links.size === links.length &&
    [...view.links.values()].every(({ bidirectional }) => bidirectional) &&
    [...view.switches.values()].every(({ connected, ports }) => connected && ports.get(HOST_PORT)?.kind === 'host');
}

export function macOf(host: number): number {
  return 0x0200_0000_0000 + host;
}

/** A host says which address it has. */
export function arpFrame(host: number): Uint8Array {
  const ip = 0x0a000000 + host;
  return buildArp({ op: ARP_OP.REQUEST, sha: macOf(host), spa: ip, tha: 0, tpa: ip });
}

/** A host speaks at the host port of a switch: what its frame does once the controller has it. */
export function announce({ hosts }: Pick<Rooms, 'hosts'>, host: number, node: number): void {
  hosts.frame(arpFrame(host), { dpid: dpidOf(node), port: HOST_PORT });
}

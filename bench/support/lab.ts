/** A controller in this process with a network of real bridges, and what one change costs there. */
import type { App } from '../../src/apps/sdk.ts';
import type { Message } from '../../src/openflow/codec/index.ts';
import { startPrivateOvs } from '../../test/support/private-ovs.ts';
import type { PrivateOvs } from '../../test/support/private-ovs.ts';
import { processorMs } from '../../test/support/processor-time.ts';
import { startRooms } from '../../test/support/rooms.ts';
import type { Rooms } from '../../test/support/rooms.ts';
import { buildFabric, isWhole } from '../../test/support/fabric.ts';
import type { Topology } from '../../test/support/topologies.ts';

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
export async function startLab({
  topology,
  apps,
  holds = (rooms) => isWhole(rooms, topology),
}: LabOptions): Promise<Lab> {
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

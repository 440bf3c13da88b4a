/** Fifty real switches at once: all are found, all hold what is desired, and a restart changes not one rule. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { announce, buildFabric, isWhole } from '../support/fabric.ts';
import { startPrivateOvs } from '../support/private-ovs.ts';
import type { PrivateOvs } from '../support/private-ovs.ts';
import { dpidOf } from '../support/ring.ts';
import { startRooms } from '../support/rooms.ts';
import type { Rooms } from '../support/rooms.ts';
import { ringOfRings } from '../support/topologies.ts';

const TOPOLOGY = ringOfRings(5, 10);
const NODES = Array.from({ length: TOPOLOGY.switches }, (_, index) => index + 1);
const TIMEOUT_MS = 120_000;

describe('fifty switches', () => {
  let ovs: PrivateOvs;
  let rooms: Rooms;
  let mods = 0;
  const onSent = (_dpid: string, { type }: { readonly type: string }): void => {
    if (type === 'bundleAdd' || /^(flow|group|meter)Mod$/.test(type)) mods++;
  };
  const whole = (): boolean => isWhole(rooms, TOPOLOGY);
  /** Flows of each bridge, as it counts them itself. */
  const flowCounts = async (): Promise<number[]> => {
    const texts = await Promise.all(NODES.map((node) => ovs.ofctl('dump-aggregate', `s${node}`)));
    return texts.map((text) => Number(/flow_count=(\d+)/.exec(text)?.[1]));
  };
  const desiredCounts = (): number[] =>
    NODES.map((node) => [...rooms.desired.of(dpidOf(node)).values()].filter(({ kind }) => kind === 'flow').length);

  beforeAll(async () => {
    rooms = await startRooms({ onSent });
    ovs = await startPrivateOvs();
    await buildFabric(ovs, TOPOLOGY, rooms.target);
    await rooms.settled({ holds: whole });
  }, TIMEOUT_MS);
  afterAll(async () => {
    await rooms?.stop();
    await ovs?.dispose();
  });

  it(
    'that connect at once hold what is desired of them, and more when hosts speak',
    async () => {
      expect(await flowCounts()).toEqual(desiredCounts());
      const { version } = rooms.network.view;
      for (const node of NODES) announce(rooms, node, node);
      await rooms.settled({ version, holds: () => rooms.network.view.hosts.size === NODES.length });
      const counts = await flowCounts();
      expect(counts).toEqual(desiredCounts());
      expect(Math.min(...counts)).toBeGreaterThan(NODES.length);
    },
    TIMEOUT_MS,
  );

  it(
    'are sent no change by a controller that starts again',
    async () => {
      const before = await flowCounts();
      const remembered = rooms.remember();
      const { openflowPort } = rooms;
      await rooms.stop();
      mods = 0;
      rooms = await startRooms({ onSent, remembered, port: openflowPort });
      await rooms.settled({ holds: () => whole() && rooms.network.view.hosts.size === NODES.length });
      // What looked left over while some were missing would go now.
      rooms.reconciler.wake();
      await Promise.all(NODES.map((node) => rooms.reconciler.audit(dpidOf(node))));
      expect(mods).toBe(0);
      expect(await flowCounts()).toEqual(before);
    },
    TIMEOUT_MS,
  );
});

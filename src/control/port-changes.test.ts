import { describe, expect, it } from 'vitest';
import { formatDpid, portKey } from '../core/ids.ts';
import type { PortRef } from '../core/ids.ts';
import { createManualClock } from '../core/manual-clock.ts';
import type { Notice } from '../core/notice.ts';
import { OFPPR } from '../openflow/codec/index.ts';
import { Network } from '../topology/network.ts';
import { switchOf } from '../topology/testing/facts.ts';
import { createPortChanges } from './port-changes.ts';
import { portDesc } from './testing/fake-switch.ts';

const S1 = formatDpid(1n);
const P: PortRef = { dpid: S1, port: 3 };
const QUIET_MS = 10_000;

function start() {
  const clock = createManualClock();
  const network = new Network(clock);
  const told: string[] = [];
  const notices: Notice[] = [];
  let attached = true;
  const changes = createPortChanges({
    network,
    clock,
    discovery: {
      portUp: (ref) => void told.push(`up ${portKey(ref)}`),
      portDown: (ref) => {
        told.push(`down ${portKey(ref)}`);
        network.setPortKind(ref, 'unknown');
      },
    },
    hosts: { portLost: () => {} },
    isAttached: () => attached,
    onNotice: (notice) => notices.push(notice),
  });
  network.setSwitch(S1, switchOf(S1, []));
  const modify = (up: boolean): void => changes.status(S1, { ...STATUS, reason: OFPPR.MODIFY, desc: desc(up) });
  const add = (): void => changes.status(S1, { ...STATUS, reason: OFPPR.ADD, desc: desc(true) });
  const remove = (): void => changes.status(S1, { ...STATUS, reason: OFPPR.DELETE, desc: desc(true) });
  add();
  network.setPortKind(P, 'host');
  network.flush();
  told.length = 0;
  return {
    clock,
    network,
    changes,
    told,
    notices,
    modify,
    add,
    remove,
    port: () => network.port(P),
    detach: () => {
      attached = false;
    },
    /** Down and up, fifty times a second, for a while; ends up. */
    flap: (times: number) => {
      for (let i = 0; i < times; i++) {
        modify(false);
        clock.advance(10);
        modify(true);
        clock.advance(10);
      }
    },
  };
}

const STATUS = { type: 'portStatus', xid: 0 } as const;
function desc(up: boolean) {
  return portDesc(3, 's1-eth3', up);
}

describe('a port that flaps', () => {
  it('is believed each time until it is too often, and is then held down with a reason', () => {
    const world = start();
    world.flap(50);
    expect(world.told.filter((line) => line === 'down 0000000000000001:3').length).toBeLessThanOrEqual(8);
    expect(world.port()).toMatchObject({ up: false, kind: 'unknown', damped: true });
    expect(world.notices).toMatchObject([{ type: 'port.damped', severity: 'warning', subject: { port: P } }]);
    expect(world.notices[0]?.message).toContain('s1-eth3 of s1');
    expect(world.notices[0]?.cause).toMatch(/went down [67] times/);
  });

  it('makes no views and no work while it is held', () => {
    const world = start();
    world.flap(20);
    world.network.flush();
    const { version } = world.network.view;
    const said = world.told.length;
    world.flap(3_000);
    world.network.flush();
    expect(world.network.view.version).toBe(version);
    expect(world.told).toHaveLength(said);
    expect(world.notices).toHaveLength(1);
  });

  it('is looked at anew when it has been quiet, and that is told', () => {
    const world = start();
    world.flap(50);
    world.told.length = 0;
    world.clock.advance(QUIET_MS);
    expect(world.told).toEqual(['up 0000000000000001:3']);
    expect(world.port()).toMatchObject({ up: true, kind: 'unknown' });
    expect(world.port()).not.toHaveProperty('damped');
    expect(world.notices.map(({ type }) => type)).toEqual(['port.damped', 'port.released']);
  });

  it('is shown as down, and probed when it is up, where it was down when it was released', () => {
    const world = start();
    world.flap(50);
    world.modify(false);
    world.told.length = 0;
    world.clock.advance(QUIET_MS);
    expect(world.told).toEqual([]);
    expect(world.port()).toMatchObject({ up: false });
    expect(world.port()).not.toHaveProperty('damped');
    world.modify(true);
    expect(world.told).toEqual(['up 0000000000000001:3']);
  });

  it('is not let off by being deleted and added', () => {
    const world = start();
    for (let i = 0; i < 20; i++) {
      world.remove();
      expect(world.port()).toBeUndefined();
      world.add();
      world.clock.advance(20);
    }
    expect(world.port()).toMatchObject({ up: false, damped: true });
    expect(world.told.filter((line) => line.startsWith('up')).length).toBeLessThanOrEqual(8);
    world.clock.advance(QUIET_MS);
    expect(world.port()).toMatchObject({ up: true, kind: 'unknown' });
  });

  it('is gone when it was deleted while it was held', () => {
    const world = start();
    world.flap(50);
    world.remove();
    world.told.length = 0;
    world.clock.advance(QUIET_MS);
    expect([world.port(), world.told]).toEqual([undefined, []]);
  });

  it('is held down, too, when its switch connects anew meanwhile', () => {
    const world = start();
    world.flap(50);
    expect(world.changes.describe(S1, desc(true), 'host')).toMatchObject({ up: false, kind: 'unknown', damped: true });
    expect(world.changes.describe(S1, portDesc(4), 'host')).toMatchObject({ up: true, kind: 'host' });
  });

  it('is not probed when it is released while its switch has no session', () => {
    const world = start();
    world.flap(50);
    world.detach();
    world.told.length = 0;
    world.clock.advance(QUIET_MS);
    expect(world.told).toEqual([]);
    expect(world.port()).toMatchObject({ up: true, kind: 'unknown' });
  });
});

describe('a port that is pulled', () => {
  it('is down at once, and looked at anew at once when it is up', () => {
    const world = start();
    for (let i = 0; i < 20; i++) {
      world.told.length = 0;
      world.modify(false);
      expect(world.port()).toMatchObject({ up: false, kind: 'unknown' });
      world.modify(true);
      expect(world.told).toEqual(['down 0000000000000001:3', 'up 0000000000000001:3']);
      world.clock.advance(2_000);
    }
    expect(world.notices).toEqual([]);
  });
});

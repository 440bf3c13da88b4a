import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../core/manual-clock.ts';
import { formatDpid } from '../../core/ids.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import { bucket, OFPGT } from '../../openflow/codec/index.ts';
import { flowItem, groupItem } from '../items.ts';
import type { GroupItem, Item } from '../items.ts';
import { GROUP_BASE, goto, PORT_PRIORITY, TABLES } from '../pipeline.ts';
import { Cabling } from './cabling.ts';
import { Drains } from './drains.ts';
import { FloodGate } from './flood-gate.ts';
import { Installed } from './installed.ts';
import { plan } from './plan.ts';
import { newState } from './state.ts';
import type { SwitchState } from './state.ts';
import { COOKIE, tableOf } from './testing/rules.ts';
import { scriptedTransport } from './testing/scripted-transport.ts';
import { Waits } from './waits.ts';

const [S1, S2, S3] = [formatDpid(1n), formatDpid(2n), formatDpid(3n)] as const;
/** Where ports 2 and 3 of the first switch lead. */
const TO_S2: PortRef = { dpid: S2, port: 1 };
const TO_S3: PortRef = { dpid: S3, port: 1 };

/** Intake's rule that takes frames in by port 1. */
const open = flowItem({
  tableId: TABLES.intake.id,
  priority: PORT_PRIORITY,
  match: { inPort: 1 },
  instructions: [goto('steer')],
  cookie: COOKIE,
});

function leadingTo(...after: readonly PortRef[]): GroupItem {
  const buckets = after.map(({ dpid }) => bucket({ actions: [{ type: 'output', port: dpid === S2 ? 2 : 3 }] }));
  return groupItem({ groupId: GROUP_BASE + 9, groupType: OFPGT.SELECT, buckets, after });
}

function holding(dpid: Dpid, ...items: readonly Item[]): SwitchState {
  return { ...newState(dpid), installed: new Installed(tableOf(...items)) };
}

/** The first switch holds one group and shall hold another; the third is open, the second is gone and holds nothing. */
function planOf(held: GroupItem | undefined, wish: GroupItem) {
  const own = holding(S1, ...(held ? [held] : []));
  own.transport = scriptedTransport();
  own.dirty.add(wish.key);
  const states = new Map([own, holding(S2), holding(S3, open)].map((state) => [state.dpid, state]));
  const desired = new Map([
    [S1, tableOf(wish)],
    [S2, tableOf(open)],
    [S3, tableOf(open)],
  ]);
  const cabling = new Cabling();
  const ops = plan(own, {
    states,
    desired: (dpid) => desired.get(dpid)!,
    cabling,
    floodGate: new FloodGate({ states, cabling, clock: createManualClock(), onDrained: () => {} }),
    waits: new Waits(),
    drains: new Drains(createManualClock(), () => {}),
    keepLeftovers: () => false,
  });
  return { ops: ops.map(({ type, item }) => `${type} ${item.key}`), waiting: [...own.waiting] };
}

describe('a group', () => {
  const wish = leadingTo(TO_S3, TO_S2);

  it('waits for a switch that it is to lead to and that cannot take it yet', () => {
    expect(planOf(undefined, wish)).toEqual({ ops: [], waiting: [wish.key] });
    expect(planOf(leadingTo(TO_S3), wish)).toEqual({ ops: [], waiting: [wish.key] });
  });

  it('goes where every new way is made, though one that it leads to already lost its rules and is gone', () => {
    expect(planOf(undefined, leadingTo(TO_S3))).toEqual({ ops: [`add ${wish.key}`], waiting: [] });
    expect(planOf(leadingTo(TO_S2), wish)).toEqual({ ops: [`modify ${wish.key}`], waiting: [] });
    expect(planOf(leadingTo(TO_S2, TO_S3), wish)).toEqual({ ops: [`modify ${wish.key}`], waiting: [] });
  });
});

import { expect, it } from 'vitest';
import { buildReport } from './build-report.ts';
import { Installed } from './installed.ts';
import { newState } from './state.ts';
import { rule, tableOf } from './testing/rules.ts';
import type { SwitchTransport } from './transport.ts';
import { WAR_REPAIRS } from './wars.ts';

const DPID = '0000000000000001';

it('says nothing of a switch that was never read', () => {
  expect(buildReport(newState(DPID), tableOf(rule(1)), 0)).toEqual({
    dpid: DPID,
    connected: false,
    monitored: false,
    readAt: undefined,
    missing: [],
    changed: [],
    extra: [],
    foreign: [],
    foreignCount: 0,
    refused: [],
    repairs: 0,
    wars: [],
  });
});

it('holds what is there against what shall be there', () => {
  const state = newState(DPID);
  state.transport = {} as SwitchTransport;
  state.monitored = true;
  state.readAt = 5;
  state.installed = new Installed(tableOf(rule(1), rule(2, 9), rule(3)));
  state.foreign.reset([rule(7)], 1);
  state.refused.note(
    { op: { type: 'add', item: rule(4) }, reason: 'no', mayPass: false, stale: false },
    { now: 0, wall: 9 },
  );
  for (let round = 0; round < WAR_REPAIRS; round++) {
    state.repairs.drifted(rule(4).key, 'again', 0);
    state.repairs.confirmed(rule(4).key, 0);
  }
  expect(buildReport(state, tableOf(rule(1), rule(2), rule(4)), 0)).toEqual({
    dpid: DPID,
    connected: true,
    monitored: true,
    readAt: 5,
    missing: [rule(4)],
    changed: [{ desired: rule(2), installed: rule(2, 9) }],
    extra: [rule(3)],
    foreign: [rule(7)],
    foreignCount: 1,
    refused: [{ item: rule(4), reason: 'no', since: 9, retryAt: undefined }],
    repairs: WAR_REPAIRS,
    wars: [rule(4)],
  });
});

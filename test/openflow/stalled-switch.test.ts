/** A switch that stops reading costs the others nothing, and has what it shall have when it reads again. */
import { afterEach, describe, expect, it } from 'vitest';
import { formatDpid } from '../../src/core/ids.ts';
import { rule } from '../../src/flows/reconcile/testing/rules.ts';
import { connectFakeSwitch } from '../support/fake-switch.ts';
import type { FakeSwitch } from '../support/fake-switch.ts';
import { startKeeper } from '../support/keeper.ts';
import type { Keeper } from '../support/keeper.ts';
import { until } from '../support/rest.ts';

const [S1, S2] = [formatDpid(1n), formatDpid(2n)];
const rules = Array.from({ length: 500 }, (_, index) => rule(index));
/** Lost answers are part of the test, and shall not make it long. */
const LIMITS = { requestTimeoutMs: 300 };

let keeper: Keeper;
const fakes: FakeSwitch[] = [];

async function connect(dpid: bigint): Promise<FakeSwitch> {
  const fake = await connectFakeSwitch({ port: keeper.server.port, dpid });
  fakes.push(fake);
  await keeper.ready.next((ready) => ready === formatDpid(dpid));
  return fake;
}

/** A commit to a switch that was confirmed whole. */
function confirmed(dpid: string, ops: number): Promise<unknown> {
  return keeper.commits.next((commit) => commit.dpid === dpid && commit.ops === ops && commit.refused === 0);
}

afterEach(async () => {
  for (const fake of fakes.splice(0)) fake.reset();
  await keeper.stop();
});

describe('a switch that does not read', () => {
  it('holds up no other', async () => {
    keeper = await startKeeper({ limits: LIMITS });
    const stalled = await connect(1n);
    await connect(2n);
    stalled.pauseReading();
    keeper.desire(S1, rules);
    for (let count = 100; count <= 500; count += 100) {
      keeper.desire(S2, rules.slice(0, count));
      await confirmed(S2, 100);
    }
    expect(keeper.reconciler.installed(S2)?.size).toBe(500);
    expect(keeper.reconciler.installed(S1)?.size).toBe(0);
    expect(keeper.reconciler.report(S1).missing).toHaveLength(500);
    expect(keeper.commits.items.filter(({ dpid }) => dpid === S1)).toEqual([]);

    // It is asked again and again, and goes on being silent.
    await until(
      () => Promise.resolve(keeper.reconciler.stats().unknown),
      (unknown) => unknown > 0,
    );
    stalled.resumeReading();
    await confirmed(S1, 500);
    expect(keeper.reconciler.report(S1).missing).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { appsFor } from '../apps/index.ts';
import { rawFlow } from '../apps/raw-flow.ts';
import type { App } from '../flows/desired/app.ts';
import { goto } from '../flows/pipeline.ts';
import type { PolicyWrite } from '../policies/policies.ts';
import { dpidOf } from '../topology/testing/graphs.ts';
import { policyBed } from './testing/policies.ts';
import type { PolicyBed } from './testing/policies.ts';

const [S1, S2] = [dpidOf(0), dpidOf(1)];
const PATIENCE_MS = 5_000;

function flow(name: string, spec: object = {}, rest: Partial<PolicyWrite> = {}): PolicyWrite {
  const whole = { dpid: 's1', table: 'steer', priority: 9, match: { in_port: 1 }, instructions: [], ...spec };
  return {
    input: { name, kind: 'flow', spec: whole, enabled: true },
    mode: 'put',
    expected: undefined,
    actor: '127.0.0.1',
    ...rest,
  };
}

const write = (bed: PolicyBed, ...args: Parameters<typeof flow>) => bed.service.write(flow(...args), PATIENCE_MS);

describe('a write', () => {
  it('is answered when the switch has confirmed it, and not before', async () => {
    const bed = policyBed();
    bed.behave(S1, 'silent');
    let answered = false;
    const answer = write(bed, 'a').then((written) => {
      answered = true;
      return written;
    });
    bed.clock.advance(PATIENCE_MS - 1);
    await Promise.resolve();
    expect(answered).toBe(false);
    expect(bed.service.get('a')?.status).toEqual({
      phase: 'pending',
      reason: 's1 has not confirmed all of it yet.',
      observedRevision: 1,
      rules: 1,
      switches: [S1],
    });
    bed.behave(S1, 'confirm');
    expect(await answer).toMatchObject({ created: true, settled: true, status: { phase: 'active' } });
    expect(bed.held(S1).size).toBe(1);
  });

  it('is answered when the time is over', async () => {
    const bed = policyBed();
    bed.behave(S1, 'silent');
    const answer = write(bed, 'a');
    bed.clock.advance(PATIENCE_MS);
    expect(await answer).toMatchObject({ settled: false, status: { phase: 'pending' } });
  });

  it('waits until the rule that it takes away is gone too', async () => {
    const bed = policyBed();
    await write(bed, 'a');
    bed.behave(S1, 'silent');
    const answer = write(bed, 'a', { dpid: 's2' });
    expect(bed.held(S2).size).toBe(1);
    bed.clock.advance(PATIENCE_MS);
    expect(await answer).toMatchObject({ settled: false, status: { phase: 'active', switches: [S2] } });
    bed.behave(S1, 'confirm');
    expect(bed.held(S1).size).toBe(0);
  });

  it('is answered at once where the switch is not connected, or goes', async () => {
    const bed = policyBed();
    bed.connect(S1, false);
    const reason = 's1 is not connected; what is missing there goes out when it is.';
    expect(await write(bed, 'a')).toMatchObject({ settled: true, status: { phase: 'pending', reason } });
    bed.connect(S1, true);
    bed.behave(S1, 'silent');
    const answer = write(bed, 'b', { priority: 10 });
    bed.connect(S1, false);
    expect(await answer).toMatchObject({ settled: true, status: { phase: 'pending', reason } });
  });

  it('counts what a switch confirmed before it went', async () => {
    const bed = policyBed();
    await write(bed, 'a');
    bed.connect(S1, false);
    expect(bed.service.get('a')?.status.phase).toBe('active');
  });

  it('that a switch refuses says so, with rule and reason', async () => {
    const bed = policyBed();
    bed.behave(S1, { refuse: 'BAD_ACTION/BAD_OUT_GROUP: there is no such group.' });
    expect(await write(bed, 'a')).toMatchObject({
      settled: true,
      status: {
        phase: 'failed',
        reason:
          's1 refuses the rule in steer, priority 9, in_port=1: BAD_ACTION/BAD_OUT_GROUP: there is no such group.',
      },
    });
    bed.behave(S1, 'confirm');
    // What was refused is another rule now.
    expect(await write(bed, 'a', { instructions: [{ goto_table: 'forward' }] })).toMatchObject({
      status: { phase: 'active', reason: undefined },
    });
  });

  it('that is not enabled wants nothing and is settled when nothing is left', async () => {
    const bed = policyBed();
    await write(bed, 'a');
    const off = flow('a');
    const written = await bed.service.write({ ...off, input: { ...off.input, enabled: false } }, PATIENCE_MS);
    expect(written).toMatchObject({
      created: false,
      settled: true,
      status: { phase: 'pending', rules: 0, switches: [] },
    });
    expect(written.status.reason).toContain('PATCH {"enabled": true}');
    expect(bed.held(S1).size).toBe(0);
  });

  it('waits for a switch that is not there, and is active when it is', async () => {
    const bed = policyBed({ switches: 1 });
    expect(await write(bed, 'a', { dpid: 's2' })).toMatchObject({
      settled: true,
      status: { phase: 'pending', rules: 0 },
    });
    expect(bed.service.get('a')?.status.reason).toContain('There is no switch s2');
    bed.network.setSwitch(S2, { ...bed.network.switch(S1)!, dpid: S2, name: 's2' });
    bed.network.flush();
    expect(bed.service.get('a')?.status.phase).toBe('active');
  });
});

describe('two that want one place', () => {
  it('are told of each other: the first by name has it, the other gets it afterwards', async () => {
    const bed = policyBed();
    const held = await write(bed, 'b');
    const taken = await write(bed, 'a', { instructions: [{ goto_table: 'forward' }] });
    expect([held.status.phase, taken.status.phase]).toEqual(['active', 'active']);
    expect(bed.service.get('b')?.status).toMatchObject({
      phase: 'failed',
      reason:
        'On s1, the rule in steer, priority 9, in_port=1 is flow "a"\'s already; give one of the two another priority or match.',
      rules: 0,
    });
    await bed.service.remove({ name: 'a', expected: undefined, actor: '::1' }, PATIENCE_MS);
    expect(bed.service.get('b')?.status.phase).toBe('active');
    expect([...bed.held(S1).values()][0]?.owner).toEqual({ kind: 'flow', name: 'b' });
  });

  it('degrade one that has other places too', async () => {
    /** Stands for a kind of many rules: one in each table. */
    const many: App = {
      ...rawFlow,
      build: (facts, unit, output) => {
        rawFlow.build(facts, unit, output);
        if (unit === 'z') output.rule(S2, { table: 'guard', priority: 3, match: {}, instructions: [goto('shape')] });
      },
    };
    const bed = policyBed({ apps: [many] });
    await write(bed, 'a');
    expect((await write(bed, 'z')).status).toMatchObject({ phase: 'degraded', rules: 1, switches: [S2] });
    await bed.service.remove({ name: 'a', expected: undefined, actor: '::1' }, PATIENCE_MS);
    expect(bed.service.get('z')?.status).toMatchObject({ phase: 'active' });
  });
});

describe('an app that fails', () => {
  it('fails its policy, with the sentence', async () => {
    const broken: App = {
      ...rawFlow,
      build: (_facts, unit) => {
        if (unit === 'a') throw new Error('no way');
      },
    };
    const bed = policyBed({ apps: [broken] });
    expect((await write(bed, 'a')).status).toMatchObject({
      phase: 'failed',
      reason: 'Its rules could not be made: no way.',
    });
    expect((await write(bed, 'b')).status.phase).toBe('pending');
  });

  it('that cannot say what it is for fails all of its policies', async () => {
    const broken: App = {
      ...rawFlow,
      units: (facts) => {
        if (facts.policies().length > 0) throw new Error('who?');
        return [];
      },
    };
    const bed = policyBed({ apps: [broken] });
    expect((await write(bed, 'a')).status).toMatchObject({
      phase: 'failed',
      reason: 'Its rules could not be made: who?.',
    });
  });
});

describe('a removal', () => {
  const removal = { name: 'a', expected: undefined, actor: '::1' };

  it('is answered when the switch holds nothing of it', async () => {
    const bed = policyBed();
    await write(bed, 'a');
    bed.behave(S1, 'silent');
    const answer = bed.service.remove(removal, PATIENCE_MS);
    expect(bed.service.get('a')).toBeUndefined();
    bed.clock.advance(1);
    bed.behave(S1, 'confirm');
    expect(await answer).toMatchObject({ settled: true, record: { name: 'a' } });
    expect(bed.held(S1).size).toBe(0);
  });

  it('says where rules are left when the time is over', async () => {
    const bed = policyBed();
    await write(bed, 'a');
    bed.behave(S1, 'silent');
    const answer = bed.service.remove(removal, PATIENCE_MS);
    bed.clock.advance(PATIENCE_MS);
    expect(await answer).toMatchObject({
      settled: false,
      status: { phase: 'pending', rules: 1, switches: [S1], reason: expect.stringContaining('from s1') as string },
    });
  });
});

describe('a plan', () => {
  it('says what a write would add, change and remove, and leaves everything as it is', async () => {
    const bed = policyBed({ apps: appsFor('proactive') });
    await write(bed, 'a');
    const { version } = bed.network.view;
    const rules = bed.desired.of(S1).size;
    const added = bed.service.planWrite(flow('b', { dpid: 's2', priority: 4 }));
    expect(added).toMatchObject({
      switches: [{ dpid: S2, changed: [], removed: [], omitted: 0 }],
      conflicts: [],
      reason: undefined,
    });
    expect(added.switches[0]?.added).toEqual([
      {
        type: 'flow',
        tableId: 5,
        tableName: 'steer',
        priority: 4,
        match: { inPort: 1 },
        instructions: [],
        owner: { kind: 'flow', name: 'b' },
      },
    ]);
    const changed = bed.service.planWrite(flow('a', { instructions: [{ goto_table: 6 }] }));
    expect(changed.switches).toMatchObject([
      {
        dpid: S1,
        added: [],
        removed: [],
        changed: [{ from: { instructions: [] }, to: { instructions: [goto('forward')] } }],
      },
    ]);
    const moved = bed.service.planWrite(flow('a', { dpid: 's2' }));
    expect(moved.switches.map(({ dpid, added: more, removed: less }) => [dpid, more.length, less.length])).toEqual([
      [S1, 0, 1],
      [S2, 1, 0],
    ]);
    const removed = bed.service.planRemoval({ name: 'a', expected: undefined, actor: '::1' });
    expect(removed.switches).toMatchObject([{ dpid: S1, added: [], changed: [], removed: [{ priority: 9 }] }]);
    expect(bed.service.planWrite(flow('a')).switches).toEqual([]);
    expect([bed.network.view.version, bed.desired.of(S1).size]).toEqual([version, rules]);
    expect(bed.service.list().map(({ record }) => [record.name, record.revision])).toEqual([['a', 1]]);
    expect(bed.store.trail(9)).toHaveLength(1);
  });

  it('names who would lose a place to whom', async () => {
    const bed = policyBed();
    await write(bed, 'b');
    const { conflicts } = bed.service.planWrite(flow('a', { instructions: [{ goto_table: 6 }] }));
    expect(conflicts).toMatchObject([
      {
        dpid: S1,
        rule: { priority: 9, instructions: [goto('forward')] },
        holder: { kind: 'flow', name: 'a' },
        refused: { kind: 'flow', name: 'b' },
      },
    ]);
    // What is there already is no news.
    await write(bed, 'a', { instructions: [{ goto_table: 6 }] });
    expect(bed.service.planWrite(flow('c', { priority: 1 })).conflicts).toEqual([]);
  });

  it('says why nothing would come about', () => {
    const bed = policyBed();
    expect(bed.service.planWrite(flow('a', { dpid: 's9' }))).toMatchObject({
      switches: [],
      reason: expect.stringContaining('There is no switch s9') as string,
    });
    const off = flow('a');
    expect(bed.service.planWrite({ ...off, input: { ...off.input, enabled: false } }).reason).toContain(
      'not be enabled',
    );
  });

  it('is refused where the write would be', () => {
    const bed = policyBed();
    expect(() => bed.service.planWrite(flow('a', {}, { mode: 'update' }))).toThrow('there is no policy a');
    expect(() => bed.service.planRemoval({ name: 'a', expected: undefined, actor: '::1' })).toThrow('no policy a');
  });
});

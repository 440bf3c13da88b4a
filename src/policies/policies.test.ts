import { describe, expect, it } from 'vitest';
import { createManualClock } from '../core/manual-clock.ts';
import type { Policy } from '../core/policy.ts';
import type { StoredPolicy } from '../store/policies.ts';
import { flowKind } from './kinds/flow.ts';
import { Policies, PolicyError } from './policies.ts';
import type { Expected, PolicyWrite } from './policies.ts';
import { memoryStore } from './testing/memory-store.ts';

const START = Date.UTC(2026, 0, 1);
const SPEC = flowKind.example as Readonly<Record<string, unknown>>;
const STORED: StoredPolicy = {
  name: 'web',
  kind: 'flow',
  spec: JSON.stringify(SPEC),
  description: undefined,
  enabled: true,
  revision: 4,
  createdAt: 1,
  updatedAt: 2,
  createdBy: '192.0.2.1',
};

function start(stored: readonly StoredPolicy[] = [], maxPolicies = 10) {
  const clock = createManualClock(START);
  const store = memoryStore(stored);
  const published: [string, Policy | undefined][] = [];
  const publish = (name: string, policy: Policy | undefined): void => void published.push([name, policy]);
  const policies = new Policies({ store, clock, publish, maxPolicies });
  const unusable = policies.load();
  const write = (input: object, rest: Partial<PolicyWrite> = {}) =>
    policies.write({
      input: { name: 'web', kind: 'flow', spec: SPEC, enabled: true, ...input },
      mode: 'put',
      expected: undefined,
      actor: '127.0.0.1',
      ...rest,
    });
  const remove = (name = 'web', expected?: Expected) => policies.remove({ name, expected, actor: '::1' });
  return { clock, store, published, policies, unusable, write, remove };
}

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'none';
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.code;
  }
}

describe('a write', () => {
  it('is stored with its entry in the trail, and handed on', () => {
    const { store, published, policies, write } = start();
    const { before, after } = write({ description: 'for h9' });
    expect(before).toBeUndefined();
    expect(after).toEqual({
      name: 'web',
      kind: 'flow',
      spec: SPEC,
      description: 'for h9',
      enabled: true,
      revision: 1,
      createdAt: START,
      updatedAt: START,
      createdBy: '127.0.0.1',
    });
    expect(policies.get('web')).toEqual(after);
    expect(store.all()).toEqual([{ ...after, spec: JSON.stringify(SPEC) }]);
    expect(published).toEqual([['web', { name: 'web', kind: 'flow', spec: SPEC, revision: 1 }]]);
    const [entry] = store.trail(1);
    expect(entry).toMatchObject({ actor: '127.0.0.1', action: 'create', policy: 'web', revision: 1, at: START });
    expect(JSON.parse(entry!.changes)).toEqual({
      kind: { to: 'flow' },
      spec: { to: SPEC },
      description: { to: 'for h9' },
      enabled: { to: true },
    });
  });

  it('counts revisions and keeps who made the policy and when', () => {
    const { clock, store, policies, write } = start();
    write({});
    clock.advance(1_000);
    write({ spec: { ...SPEC, priority: 7 } }, { actor: '::1' });
    expect(policies.get('web')).toMatchObject({
      revision: 2,
      createdAt: START,
      updatedAt: START + 1_000,
      createdBy: '127.0.0.1',
    });
    const [entry] = store.trail(1);
    expect(entry).toMatchObject({ actor: '::1', action: 'update', revision: 2 });
    expect(Object.keys(JSON.parse(entry!.changes) as object)).toEqual(['spec']);
  });

  it('that changes nothing is none', () => {
    const { store, published, write } = start();
    const { after } = write({});
    expect(write({}).after).toBe(after);
    expect(write({ description: null }).after).toBe(after);
    expect(store.trail(9)).toHaveLength(1);
    expect(published).toHaveLength(1);
  });

  it('that cannot be stored changes nothing', () => {
    const { store, published, policies, write, remove } = start();
    write({});
    store.failure = new Error('disk full');
    expect(() => write({ enabled: false })).toThrow('disk full');
    expect(() => remove()).toThrow('disk full');
    expect(policies.get('web')).toMatchObject({ enabled: true, revision: 1 });
    expect(published).toHaveLength(1);
  });

  it('takes what is not enabled out of the network, and keeps it', () => {
    const { published, policies, write } = start();
    write({});
    write({ enabled: false });
    expect(published.at(-1)).toEqual(['web', undefined]);
    expect(policies.list()).toHaveLength(1);
  });

  it.each<[Partial<PolicyWrite>, string]>([
    [{ mode: 'create' }, 'exists'],
    [{ mode: 'update' }, 'none'],
    [{ expected: [4] }, 'none'],
    [{ expected: [3, 4] }, 'none'],
    [{ expected: 'any' }, 'none'],
    [{ expected: [3] }, 'stale'],
    [{ expected: [] }, 'stale'],
  ])('to a policy at revision 4 with %j: %s', (rest, code) => {
    expect(codeOf(() => start([STORED]).write({ enabled: false }, rest))).toBe(code);
  });

  it.each<[Partial<PolicyWrite>, string]>([
    [{ mode: 'create' }, 'none'],
    [{ mode: 'update' }, 'unknown'],
    [{ expected: [1] }, 'stale'],
    [{ expected: 'any' }, 'stale'],
  ])('to no policy with %j: %s', (rest, code) => {
    expect(codeOf(() => start().write({}, rest))).toBe(code);
  });

  it('is refused where there are as many as are kept', () => {
    const { write, remove } = start([], 2);
    write({ name: 'a' });
    write({ name: 'b' });
    expect(codeOf(() => write({ name: 'c' }))).toBe('full');
    expect(codeOf(() => write({ name: 'b', enabled: false }))).toBe('none');
    remove('a');
    expect(codeOf(() => write({ name: 'c' }))).toBe('none');
  });

  it('has long values cut in the trail', () => {
    const { store, write } = start();
    write({ description: 'x'.repeat(5_000) });
    expect(store.trail(1)[0]!.changes.length).toBeLessThan(2_000);
  });
});

describe('a removal', () => {
  it('is stored, noted and handed on', () => {
    const { store, published, policies, remove } = start([STORED]);
    expect(remove().revision).toBe(4);
    expect([policies.list(), store.all(), published.at(-1)]).toEqual([[], [], ['web', undefined]]);
    expect(store.trail(1)[0]).toMatchObject({ action: 'delete', actor: '::1', revision: 4 });
  });

  it.each<[string, Expected, string]>([
    ['web', [4], 'none'],
    ['web', [5], 'stale'],
    ['gone', undefined, 'unknown'],
    ['gone', 'any', 'stale'],
  ])('of %s at %j: %s', (name, expected, code) => {
    expect(codeOf(() => start([STORED]).remove(name, expected))).toBe(code);
  });
});

describe('stored policies', () => {
  it('are handed on at the start, those that are enabled', () => {
    const { published, policies, unusable } = start([{ ...STORED, name: 'off', enabled: false }, STORED]);
    expect(published).toContainEqual(['web', { name: 'web', kind: 'flow', spec: SPEC, revision: 4 }]);
    expect(published).toContainEqual(['off', undefined]);
    expect(policies.list().map(({ name }) => name)).toEqual(['off', 'web']);
    expect(unusable).toEqual([]);
  });

  it.each<[string, Partial<StoredPolicy>, string]>([
    ['of a kind that is not known', { kind: 'teleport' }, 'This version knows no policies of kind teleport.'],
    [
      'with a spec that is none',
      { spec: '{"dpid":"s1","table":"flood","priority":1,"instructions":[]}' },
      'spec.table: ',
    ],
    ['that are no JSON', { spec: '{' }, 'spec: '],
  ])('%s are kept and want nothing until they are written anew', (_, change, fault) => {
    const { published, unusable, write, policies } = start([{ ...STORED, ...change }]);
    expect(published).toEqual([['web', undefined]]);
    expect(unusable).toEqual([policies.get('web')]);
    expect(unusable[0]?.fault).toContain(fault);
    write({});
    expect(policies.get('web')?.fault).toBeUndefined();
    expect(published.at(-1)?.[1]).toMatchObject({ revision: 5 });
  });
});

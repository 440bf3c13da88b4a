import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Incremental } from './incremental.ts';

/** An engine with one map of numbers and queries that build on each other, with what was computed how often. */
function start() {
  const engine = new Incremental();
  const input = engine.inputMap<string, number>();
  let entries = new Map<string, number>();
  const computed = new Map<string, number>();
  const count = (name: string): void => void computed.set(name, (computed.get(name) ?? 0) + 1);

  const parity = engine.query((key: string) => {
    count(`parity ${key}`);
    return (input.get(key) ?? 0) % 2;
  });
  /** Reads a second key only where the first is odd. */
  const chosen = engine.query((key: string) => {
    count(`chosen ${key}`);
    return parity(key) === 1 ? (input.get(`${key}'`) ?? -1) : 0;
  });
  const total = engine.value(() => {
    count('total');
    return input.keys().reduce((sum, key) => sum + parity(key), 0);
  });
  const sorted = engine.value(
    () => {
      count('sorted');
      return [...input.keys()].sort();
    },
    { equal: (x, y) => x.join() === y.join() },
  );
  const names = engine.value(() => {
    count('names');
    return sorted().join();
  });

  return {
    engine,
    parity,
    chosen,
    total,
    sorted,
    names,
    entries: () => entries,
    /** Undefined removes. */
    set: (changes: Readonly<Record<string, number | undefined>>) => {
      const next = new Map(entries);
      for (const [key, value] of Object.entries(changes)) {
        if (value === undefined) next.delete(key);
        else next.set(key, value);
      }
      engine.advance();
      const changed = Object.keys(changes).filter((key) => next.get(key) !== entries.get(key));
      input.update(next, new Set(changed));
      entries = next;
    },
    /** What was computed since the last call. */
    computed: () => {
      const result = Object.fromEntries(computed);
      computed.clear();
      return result;
    },
  };
}

describe('a query', () => {
  it('is computed once, and again only when what it read has changed', () => {
    const { parity, set, computed } = start();
    set({ a: 1, b: 2 });
    expect([parity('a'), parity('a'), parity('b')]).toEqual([1, 1, 0]);
    expect(computed()).toEqual({ 'parity a': 1, 'parity b': 1 });
    set({ b: 3, c: 9 });
    expect([parity('a'), parity('b')]).toEqual([1, 1]);
    expect(computed()).toEqual({ 'parity b': 1 });
  });

  it('stops a change where its answer comes out equal', () => {
    const { total, set, computed } = start();
    set({ a: 1, b: 2 });
    expect(total()).toBe(1);
    computed();
    set({ a: 7 });
    expect(total()).toBe(1);
    expect(computed()).toEqual({ 'parity a': 1 });
    set({ a: 8 });
    expect(total()).toBe(0);
    expect(computed()).toEqual({ 'parity a': 1, total: 1 });
  });

  it('keeps the answer that it had where the new one is equal', () => {
    const { sorted, names, set, computed } = start();
    set({ b: 1, a: 1 });
    expect(names()).toBe('a,b');
    const before = sorted();
    computed();
    set({ a: undefined });
    set({ a: 1 });
    expect(names()).toBe('a,b');
    expect(sorted()).toBe(before);
    expect(computed()).toEqual({ sorted: 1 });
  });

  it('depends on what it read last, not on what it ever read', () => {
    const { chosen, set, computed } = start();
    set({ a: 1, "a'": 5 });
    expect(chosen('a')).toBe(5);
    set({ a: 2 });
    expect(chosen('a')).toBe(0);
    computed();
    set({ "a'": 6 });
    expect(chosen('a')).toBe(0);
    expect(computed()).toEqual({});
    set({ a: 3 });
    expect(chosen('a')).toBe(6);
  });

  it('sees keys come, go and come back', () => {
    const { parity, total, set } = start();
    expect([parity('a'), total()]).toEqual([0, 0]);
    set({ a: 1 });
    expect([parity('a'), total()]).toEqual([1, 1]);
    set({ a: undefined });
    expect([parity('a'), total()]).toEqual([0, 0]);
    set({ a: 3 });
    expect([parity('a'), total()]).toEqual([1, 1]);
  });

  it('sees a key come back that nobody asked for while it was gone', () => {
    const { parity, set } = start();
    set({ a: 1 });
    expect(parity('a')).toBe(1);
    set({ a: undefined });
    set({ a: 2 });
    expect(parity('a')).toBe(0);
    set({ a: 3 });
    expect(parity('a')).toBe(1);
  });

  it('tells in which revision its answer became another', () => {
    const { engine, parity, set } = start();
    set({ a: 1 });
    const first = parity.changedAt('a');
    expect(first).toBe(engine.revision);
    set({ a: 3 });
    expect(parity.changedAt('a')).toBe(first);
    set({ a: 4 });
    expect(parity.changedAt('a')).toBe(engine.revision);
  });

  it('is computed anew when it was forgotten or swept', () => {
    const { engine, parity, total, set, computed } = start();
    set({ a: 1, b: 1 });
    expect([parity('a'), parity('b')]).toEqual([1, 1]);
    computed();
    parity.forget('a');
    expect(parity('a')).toBe(1);
    expect(computed()).toEqual({ 'parity a': 1 });
    engine.sweep();
    expect([parity('a'), parity('b')]).toEqual([1, 1]);
    expect(computed()).toEqual({});
    set({ c: 1 });
    expect(parity('a')).toBe(1);
    engine.sweep();
    expect(parity('b')).toBe(1);
    expect(computed()).toEqual({ 'parity b': 1 });
    // What an answer rests on is kept with it.
    expect(total()).toBe(3);
    engine.sweep();
    computed();
    set({ a: 3 });
    expect(total()).toBe(3);
    expect(computed()).toEqual({ 'parity a': 1 });
  });
});

describe('a query that throws', () => {
  function throwing() {
    const engine = new Incremental();
    const input = engine.inputMap<string, number>();
    let runs = 0;
    const strict = engine.query((key: string) => {
      runs++;
      const value = input.get(key) ?? 0;
      if (value < 0) throw new RangeError(`${key} is ${value}`);
      return value;
    });
    /** Goes on without what fails. */
    const patient = engine.query((key: string) => {
      try {
        return strict(key);
      } catch {
        return 'failed';
      }
    });
    const set = (value: number): void => {
      engine.advance();
      input.update(new Map([['a', value]]), new Set(['a']));
    };
    return { engine, strict, patient, set, runs: () => runs };
  }

  it('throws the same until an input changes, and then answers again', () => {
    const { strict, set, runs } = throwing();
    set(1);
    expect(strict('a')).toBe(1);
    set(-1);
    expect(() => strict('a')).toThrow('a is -1');
    expect(() => strict('a')).toThrow('a is -1');
    expect(runs()).toBe(2);
    set(-2);
    expect(() => strict('a')).toThrow('a is -2');
    set(1);
    expect(strict('a')).toBe(1);
    expect(strict('b')).toBe(0);
  });

  it('is read anew by one that caught it', () => {
    const { patient, set } = throwing();
    set(-1);
    expect(patient('a')).toBe('failed');
    set(4);
    expect(patient('a')).toBe(4);
    set(-4);
    expect(patient('a')).toBe('failed');
    set(4);
    expect(patient('a')).toBe(4);
  });

  it('leaves nothing behind: what is read outside afterwards is nobody’s', () => {
    const { engine, strict, set } = throwing();
    let runs = 0;
    const constant = engine.value(() => ++runs);
    set(-1);
    expect(() => strict('a')).toThrow(RangeError);
    expect(constant()).toBe(1);
    set(5);
    expect([strict('a'), constant()]).toEqual([5, 1]);
  });
});

describe('any row of changes', () => {
  const key = fc.constantFrom('a', 'b', "a'", "b'", 'c');
  const value = fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined });
  const changes = fc.dictionary(key, value, { maxKeys: 3 });
  const questions = [
    ...['a', 'b', 'c', "a'", "b'"].map((name) => `parity ${name}`),
    'chosen a',
    'chosen b',
    'total',
    'names',
  ];

  it('gives the answers of a fresh engine', () => {
    const step = fc.record({ changes, asks: fc.subarray(questions), sweep: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const old = start();
        for (const { changes, asks, sweep } of steps) {
          old.set(changes);
          const fresh = start();
          fresh.set(Object.fromEntries(old.entries()));
          for (const name of asks) expect(ask(old, name)).toEqual(ask(fresh, name));
          if (sweep) old.engine.sweep();
        }
      }),
      { numRuns: 300 },
    );
  });

  it('computes nothing that would read what it has read before', () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 25 }), (steps) => {
        const world = start();
        const lastRead = new Map<string, string>();
        for (const change of steps) {
          world.set(change);
          for (const name of questions) ask(world, name);
          for (const [name, times] of Object.entries(world.computed())) {
            expect(times).toBe(1);
            const reads = readsOf(world, name);
            expect(reads).not.toBe(lastRead.get(name));
            lastRead.set(name, reads);
          }
          world.set({});
          for (const name of questions) ask(world, name);
          expect(world.computed()).toEqual({});
        }
      }),
    );
  });

  function ask({ parity, chosen, total, names }: ReturnType<typeof start>, name: string): unknown {
    const [query, of = ''] = name.split(' ');
    if (query === 'parity') return parity(of);
    if (query === 'chosen') return chosen(of);
    return query === 'total' ? total() : names();
  }

  /** What a query reads when it is computed now. */
  function readsOf({ entries, parity, sorted }: ReturnType<typeof start>, name: string): string {
    const [query, of = ''] = name.split(' ');
    const keys = [...entries().keys()];
    switch (query) {
      case 'parity':
        return `${entries().get(of)}`;
      case 'chosen':
        return parity(of) === 1 ? `1 ${entries().get(`${of}'`)}` : '0';
      case 'total':
        return keys.map((key) => `${key} ${parity(key)}`).join();
      case 'sorted':
        return keys.join();
      default:
        return sorted().join();
    }
  }
});

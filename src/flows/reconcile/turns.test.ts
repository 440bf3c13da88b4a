import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../core/manual-clock.ts';
import { TURN_MS, Turns } from './turns.ts';

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Turns in which each thing takes some time. */
function start(tookMs: number) {
  const clock = createManualClock();
  const done: string[] = [];
  let again: string | undefined;
  const turns = new Turns<string>({
    clock,
    work: (item) => {
      done.push(item);
      clock.block(tookMs);
      if (again !== undefined) turns.add(again);
    },
  });
  return { turns, done, setAgain: (item: string | undefined) => void (again = item) };
}

describe('turns', () => {
  it('do at once what takes little, each thing once', async () => {
    const { turns, done } = start(0);
    for (const item of ['a', 'b', 'a', 'c']) turns.add(item);
    expect(done).toEqual([]);
    await nextTurn();
    expect(done).toEqual(['a', 'b', 'c']);
    expect(turns.size).toBe(0);
  });

  it('leave to the next turn what does not fit into one, in order', async () => {
    const { turns, done } = start(TURN_MS / 2);
    for (const item of ['a', 'b', 'c', 'd', 'e']) turns.add(item);
    await nextTurn();
    expect(done).toEqual(['a', 'b']);
    await nextTurn();
    expect(done).toEqual(['a', 'b', 'c', 'd']);
    await nextTurn();
    expect(done).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('do one thing in any case', async () => {
    const { turns, done } = start(10 * TURN_MS);
    for (const item of ['a', 'b']) turns.add(item);
    await nextTurn();
    expect(done).toEqual(['a']);
    await nextTurn();
    expect(done).toEqual(['a', 'b']);
  });

  it('come to their end where work makes work', async () => {
    const { turns, done, setAgain } = start(0);
    setAgain('a');
    turns.add('a');
    await nextTurn();
    await nextTurn();
    expect(done).toEqual(['a', 'a']);
    setAgain(undefined);
    await nextTurn();
    await nextTurn();
    expect(done).toEqual(['a', 'a', 'a']);
  });

  it('leave out what was taken back', async () => {
    const { turns, done } = start(0);
    for (const item of ['a', 'b']) turns.add(item);
    turns.remove('a');
    await nextTurn();
    expect(done).toEqual(['b']);
  });
});

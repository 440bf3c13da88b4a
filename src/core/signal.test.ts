import { describe, expect, it } from 'vitest';
import { createSignal } from './signal.ts';

describe('a signal', () => {
  it('calls its listeners at once, in the order they came', () => {
    const signal = createSignal<number>();
    const heard: string[] = [];
    signal.on((value) => heard.push(`a${value}`));
    signal.on((value) => heard.push(`b${value}`));
    signal.emit(1);
    signal.emit(2);
    expect(heard).toEqual(['a1', 'b1', 'a2', 'b2']);
  });

  it('does not call a listener that has stopped, even while it emits', () => {
    const signal = createSignal<number>();
    const heard: string[] = [];
    signal.on(() => stop());
    const stop = signal.on((value) => heard.push(`b${value}`));
    signal.on((value) => heard.push(`c${value}`));
    signal.emit(1);
    expect(heard).toEqual(['c1']);
  });

  it('calls a function as often as it listens, and stops one listening at a time', () => {
    const signal = createSignal<number>();
    let calls = 0;
    const listener = (): void => void calls++;
    const stop = signal.on(listener);
    signal.on(listener);
    signal.emit(1);
    expect(calls).toBe(2);
    stop();
    stop();
    signal.emit(1);
    expect(calls).toBe(3);
  });
});

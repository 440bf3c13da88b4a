/** A clock that stands still until it is told to go on: for tests and replays. */
import type { Clock } from './clock.ts';

export interface ManualClock extends Clock {
  /** Moves time on, calling back in order of time what falls due on the way. */
  advance(ms: number): void;
  /** Time passes and nobody is called, as while an event loop is blocked; `advance` then calls all that is overdue. */
  block(ms: number): void;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

export function createManualClock(wallStart = Date.UTC(2026, 0, 1)): ManualClock {
  let now = 0;
  const timers = new Set<Timer>();

  function nextUntil(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of timers) if (timer.at <= end && (!next || timer.at < next.at)) next = timer;
    return next;
  }

  return {
    now: () => now,
    wall: () => wallStart + now,
    after: (ms, callback) => {
      const timer = { at: now + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: (ms) => {
      const end = now + ms;
      for (let timer = nextUntil(end); timer; timer = nextUntil(end)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.callback();
      }
      now = Math.max(now, end);
    },
    block: (ms) => {
      now += ms;
    },
  };
}

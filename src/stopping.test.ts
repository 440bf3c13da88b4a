import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createManualClock } from './core/manual-clock.ts';
import { createStopper } from './stopping.ts';

/** A stopper whose `stop` the test settles, and all that it does. */
function setUp() {
  const clock = createManualClock();
  const done: unknown[] = [];
  let settle: { stopped: () => void; failed: (error: Error) => void } | undefined;
  const onSignal = createStopper({
    stop: () => new Promise((stopped, failed) => (settle = { stopped, failed })),
    exit: (code) => done.push(code),
    logger: pino({}, { write: (line) => void done.push((JSON.parse(line) as { msg: string }).msg) }),
    clock,
  });
  return { clock, done, onSignal, stopped: () => settle?.stopped(), failed: () => settle?.failed(new Error('no')) };
}

/** Whatever promises have led to is done. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const STOPPING = 'stopping: switches forward on with what they hold';

describe('a signal', () => {
  it('lets what is under way end, and says when that is', async () => {
    const { done, onSignal, stopped } = setUp();
    onSignal('SIGINT');
    await turn();
    expect(done).toEqual([STOPPING]);
    stopped();
    await turn();
    expect(done).toEqual([STOPPING, 'stopped', 0]);
  });

  it('that comes twice at once counts once, as npm hands it on; one that comes later ends the process', () => {
    const { clock, done, onSignal } = setUp();
    onSignal('SIGINT');
    onSignal('SIGINT');
    clock.advance(299);
    onSignal('SIGINT');
    expect(done).toEqual([STOPPING]);
    clock.advance(1);
    onSignal('SIGINT');
    expect(done).toEqual([STOPPING, 130]);
    onSignal('SIGTERM');
    expect(done).toEqual([STOPPING, 130, 143]);
  });

  it('ends with 1 where something goes wrong on the way, or takes too long', async () => {
    const failing = setUp();
    failing.onSignal('SIGTERM');
    failing.failed();
    await turn();
    expect(failing.done).toEqual([STOPPING, 'did not stop cleanly', 1]);
    const hanging = setUp();
    hanging.onSignal('SIGTERM');
    hanging.clock.advance(5_000);
    expect(hanging.done).toEqual([STOPPING, 'did not stop in time', 1]);
  });
});

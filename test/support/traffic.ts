/** Steady traffic between dummy ports, counted frame by frame: see traffic-process.ts, which does it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Flow, News, Order, Tally } from './traffic-types.ts';

const PROGRAM = fileURLToPath(new URL('traffic-process.ts', import.meta.url));
/** Who waits longer waits in vain. */
const PATIENCE_MS = 30_000;

export interface Traffic {
  /** Numbers of the next frames, a flow each: what was sent until now is below. */
  readonly sent: readonly number[];
  /** Resolves when of every flow `count` frames that are sent from now on, or later ones, have come out. */
  pass(count: number): Promise<void>;
  /** Ends sending, waits for what is on its way, and tells what became of every frame. */
  stop(): Promise<readonly Tally[]>;
  /** Ends the process where `stop` was not reached. */
  kill(): void;
}

/** Resolves when frames of every flow come out. */
export async function startTraffic(flows: readonly Flow[]): Promise<Traffic> {
  const child = fork(PROGRAM, { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  let progress = flows.map(() => ({ sent: 0, highest: -1 }));
  let tallies: readonly Tally[] | undefined;
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  let gone = false;
  child.once('exit', () => {
    gone = true;
    changed();
  });
  child.on('message', (news: News) => {
    if (news.type === 'progress') progress = [...news.flows];
    else tallies = news.tallies;
    changed();
  });
  const order = (what: Order): void => void child.send(what);

  function until(what: string, reached: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (error?: Error): void => {
        clearTimeout(timer);
        listeners.delete(look);
        if (error) reject(error);
        else resolve();
      };
      const fail = (why: string): void => end(new Error(`${what}: ${why}; ${JSON.stringify(progress)}`));
      const timer = setTimeout(() => fail(`not within ${PATIENCE_MS} ms`), PATIENCE_MS);
      const look = (): void => {
        if (reached()) end();
        else if (gone) fail('the traffic process has ended');
      };
      listeners.add(look);
      look();
    });
  }

  const pass = (count: number): Promise<void> => {
    const goals = progress.map(({ sent }) => sent + count);
    return until(`${count} more frames`, () => progress.every(({ highest }, flow) => highest >= goals[flow]!));
  };

  order({ type: 'start', flows });
  await pass(1);
  return {
    get sent() {
      return progress.map(({ sent }) => sent);
    },
    pass,
    stop: async () => {
      order({ type: 'stop' });
      await until('the tallies', () => tallies !== undefined);
      if (!gone) await once(child, 'exit');
      return tallies ?? [];
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

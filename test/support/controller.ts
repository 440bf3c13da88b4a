/**
 * The controller as a program of its own, for tests that cross rooms: started by its command line on free ports with an
 * empty data directory, watched by its log, stopped by SIGTERM.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The checkout's root directory. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** The program, for whoever starts it otherwise. */
export const controllerCommand: readonly string[] = [process.execPath, join(root, 'bin/signalbox.mjs')];

/** From the start to `ready` on a busy machine, in milliseconds. */
const START_TIMEOUT_MS = 30_000;

/** From the signal to the end of the process, in milliseconds. */
const STOP_TIMEOUT_MS = 10_000;

/** Lines of the log that are kept and shown when something goes wrong. */
const MAX_LOG_LINES = 2_000;

export interface LogLine {
  readonly msg?: string;
  readonly port?: number;
  readonly [field: string]: unknown;
}

export interface RunningController {
  readonly pid: number;
  readonly openflowPort: number;
  readonly httpPort: number;
  /** Such as http://127.0.0.1:40001 */
  readonly baseUrl: string;
  /** The last lines of its log, oldest first. */
  readonly log: readonly LogLine[];
  /** SIGTERM by default, and gone when it settles; rejects if it does not end by itself or ends with an error. */
  stop(signal?: 'SIGTERM' | 'SIGINT'): Promise<void>;
  /** SIGKILL, and gone when it settles. */
  kill(): Promise<void>;
}

type Controller = ChildProcessByStdio<null, Readable, Readable>;

export interface StartOptions {
  /** Further command line arguments. */
  readonly args?: readonly string[];
  /** Arguments of Node's own, such as `--expose-gc`. */
  readonly nodeArgs?: readonly string[];
  /** An existing data directory, kept afterwards; by default a new one, removed afterwards. */
  readonly data?: string;
}

/** Starts a controller and settles when it says that it is ready. */
export async function startController(options: StartOptions = {}): Promise<RunningController> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'signalbox-test-')));
  const [command = process.execPath, ...program] = controllerCommand;
  const addresses = ['--openflow', '127.0.0.1:0', '--http', '127.0.0.1:0'];
  const nodeArgs = options.nodeArgs ?? [];
  const child = spawn(
    command,
    [...nodeArgs, ...program, 'start', ...addresses, '--data', data, ...(options.args ?? [])],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const ended = once(child, 'exit');
  const log: LogLine[] = [];
  const cleanUp = async (): Promise<void> => {
    if (options.data === undefined) await rm(data, { recursive: true, force: true });
  };
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await cleanUp();
  };
  try {
    await ready(child, log);
  } catch (error) {
    await kill();
    throw error;
  }
  const httpPort = portOf(log, 'HTTP listening');
  return {
    pid: child.pid ?? 0,
    openflowPort: portOf(log, 'OpenFlow listening'),
    httpPort,
    baseUrl: `http://127.0.0.1:${httpPort}`,
    log,
    stop: async (signal = 'SIGTERM') => {
      await endBySignal({ child, signal, ended, log });
      await cleanUp();
    },
    kill,
  };
}

/** Follows the log until it says `ready`; rejects when the process ends first or takes too long. */
function ready(child: Controller, log: LogLine[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      clearTimeout(timer);
      reject(new Error(`The controller ${reason}; its log:\n${lastLines(log)}`));
    };
    const timer = setTimeout(() => fail(`was not ready within ${START_TIMEOUT_MS} ms`), START_TIMEOUT_MS);
    const follow = (line: string): void => {
      const entry = parseLine(line);
      log.push(entry);
      if (log.length > MAX_LOG_LINES) log.shift();
      if (entry.msg !== 'ready') return;
      clearTimeout(timer);
      resolve();
    };
    createInterface({ input: child.stdout }).on('line', follow);
    createInterface({ input: child.stderr }).on('line', follow);
    child.once('error', (error) => fail(`could not be started (${error.message})`));
    child.once('exit', (code, signal) => fail(`ended with ${signal ?? code}`));
  });
}

interface Ending {
  readonly child: Controller;
  readonly signal: NodeJS.Signals;
  readonly ended: Promise<unknown[]>;
  readonly log: readonly LogLine[];
}

async function endBySignal({ child, signal: sent, ended, log }: Ending): Promise<void> {
  child.kill(sent);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  const [code, signal] = await ended;
  clearTimeout(timer);
  if (code !== 0) {
    throw new Error(`The controller ended with ${String(signal ?? code)} after ${sent}; its log:\n${lastLines(log)}`);
  }
}

function parseLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { msg: line };
  }
}

function portOf(log: readonly LogLine[], msg: string): number {
  const port = log.find((line) => line.msg === msg)?.port;
  if (port === undefined) throw new Error(`The controller did not log '${msg}' with a port:\n${lastLines(log)}`);
  return port;
}

/** The end of a log as text, for error messages. */
export function lastLines(log: readonly LogLine[], count = 20): string {
  return log
    .slice(-count)
    .map((line) => JSON.stringify(line))
    .join('\n');
}

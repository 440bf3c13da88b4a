/**
 * Where log lines go: written in the background, so that a terminal that is held (Ctrl-S) or a pipe that nobody reads does
 * not hold up the controller, and at the latest when the process exits. (The one that pino brings waits for ever at the exit
 * where the reader has gone.)
 */
import { write, writeSync } from 'node:fs';

/** Characters of lines that wait, some 20,000 lines. Later ones are lost, and counted. */
const MAX_WAITING = 4 * 1024 * 1024;
/** Before it is tried again where a pipe is full. */
const RETRY_MS = 50;
/** At the exit a full pipe has so long in all: its reader may be busy with the end of us. */
const LAST_TRIES = 10;

export interface LogWriter {
  write(line: string): void;
  /** What waits is written now. Gives up where that cannot be. */
  flushSync(): void;
}

/** What of node:fs is used; tests put another in its place. */
export interface LogFile {
  write(fd: number, bytes: Buffer, done: (error: NodeJS.ErrnoException | null, written: number) => void): void;
  writeSync(fd: number, bytes: Buffer): number;
}

export interface LogWriterOptions {
  readonly fd: number;
  /** The line that tells how many were lost. */
  readonly lost: (count: number) => string;
  readonly file?: LogFile;
}

export function createLogWriter({ fd, lost, file = { write, writeSync } }: LogWriterOptions): LogWriter {
  let waiting: string[] = [];
  let waitingLength = 0;
  let lostCount = 0;
  /** What is being written, from its first byte that is not; undefined where nothing is. */
  let current: Buffer | undefined;
  let inFlight = false;
  let readerGone = false;

  function next(): void {
    current ??= take();
    if (current === undefined || readerGone) return;
    inFlight = true;
    file.write(fd, current, (error, written) => {
      inFlight = false;
      if (error && error.code !== 'EAGAIN') readerGone = true;
      else if (error) setTimeout(next, RETRY_MS).unref();
      else advance(written);
      if (!error) next();
    });
  }

  function take(): Buffer | undefined {
    if (waiting.length === 0) return undefined;
    if (lostCount > 0) waiting.push(lost(lostCount));
    const bytes = Buffer.from(waiting.join(''));
    [waiting, waitingLength, lostCount] = [[], 0, 0];
    return bytes;
  }

  function advance(written: number): void {
    current = current && written < current.length ? current.subarray(written) : undefined;
  }

  return {
    write(line) {
      if (readerGone) return;
      if (waitingLength + line.length > MAX_WAITING) {
        lostCount++;
        return;
      }
      waiting.push(line);
      waitingLength += line.length;
      if (current === undefined) next();
    },
    flushSync() {
      // What is in flight is the system's already.
      if (inFlight) current = undefined;
      let tries = LAST_TRIES;
      for (current ??= take(); current !== undefined && !readerGone; current ??= take()) {
        try {
          advance(file.writeSync(fd, current));
        } catch (error) {
          const full = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
          if (!full || --tries === 0) readerGone = true;
          else sleep(RETRY_MS);
        }
      }
    },
  };
}

/** Nothing else runs in the meantime: for the end of a process only. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

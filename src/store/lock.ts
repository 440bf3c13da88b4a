/**
 * One controller for each data directory. The lock is SQLite's on an empty file, which the system takes back when the
 * process ends in whatever way; the number of the process stands in a file beside it, for people.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { InputError } from '../core/errors.ts';

const LOCK_FILE = 'signalbox.lock';
const HOLDER_FILE = 'signalbox.pid';

/**
 * Takes the lock of a directory; the function returned gives it back. Throws InputError where another has it, saying who.
 * Whatever else it throws is the system's: no file can be made there.
 */
export function lockDirectory(directory: string): () => void {
  const holderFile = join(directory, HOLDER_FILE);
  const db = new Database(join(directory, LOCK_FILE), { timeout: 0 });
  try {
    db.exec('BEGIN IMMEDIATE');
    writeFileSync(holderFile, `${process.pid}\n`);
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY') throw held(directory, holderFile, error);
    throw error;
  }
  return () => {
    rmSync(holderFile, { force: true });
    db.close();
  };
}

function held(directory: string, holderFile: string, cause: Error): InputError {
  const pid = readHolder(holderFile);
  const who = pid === undefined ? 'another Signalbox' : `another Signalbox, process ${pid}`;
  const stop = pid === undefined ? 'stop it' : `stop it (kill ${pid})`;
  return new InputError(
    `the data directory ${directory} is in use by ${who}; ${stop}, or give this one a directory of its own with --data`,
    { cause },
  );
}

function readHolder(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

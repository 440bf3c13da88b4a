/** The data directory itself: made where there is none, and why it cannot be used where that is so. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../core/errors.ts';

/** What the codes of the system and of SQLite mean for a directory, as the end of a clause. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it is on a file system that is read-only',
  ENOTDIR: 'a part of its path is a file and no directory',
  EEXIST: 'it is a file and no directory',
  ENOENT: 'no directory can be made there',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
  ENAMETOOLONG: 'its name is too long',
  SQLITE_CANTOPEN: 'files cannot be made or opened there',
  SQLITE_READONLY: 'its files may not be written',
  SQLITE_PERM: 'its files may not be written',
  SQLITE_AUTH: 'its files may not be written',
  SQLITE_FULL: 'the disk is full',
  SQLITE_NOTADB: 'its signalbox.db is no database of Signalbox',
  SQLITE_CORRUPT: 'its signalbox.db is damaged',
};

/**
 * Makes a directory and those above it. The system's own way to do so (mkdir with `recursive`) never ends where a file
 * system lets nothing be made, such as /proc.
 */
export function makeDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeDirectory(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have come first.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** An InputError that says why a data directory cannot be used, and what to do. */
export function unusable(directory: string, error: unknown): InputError {
  return new InputError(
    `the data directory ${directory} cannot be used: ${reasonOf(error)}; choose another with --data`,
    {
      cause: error,
    },
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  // SQLite's extended codes go on behind the name of the one they belong to.
  const known = REASONS[code] ?? REASONS[code.split('_').slice(0, 2).join('_')];
  return known === undefined ? error.message : `${known} (${code})`;
}

/**
 * What outlives a restart, in one SQLite file: names given by people, policies with the trail of who changed them, and the
 * topology as last seen. An acknowledged write is on disk (WAL with synchronous=FULL).
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { InputError } from '../core/errors.ts';
import { makeDirectory, unusable } from './directory.ts';
import { lockDirectory } from './lock.ts';
import { POLICY_SCHEMA, policyStore } from './policies.ts';
import type { PolicyStore } from './policies.ts';

const FILE = 'signalbox.db';
/** Each step takes the schema from the version of its index to the next. */
const MIGRATIONS = [
  `CREATE TABLE host_name (mac INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
   CREATE TABLE document (name TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;`,
  POLICY_SCHEMA,
  // Where a named host was last, as JSON: by it the host is found again when someone asks for its name.
  'ALTER TABLE host_name ADD COLUMN last TEXT',
];

export interface Store {
  hostNames(): Map<number, string>;
  /** Undefined removes the name. Throws InputError where another host has it. */
  setHostName(mac: number, name: string | undefined): void;
  /** What was last known of hosts that have a name, as JSON texts. */
  lastKnown(): Map<number, string>;
  /** Of hosts that have no name nothing is kept. */
  saveLastKnown(entries: ReadonlyMap<number, string>): void;
  /** A JSON text by name, as last saved. */
  loadDocument(name: string): string | undefined;
  saveDocument(name: string, json: string): void;
  readonly policies: PolicyStore;
  close(): void;
}

/** Opens or creates the store in a directory, for this process alone. Throws InputError where that cannot be. */
export function openStore(directory: string): Store {
  const { db, unlock } = openDatabase(directory);
  const selectNames = db.prepare<[], { mac: number; name: string }>('SELECT mac, name FROM host_name');
  const upsertName = db.prepare(
    'INSERT INTO host_name (mac, name) VALUES (?, ?) ON CONFLICT (mac) DO UPDATE SET name = excluded.name',
  );
  const deleteName = db.prepare('DELETE FROM host_name WHERE mac = ?');
  const selectLast = db.prepare<[], { mac: number; last: string }>(
    'SELECT mac, last FROM host_name WHERE last IS NOT NULL',
  );
  const updateLast = db.prepare('UPDATE host_name SET last = ? WHERE mac = ?');
  const selectDocument = db.prepare<[string], { json: string }>('SELECT json FROM document WHERE name = ?');
  const upsertDocument = db.prepare(
    'INSERT INTO document (name, json) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET json = excluded.json',
  );
  return {
    hostNames: () => new Map(selectNames.all().map(({ mac, name }) => [mac, name])),
    setHostName: (mac, name) => {
      if (name === undefined) {
        deleteName.run(mac);
        return;
      }
      try {
        upsertName.run(mac, name);
      } catch (error) {
        if (!(error instanceof Database.SqliteError) || error.code !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
        throw new InputError(
          `another host is called ${name} already; choose another name, or take it from that host first`,
          { cause: error },
        );
      }
    },
    lastKnown: () => new Map(selectLast.all().map(({ mac, last }) => [mac, last])),
    saveLastKnown: db.transaction((entries: ReadonlyMap<number, string>) => {
      for (const [mac, last] of entries) updateLast.run(last, mac);
    }),
    loadDocument: (name) => selectDocument.get(name)?.json,
    saveDocument: (name, json) => void upsertDocument.run(name, json),
    policies: policyStore(db),
    close: () => {
      db.close();
      unlock();
    },
  };
}

function openDatabase(directory: string): { db: Database.Database; unlock: () => void } {
  let unlock: (() => void) | undefined;
  let db: Database.Database | undefined;
  try {
    makeDirectory(directory);
    unlock = lockDirectory(directory);
    db = new Database(join(directory, FILE));
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    migrate(db);
    return { db, unlock };
  } catch (error) {
    db?.close();
    unlock?.();
    throw error instanceof InputError ? error : unusable(directory, error);
  }
}

function migrate(db: Database.Database): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > MIGRATIONS.length) throw new Error(`it was written by a newer Signalbox (schema ${version})`);
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < version) continue;
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${index + 1}`);
    })();
  }
}

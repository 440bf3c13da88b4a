/**
 * What outlives a restart, in one SQLite file: names given by people, policies with the trail of who changed them, and the
 * topology as last seen. An acknowledged write is on disk (WAL with synchronous=FULL).
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { InputError } from '../core/errors.ts';
import { POLICY_SCHEMA, policyStore } from './policies.ts';
import type { PolicyStore } from './policies.ts';

const FILE = 'signalbox.db';
/** Each step takes the schema from the version of its index to the next. */
const MIGRATIONS = [
  `CREATE TABLE host_name (mac INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
   CREATE TABLE document (name TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;`,
  POLICY_SCHEMA,
];

export interface Store {
  hostNames(): Map<number, string>;
  /** Undefined removes the name. Throws InputError where another host has it. */
  setHostName(mac: number, name: string | undefined): void;
  /** A JSON text by name, as last saved. */
  loadDocument(name: string): string | undefined;
  saveDocument(name: string, json: string): void;
  readonly policies: PolicyStore;
  close(): void;
}

/** Opens or creates the store in a directory. Throws InputError where that cannot be. */
export function openStore(directory: string): Store {
  const db = openDatabase(directory);
  const selectNames = db.prepare<[], { mac: number; name: string }>('SELECT mac, name FROM host_name');
  const upsertName = db.prepare(
    'INSERT INTO host_name (mac, name) VALUES (?, ?) ON CONFLICT (mac) DO UPDATE SET name = excluded.name',
  );
  const deleteName = db.prepare('DELETE FROM host_name WHERE mac = ?');
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
        throw new InputError(`another host is called ${name} already; choose another name`, { cause: error });
      }
    },
    loadDocument: (name) => selectDocument.get(name)?.json,
    saveDocument: (name, json) => void upsertDocument.run(name, json),
    policies: policyStore(db),
    close: () => db.close(),
  };
}

function openDatabase(directory: string): Database.Database {
  let db: Database.Database | undefined;
  try {
    mkdirSync(directory, { recursive: true });
    db = new Database(join(directory, FILE));
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    migrate(db);
    return db;
  } catch (error) {
    db?.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`the data directory ${directory} cannot be used (${reason}); choose another with --data`, {
      cause: error,
    });
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

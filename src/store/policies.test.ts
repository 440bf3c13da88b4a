import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { POLICY_SCHEMA, policyStore } from './policies.ts';
import type { AuditEntry, StoredPolicy } from './policies.ts';
import { openStore } from './store.ts';

const POLICY: StoredPolicy = {
  name: 'web',
  kind: 'flow',
  spec: '{"table":"steer"}',
  description: undefined,
  enabled: true,
  revision: 1,
  createdAt: 1_000,
  updatedAt: 1_000,
  createdBy: '127.0.0.1',
};
const ENTRY: AuditEntry = {
  at: 1_000,
  actor: '127.0.0.1',
  action: 'create',
  policy: 'web',
  revision: 1,
  changes: '{}',
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'signalbox-policies-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('stored policies', () => {
  it('are had again as last saved, by name, with who changed them', () => {
    const store = openStore(directory);
    const changed = { ...POLICY, revision: 2, enabled: false, description: 'for h9', updatedAt: 2_000 };
    store.policies.save({ ...POLICY, name: 'zebra' }, { ...ENTRY, policy: 'zebra' });
    store.policies.save(POLICY, ENTRY);
    store.policies.save(changed, { ...ENTRY, action: 'update', revision: 2 });
    store.policies.save({ ...POLICY, name: 'gone' }, { ...ENTRY, policy: 'gone' });
    store.policies.remove('gone', { ...ENTRY, policy: 'gone', action: 'delete' });
    store.close();
    const again = openStore(directory);
    expect(again.policies.all()).toEqual([changed, { ...POLICY, name: 'zebra' }]);
    expect(again.policies.trail(3)).toEqual([
      { ...ENTRY, policy: 'gone', action: 'delete' },
      { ...ENTRY, policy: 'gone' },
      { ...ENTRY, action: 'update', revision: 2 },
    ]);
    again.close();
  });

  it('are kept from a store that had none', () => {
    const db = new Database(join(directory, 'signalbox.db'));
    db.exec(`CREATE TABLE host_name (mac INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
      CREATE TABLE document (name TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
      INSERT INTO host_name VALUES (7, 'printer');`);
    db.pragma('user_version = 1');
    db.close();
    const store = openStore(directory);
    store.policies.save(POLICY, ENTRY);
    expect(store.policies.all()).toEqual([POLICY]);
    expect(store.hostNames()).toEqual(new Map([[7, 'printer']]));
    store.close();
  });

  it('leave no entry of a write that failed, and no write without its entry', () => {
    const db = new Database(':memory:');
    db.exec(POLICY_SCHEMA);
    const store = policyStore(db);
    store.save(POLICY, ENTRY);
    expect(() => store.save({ ...POLICY, revision: 2 }, { ...ENTRY, changes: null as unknown as string })).toThrow(
      'NOT NULL',
    );
    expect(() => store.save({ ...POLICY, kind: null as unknown as string }, ENTRY)).toThrow('NOT NULL');
    expect(store.all()).toEqual([POLICY]);
    expect(store.trail(10)).toEqual([ENTRY]);
    db.close();
  });

  it('keep the last entries of the trail', () => {
    const db = new Database(':memory:');
    db.exec(POLICY_SCHEMA);
    const store = policyStore(db, 3);
    for (let revision = 1; revision <= 7; revision++) store.save({ ...POLICY, revision }, { ...ENTRY, revision });
    expect(store.trail(10).map(({ revision }) => revision)).toEqual([7, 6, 5]);
    db.close();
  });
});

/** Policies and the audit trail in the store. A write and its entry in the trail go to disk together, or not at all. */
import type Database from 'better-sqlite3';

export const POLICY_SCHEMA = `
  CREATE TABLE policy (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    spec TEXT NOT NULL,
    description TEXT,
    enabled INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    created_by TEXT NOT NULL
  ) STRICT;
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    policy TEXT NOT NULL,
    revision INTEGER NOT NULL,
    changes TEXT NOT NULL
  ) STRICT;`;

/** The trail's last entries are kept: weeks of a busy lab, and a few dozen megabytes at the most. */
const AUDIT_ENTRIES = 10_000;

export interface StoredPolicy {
  readonly name: string;
  readonly kind: string;
  /** JSON text. */
  readonly spec: string;
  readonly description: string | undefined;
  readonly enabled: boolean;
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly createdBy: string;
}

export interface AuditEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Who: a remote address. */
  readonly actor: string;
  readonly action: 'create' | 'update' | 'delete';
  readonly policy: string;
  /** That the write made, or that it deleted. */
  readonly revision: number;
  /** JSON text: what was before and is after, by field. Its writer bounds it. */
  readonly changes: string;
}

export interface PolicyStore {
  /** By name. */
  all(): StoredPolicy[];
  /** On disk with its entry when it returns. */
  save(policy: StoredPolicy, entry: AuditEntry): void;
  /** As save. */
  remove(name: string, entry: AuditEntry): void;
  /** The last entries, newest first. */
  trail(limit: number): AuditEntry[];
}

interface Row extends Omit<StoredPolicy, 'description' | 'enabled'> {
  readonly description: string | null;
  readonly enabled: number;
}

const COLUMNS = `name, kind, spec, description, enabled, revision, created_at AS createdAt, updated_at AS updatedAt,
  created_by AS createdBy`;

/** @param auditEntries how many the trail keeps */
export function policyStore(db: Database.Database, auditEntries = AUDIT_ENTRIES): PolicyStore {
  const select = db.prepare<[], Row>(`SELECT ${COLUMNS} FROM policy ORDER BY name`);
  const upsert = db.prepare<[Row]>(
    `INSERT OR REPLACE INTO policy (name, kind, spec, description, enabled, revision, created_at, updated_at, created_by)
     VALUES (@name, @kind, @spec, @description, @enabled, @revision, @createdAt, @updatedAt, @createdBy)`,
  );
  const drop = db.prepare<[string]>('DELETE FROM policy WHERE name = ?');
  const note = db.prepare<[AuditEntry]>(
    `INSERT INTO audit (at, actor, action, policy, revision, changes)
     VALUES (@at, @actor, @action, @policy, @revision, @changes)`,
  );
  const forget = db.prepare<[number]>('DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?');
  const last = db.prepare<[number], AuditEntry>(
    'SELECT at, actor, action, policy, revision, changes FROM audit ORDER BY id DESC LIMIT ?',
  );
  const record = (entry: AuditEntry): void => {
    note.run(entry);
    forget.run(auditEntries);
  };
  return {
    all: () =>
      select.all().map(({ description, enabled, ...rest }) => ({
        ...rest,
        description: description ?? undefined,
        enabled: enabled !== 0,
      })),
    save: db.transaction((policy: StoredPolicy, entry: AuditEntry) => {
      upsert.run({ ...policy, description: policy.description ?? null, enabled: policy.enabled ? 1 : 0 });
      record(entry);
    }),
    remove: db.transaction((name: string, entry: AuditEntry) => {
      drop.run(name);
      record(entry);
    }),
    trail: (limit) => last.all(limit),
  };
}

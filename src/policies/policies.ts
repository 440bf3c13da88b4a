/**
 * The declared state: every policy there is, on disk before anybody hears of it. What is enabled and can be used is handed on
 * to become part of the next view.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../core/clock.ts';
import type { Policy } from '../core/policy.ts';
import type { AuditEntry, PolicyStore, StoredPolicy } from '../store/policies.ts';
import { changesOf } from './changes.ts';
import { kindNamed } from './kinds/index.ts';
import { policyOf } from './record.ts';
import type { PolicyInput, PolicyRecord } from './record.ts';

/** More than people write; bounds the list, the memory and the time of a start. */
export const MAX_POLICIES = 5_000;

export type PolicyErrorCode = 'exists' | 'unknown' | 'stale' | 'full';

/** A write that the policies as they are do not allow. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly code: PolicyErrorCode;

  constructor(code: PolicyErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Revisions one of which the policy must have; 'any' where it only must be there; undefined where nothing is asked. */
export type Expected = readonly number[] | 'any' | undefined;

export interface PolicyWrite {
  readonly input: PolicyInput;
  /** `create` takes a name that is free, `update` one that is not, `put` either. */
  readonly mode: 'create' | 'put' | 'update';
  readonly expected: Expected;
  readonly actor: string;
}

export interface PolicyRemoval {
  readonly name: string;
  readonly expected: Expected;
  readonly actor: string;
}

/** What a write does, or would do. `after` is `before` itself where nothing changes. */
export interface PolicyChange {
  readonly before: PolicyRecord | undefined;
  readonly after: PolicyRecord;
}

export interface PoliciesOptions {
  readonly store: PolicyStore;
  readonly clock: Clock;
  /** Takes what is wanted under a name; undefined where nothing is. */
  readonly publish: (name: string, policy: Policy | undefined) => void;
  readonly maxPolicies?: number;
}

export class Policies {
  readonly #options: PoliciesOptions;
  readonly #maxPolicies: number;
  readonly #records = new Map<string, PolicyRecord>();

  constructor(options: PoliciesOptions) {
    this.#options = options;
    this.#maxPolicies = options.maxPolicies ?? MAX_POLICIES;
  }

  /** Reads what is stored and hands it on. Returns the policies that this version cannot use. */
  load(): readonly PolicyRecord[] {
    for (const stored of this.#options.store.all()) this.#take(recordOf(stored));
    return this.list().filter(({ fault }) => fault !== undefined);
  }

  /** By name. */
  list(): readonly PolicyRecord[] {
    return [...this.#records.values()].sort((x, y) => (x.name < y.name ? -1 : 1));
  }

  get(name: string): PolicyRecord | undefined {
    return this.#records.get(name);
  }

  /** What the write would do. Throws PolicyError where it may not be. */
  preview({ input, mode, expected, actor }: PolicyWrite): PolicyChange {
    const before = this.#records.get(input.name);
    this.#checkExpected(input.name, before, expected);
    if (before && mode === 'create')
      throw new PolicyError('exists', `there is a policy ${input.name} already; change it with PUT or PATCH`);
    if (!before && mode === 'update') throw unknownPolicy(input.name);
    if (!before && this.#records.size >= this.#maxPolicies)
      throw new PolicyError('full', `there are ${this.#maxPolicies} policies, as many as are kept; delete one first`);
    const { name, kind, spec, enabled } = input;
    const description = input.description ?? undefined;
    if (
      before &&
      before.fault === undefined &&
      isDeepStrictEqual(contentOf(before), { kind, spec, description, enabled })
    )
      return { before, after: before };
    const now = this.#options.clock.wall();
    const { revision = 0, createdAt = now, createdBy = actor } = before ?? {};
    return {
      before,
      after: { name, kind, spec, revision: revision + 1, description, enabled, createdAt, updatedAt: now, createdBy },
    };
  }

  /** On disk and handed on when it returns. Throws PolicyError where it may not be. */
  write(write: PolicyWrite): PolicyChange {
    const change = this.preview(write);
    const { before, after } = change;
    if (after === before) return change;
    const entry = this.#entry(before ? 'update' : 'create', write.actor, after, changesOf(before, after));
    this.#options.store.save({ ...after, spec: JSON.stringify(after.spec) }, entry);
    this.#take(after);
    return change;
  }

  /** What would be removed. Throws PolicyError where it may not be. */
  previewRemoval({ name, expected }: PolicyRemoval): PolicyRecord {
    const before = this.#records.get(name);
    this.#checkExpected(name, before, expected);
    if (!before) throw unknownPolicy(name);
    return before;
  }

  /** Gone from disk when it returns what was removed. Throws PolicyError where it may not be. */
  remove(removal: PolicyRemoval): PolicyRecord {
    const before = this.previewRemoval(removal);
    this.#options.store.remove(before.name, this.#entry('delete', removal.actor, before, changesOf(before, undefined)));
    this.#records.delete(before.name);
    this.#options.publish(before.name, undefined);
    return before;
  }

  #take(record: PolicyRecord): void {
    this.#records.set(record.name, record);
    const wanted = record.enabled && record.fault === undefined;
    this.#options.publish(record.name, wanted ? policyOf(record) : undefined);
  }

  #checkExpected(name: string, before: PolicyRecord | undefined, expected: Expected): void {
    if (expected === undefined || (before && (expected === 'any' || expected.includes(before.revision)))) return;
    const now = before ? `is at revision ${before.revision} now` : 'is not there';
    throw new PolicyError('stale', `the policy ${name} ${now}; read it again and decide on what it says`);
  }

  #entry(action: AuditEntry['action'], actor: string, record: PolicyRecord, changes: string): AuditEntry {
    return { at: this.#options.clock.wall(), actor, action, policy: record.name, revision: record.revision, changes };
  }
}

function contentOf({ kind, spec, description, enabled }: PolicyRecord) {
  return { kind, spec, description, enabled };
}

function unknownPolicy(name: string): PolicyError {
  return new PolicyError('unknown', `there is no policy ${name}; GET /api/v1/policies lists them`);
}

function recordOf(stored: StoredPolicy): PolicyRecord {
  const spec = parseJson(stored.spec);
  const kind = kindNamed(stored.kind);
  if (!kind) return { ...stored, spec, fault: `This version knows no policies of kind ${stored.kind}.` };
  const parsed = kind.schema.safeParse(spec);
  if (parsed.success) return { ...stored, spec: parsed.data };
  const [issue] = parsed.error.issues;
  const place = ['spec', ...(issue?.path ?? [])].join('.');
  return { ...stored, spec, fault: `This version cannot use what was stored: ${place}: ${issue?.message}.` };
}

/** Null, which no kind takes, where the text is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

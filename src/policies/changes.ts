/** What a write changed, for the audit trail: each field as it was and as it is. */
import { isDeepStrictEqual } from 'node:util';
import type { PolicyRecord } from './record.ts';

/** Of one value as JSON: enough to see what it was; the trail must not hold every large policy many times. */
const MAX_VALUE_CHARS = 1_000;

const FIELDS = ['kind', 'spec', 'description', 'enabled'] as const;

/** JSON of `{field: {from, to}}`; a value that is too long is cut and stands as text. */
export function changesOf(before: PolicyRecord | undefined, after: PolicyRecord | undefined): string {
  const changes: Record<string, { from?: unknown; to?: unknown }> = {};
  for (const field of FIELDS) {
    const [from, to] = [before?.[field], after?.[field]];
    if (!isDeepStrictEqual(from, to)) changes[field] = { from: bounded(from), to: bounded(to) };
  }
  return JSON.stringify(changes);
}

function bounded(value: unknown): unknown {
  const text = JSON.stringify(value) ?? '';
  return text.length > MAX_VALUE_CHARS ? `${text.slice(0, MAX_VALUE_CHARS)}…` : value;
}

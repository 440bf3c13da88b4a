/** What the writes of policies have in common: their parameters, their preconditions, and errors as problems. */
import { z } from 'zod';
import { MAX_POLICY_NAME_CHARS, PolicyName } from '../../policies/input.ts';
import { PolicyError } from '../../policies/policies.ts';
import type { Expected, PolicyErrorCode } from '../../policies/policies.ts';
import { ProblemError, badInput } from '../http/problem.ts';
import { DEFAULT_WRITE_TIMEOUT_MS, MAX_WRITE_TIMEOUT_MS } from '../limits.ts';
import { integerParameter } from './input.ts';

/** Of a policy that is read or changed: whatever it is called. */
export const policyParams = z.strictObject({
  name: z
    .string()
    .min(1, 'is empty')
    .max(MAX_POLICY_NAME_CHARS, 'is longer than any policy’s name')
    .meta({ param: { example: 'web-to-h9' } }),
});

/** Of one that may be created. */
export const newPolicyParams = z.strictObject({ name: PolicyName });

export const writeQuery = z.strictObject({
  timeoutMs: integerParameter({
    min: 0,
    max: MAX_WRITE_TIMEOUT_MS,
    description: `How long to wait for the switches, in milliseconds; then the answer is 202. Default ${DEFAULT_WRITE_TIMEOUT_MS}`,
  }).optional(),
  dryRun: z
    .enum(['true', 'false'], 'must be true or false')
    .optional()
    .meta({ description: '`true` answers what the write would do, and does nothing' }),
});

export const preconditionHeaders = z.object({
  'if-match': z
    .string()
    .optional()
    .meta({ description: 'The ETag last read, such as `"3"`: 412 where the policy is another by now' }),
});

const MAX_TAGS = 20; // a client knows one, or a few

/**
 * The revisions that If-Match allows (RFC 9110 section 13.1.1); undefined where there is no such header. A weak tag or one of
 * another form matches none. A revision without its quotes is taken too.
 */
export function expectedRevisions(header: string | undefined): Expected {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return 'any';
  const tags = header.split(',', MAX_TAGS + 1).map((tag) => /^\s*(?:"(\d{1,15})"|(\d{1,15}))\s*$/.exec(tag));
  if (tags.length > MAX_TAGS)
    throw badInput([{ path: 'If-Match', message: `has more than ${MAX_TAGS} tags; send the one last read` }]);
  return tags.flatMap((tag) => (tag ? [Number(tag[1] ?? tag[2])] : []));
}

export function etagOf({ revision }: { readonly revision: number }): Readonly<Record<string, string>> {
  return { ETag: `"${revision}"` };
}

const STATUS: Readonly<Record<PolicyErrorCode, number>> = { exists: 409, unknown: 404, stale: 412, full: 409 };

/** Runs what may be refused for the policies as they are, and answers that as a problem. */
export async function asProblems<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const [first = '', ...rest] = error.message;
    throw new ProblemError(STATUS[error.code], `${first.toUpperCase()}${rest.join('')}.`, { cause: error });
  }
}

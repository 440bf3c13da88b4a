/** Validates what came in, and says of each fault which field it is and what would do. */
import { z } from 'zod';
import { badInput } from '../http/problem.ts';
import type { FieldError } from '../http/problem.ts';
import { MAX_REFERENCE_CHARS } from '../limits.ts';

export type InputPlace = 'path' | 'query' | 'body';

const NOUN: Readonly<Record<InputPlace, string>> = { path: 'parameter', query: 'parameter', body: 'field' };

/** The validated value; throws a 400 that names every fault. */
export function parseInput<S extends z.ZodType>(place: InputPlace, schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value, { error: (issue) => plainMessage(place, issue) });
  if (result.success) return result.data;
  throw badInput(result.error.issues.flatMap((issue) => fieldErrors(place, schema, issue)));
}

function plainMessage(place: InputPlace, issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.input === undefined) return 'is required';
  if (place === 'query' && Array.isArray(issue.input)) return 'is given more than once';
  return undefined;
}

function fieldErrors(place: InputPlace, schema: z.ZodType, issue: z.core.$ZodIssue): FieldError[] {
  const at = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [{ path: at.join('.'), message: issue.message }];
  const known = at.length === 0 ? knownKeys(schema) : [];
  const help = known.length > 0 ? `; known: ${known.join(', ')}` : '';
  const message = `is not a ${NOUN[place]} of this request${help}`;
  return issue.keys.map((key) => ({ path: [...at, key].join('.'), message }));
}

function knownKeys(schema: z.ZodType): string[] {
  if (schema instanceof z.ZodNullable) return knownKeys(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** A whole number written in decimal in a path or query. */
export function integerParameter(options: { min: number; max: number; description: string }) {
  const { min, max, description } = options;
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,16}$/, message)
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message))
    .meta({ type: 'integer', minimum: min, maximum: max, description });
}

/** A number of at most six decimal places, 0 or more, written in decimal in a query. */
export function decimalParameter({ max, description }: { max: number; description: string }) {
  const message = `must be a number from 0 to ${max}, with at most six decimal places`;
  return z
    .string()
    .regex(/^\d{1,16}(\.\d{1,6})?$/, message)
    .transform(Number)
    .pipe(z.number().max(max, message))
    .meta({ type: 'number', minimum: 0, maximum: max, description });
}

/** References separated by commas in a query. */
export function listParameter({ max, description, example }: { max: number; description: string; example: string }) {
  return z
    .string()
    .transform((text) => text.split(','))
    .pipe(
      z
        .array(z.string().min(1, 'has an empty name').max(MAX_REFERENCE_CHARS, 'has a name that is too long'))
        .max(max, `names more than ${max}`),
    )
    .meta({ type: 'string', description, param: { example } });
}

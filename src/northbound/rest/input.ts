/** Validates what came in, and says of each fault which field it is and what would do. */
import { z } from 'zod';
import { badInput } from '../http/problem.ts';
import type { FieldError } from '../http/problem.ts';
import { MAX_REFERENCE_CHARS } from '../limits.ts';

export type InputPlace = 'path' | 'query' | 'body' | 'headers';

const NOUN: Readonly<Record<InputPlace, string>> = {
  path: 'parameter',
  query: 'parameter',
  body: 'field',
  headers: 'header',
};

/** The validated value; throws a 400 that names every fault. */
export function parseInput<S extends z.ZodType>(place: InputPlace, schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value, { error: (issue) => plainMessage(place, issue) });
  if (result.success) return result.data;
  throw badInput(result.error.issues.flatMap((issue) => fieldErrors(place, schema, value, issue)));
}

function plainMessage(place: InputPlace, issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.input === undefined) return 'is required';
  if (place === 'query' && Array.isArray(issue.input)) return 'is given more than once';
  return undefined;
}

function fieldErrors(place: InputPlace, schema: z.ZodType, value: unknown, issue: z.core.$ZodIssue): FieldError[] {
  const at = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [{ path: at.join('.'), message: issue.message }];
  const known = knownKeys(schema, value, at);
  const help = known.length > 0 ? `; known: ${known.join(', ')}` : '';
  const message = `is not a ${NOUN[place]} of this request${help}`;
  return issue.keys.map((key) => ({ path: [...at, key].join('.'), message }));
}

/** The keys that the object at `path` may have, where the schema says so. */
function knownKeys(schema: z.core.$ZodType, value: unknown, path: readonly string[]): string[] {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return knownKeys(schema.unwrap(), value, path);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const tag = schema.def.discriminator;
    const isMeant = (option: z.core.$ZodType): boolean =>
      option instanceof z.ZodObject && (option.shape[tag] as z.ZodType).safeParse(memberOf(value, tag)).success;
    const option = schema.options.find(isMeant);
    return option ? knownKeys(option, value, path) : [];
  }
  if (!(schema instanceof z.ZodObject)) return [];
  const [name, ...rest] = path;
  if (name === undefined) return Object.keys(schema.shape);
  const member = schema.shape[name] as z.core.$ZodType | undefined;
  return member ? knownKeys(member, memberOf(value, name), rest) : [];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
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

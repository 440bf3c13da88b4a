/** Errors as RFC 9457 problem details: `title`, `status`, a `detail` that says what to do, and `errors` for bad input. */
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { RETRY_AFTER_SECONDS } from '../limits.ts';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

export const FieldErrorJson = z
  .object({
    path: z.string().meta({ description: 'The field or parameter, dotted; empty for the whole body' }),
    message: z.string(),
  })
  .meta({ id: 'FieldError' });

export const ProblemJson = z
  .object({
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What is wrong and what to do' }),
    errors: z.array(FieldErrorJson).optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details of RFC 9457' });

export type FieldError = z.infer<typeof FieldErrorJson>;
export type Problem = z.infer<typeof ProblemJson>;

export interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** Thrown anywhere below a route: answered as it says. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause });
    this.status = status;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
  }

  /** The body to send. */
  toProblem(): Problem {
    const problem = { title: STATUS_CODES[this.status] ?? 'Error', status: this.status, detail: this.message };
    return this.errors.length > 0 ? { ...problem, errors: [...this.errors] } : problem;
  }
}

/** 400, naming each field or parameter that cannot be used. */
export function badInput(errors: readonly FieldError[]): ProblemError {
  const list = errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return new ProblemError(400, `Correct this and send it again: ${list.join('; ')}`, { errors });
}

/** 503 with Retry-After. */
export function unavailable(detail: string, cause?: unknown): ProblemError {
  return new ProblemError(503, detail, { headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) }, cause });
}

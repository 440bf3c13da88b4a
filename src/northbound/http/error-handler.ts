/** Turns whatever a route throws into one problem. What nobody foresaw becomes a 500 without its stack, and is logged. */
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { InputError, UnavailableError } from '../../core/errors.ts';
import { PROBLEM_CONTENT_TYPE, ProblemError, unavailable } from './problem.ts';

/** What body-parser and the router put on their errors (the conventions of http-errors). */
interface HttpError extends Error {
  readonly status: number;
  readonly type?: string;
  readonly limit?: number;
}

function isHttpError(error: unknown): error is HttpError {
  return error instanceof Error && 'status' in error && typeof error.status === 'number';
}

function fromHttpError(error: HttpError): ProblemError {
  switch (error.type) {
    case 'entity.parse.failed':
      return new ProblemError(400, `The body is not JSON (${error.message}): send well-formed JSON.`);
    case 'entity.too.large':
      return new ProblemError(413, `The body is larger than ${error.limit ?? 'allowed'} bytes: send less at once.`);
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new ProblemError(415, `${error.message}: send JSON in UTF-8, plain or gzipped.`);
    default:
      return new ProblemError(error.status, `The request cannot be used: ${error.message}.`);
  }
}

/** The problem an error is answered with; undefined where it is a fault of ours. */
export function toProblemError(error: unknown): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  if (error instanceof InputError) return new ProblemError(400, error.message, { cause: error });
  if (error instanceof UnavailableError) return unavailable(error.message, error);
  if (isHttpError(error) && error.status >= 400 && error.status < 500) return fromHttpError(error);
  return undefined;
}

export function sendProblem(res: Response, problem: ProblemError): void {
  res.status(problem.status);
  for (const [name, value] of Object.entries(problem.headers)) res.setHeader(name, value);
  res.setHeader('Content-Type', PROBLEM_CONTENT_TYPE);
  res.setHeader('Cache-Control', 'no-store');
  res.end(JSON.stringify(problem.toProblem()));
}

/** The last error handler of the app: express knows it by its four parameters. */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const known = toProblemError(error);
    if (!known) logger.error({ err: error, method: req.method, path: req.path }, 'request failed');
    sendProblem(res, known ?? new ProblemError(500, 'The controller failed to answer; its log says why.'));
  };
}

/** What no route took. */
export const unknownRoute: RequestHandler = (req) => {
  throw new ProblemError(404, `There is no ${req.path}; GET /api/v1/docs shows what there is.`);
};

/** The express app: what every request passes, in order. */
import express from 'express';
import type { Express, RequestHandler } from 'express';
import { MemoryStore, rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import type { Limits } from '../limits.ts';
import { errorHandler, unknownRoute } from './error-handler.ts';
import { isSafeMethod, loopbackOnly } from './loopback-guard.ts';
import type { LoopbackGuard } from './loopback-guard.ts';
import { ProblemError } from './problem.ts';

export interface AppOptions {
  readonly logger: Logger;
  readonly guard: LoopbackGuard;
  readonly limits: Limits;
  /** Routes and files, in the order they are asked. */
  readonly handlers: readonly RequestHandler[];
}

export interface App {
  readonly handler: Express;
  close(): void;
}

export function createApp({ logger, guard, limits, handlers }: AppOptions): App {
  const writes = new MemoryStore();
  const app = express();
  app.disable('x-powered-by');
  // JSON answers are new each time; hashing them would only cost time.
  app.disable('etag');
  app.use(requestLog(logger), securityHeaders(), loopbackOnly(guard), limitWrites(writes, limits));
  app.use(...handlers);
  app.use(unknownRoute, errorHandler(logger));
  return { handler: app, close: () => writes.shutdown() };
}

/** Reads are many and dull, so they are logged at debug level; no header is logged, since some carry secrets. */
function requestLog(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    quietReqLogger: true,
    customLogLevel: (req) => (isSafeMethod(req.method ?? 'GET') ? 'debug' : 'info'),
    serializers: {
      req: ({ method, url, remoteAddress }: Readonly<Record<string, unknown>>) => ({ method, url, remoteAddress }),
      res: ({ statusCode }: Readonly<Record<string, unknown>>) => ({ statusCode }),
    },
  });
}

/** Nothing is loaded from elsewhere, nothing is framed, and no CORS header lets another site read an answer. */
function securityHeaders(): RequestHandler {
  return helmet({
    // The server speaks plain HTTP, where this header means nothing.
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
  });
}

function limitWrites(store: MemoryStore, limits: Limits): RequestHandler {
  const seconds = Math.ceil(limits.writeWindowMs / 1000);
  return rateLimit({
    store,
    windowMs: limits.writeWindowMs,
    limit: limits.writes,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    skip: (req) => isSafeMethod(req.method),
    handler: () => {
      throw new ProblemError(429, `More than ${limits.writes} writes in ${seconds} s: wait, then go on more slowly.`);
    },
  });
}

/** Puts routes on express: reads the input, sends the reply, and answers 405 and OPTIONS for each known path. */
import express from 'express';
import type { RequestHandler, Response, Router } from 'express';
import { sendProblem } from '../http/error-handler.ts';
import { ProblemError } from '../http/problem.ts';
import type { Services } from '../services.ts';
import type { Reply, Route } from './route.ts';

export interface MountOptions {
  readonly routes: readonly Route[];
  readonly services: Services;
  /** Bytes of a body. */
  readonly bodyBytes: number;
  /** Called once an answer is sent. */
  readonly onServed: (route: Route, status: number, seconds: number) => void;
}

export function mountRoutes(options: MountOptions): Router {
  const router = express.Router();
  // Not strict, so that a body `null` is read as JSON too and it is the schema that decides.
  const readBody = [requireJson, express.json({ limit: options.bodyBytes, strict: false, type: JSON_TYPES })];
  for (const [path, routes] of groupByPath(options.routes)) {
    const at = router.route(toExpressPath(path));
    for (const route of routes) {
      const before = route.description.body ? readBody : [];
      at[route.method](timed(route, options.onServed), ...before, async (req, res) => {
        const { params, query, headers } = req;
        const remoteAddress = readableAddress(req.socket.remoteAddress);
        const raw = { params, query, headers, body: req.body as unknown, remoteAddress };
        send(res, await route.run(raw, options.services));
      });
    }
    at.all(otherMethods(path, routes));
  }
  return router;
}

function groupByPath(routes: readonly Route[]): Map<string, Route[]> {
  const groups = new Map<string, Route[]>();
  for (const route of routes) {
    const group = groups.get(route.path);
    if (group) group.push(route);
    else groups.set(route.path, [route]);
  }
  return groups;
}

function toExpressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

/** An IPv4 address is told as such where the socket is an IPv6 one (RFC 4291 section 2.5.5.2). */
function readableAddress(address: string | undefined): string {
  return address?.replace(/^::ffff:(?=\d+\.)/, '') ?? 'unknown';
}

/** The second is a merge patch's (RFC 7396 section 4). */
const JSON_TYPES = ['application/json', 'application/merge-patch+json'];

const requireJson: RequestHandler = (req, _res, next) => {
  // Also what keeps other sites' pages out: a form cannot send these types.
  const [type = ''] = (req.headers['content-type'] ?? '').split(';');
  if (!JSON_TYPES.includes(type.trim().toLowerCase())) {
    throw new ProblemError(415, 'Send the body as JSON, with the header Content-Type: application/json.');
  }
  next();
};

function timed(route: Route, onServed: MountOptions['onServed']): RequestHandler {
  return (_req, res, next) => {
    const start = process.hrtime.bigint();
    res.once('finish', () => onServed(route, res.statusCode, Number(process.hrtime.bigint() - start) / 1e9));
    next();
  };
}

function otherMethods(path: string, routes: readonly Route[]): RequestHandler {
  const allowed = new Set(['OPTIONS']);
  for (const { method } of routes) {
    allowed.add(method.toUpperCase());
    if (method === 'get') allowed.add('HEAD');
  }
  const allow = [...allowed].sort().join(', ');
  return (req, res) => {
    if (req.method === 'OPTIONS') {
      res.status(204).setHeader('Allow', allow).end();
      return;
    }
    sendProblem(
      res,
      new ProblemError(405, `${path} takes ${allow}, not ${req.method}.`, { headers: { Allow: allow } }),
    );
  };
}

function send(res: Response, reply: Reply): void {
  switch (reply.kind) {
    case 'json':
      res.status(reply.status);
      res.setHeader('Cache-Control', 'no-store');
      for (const [name, value] of Object.entries(reply.headers)) res.setHeader(name, value);
      res.json(reply.body);
      return;
    case 'empty':
      res.status(reply.status);
      res.setHeader('Cache-Control', 'no-store');
      for (const [name, value] of Object.entries(reply.headers)) res.setHeader(name, value);
      res.end();
      return;
    case 'text':
      res.setHeader('Content-Type', reply.contentType);
      res.setHeader('Cache-Control', 'no-store');
      res.end(reply.text);
      return;
    case 'file':
      res.sendFile(reply.path);
  }
}

/** Starts a northbound on a free port for one test, and holds every answer against what its route declares. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { ProblemJson } from '../http/problem.ts';
import type { Limits } from '../limits.ts';
import { createMetrics } from '../metrics.ts';
import { createNorthbound } from '../northbound.ts';
import { allRoutes } from '../rest/routes.ts';
import { createFakeServices } from './fake-services.ts';
import type { FakeServices } from './fake-services.ts';

/** Only for what they declare: they serve nothing. */
const ROUTES = allRoutes({
  version: '0',
  metrics: createMetrics({ services: createFakeServices(), streamClients: () => 0 }),
});

export interface HarnessOptions {
  readonly services?: FakeServices;
  readonly limits?: Partial<Limits>;
  readonly webRoot?: string;
}

export interface SendOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body where it is JSON. */
  readonly json: unknown;
}

export interface Harness {
  readonly services: FakeServices;
  readonly port: number;
  /** Everything logged so far, as pino's objects. */
  readonly logged: readonly Readonly<Record<string, unknown>>[];
  readonly send: (path: string, options?: SendOptions) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const services = options.services ?? createFakeServices();
  const logged: Record<string, unknown>[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const northbound = createNorthbound({
    services,
    logger,
    http: { host: '127.0.0.1', port: 0 },
    webRoot: options.webRoot,
    limits: { closeGraceMs: 500, ...options.limits },
  });
  const { port } = await northbound.listen();
  onTestFinished(() => northbound.close());
  return {
    services,
    port,
    logged,
    send: async (path, sent = {}) => {
      const answer = await exchange(port, path, sent);
      checkDeclared(sent.method ?? 'GET', path, answer);
      return answer;
    },
    close: () => northbound.close(),
  };
}

function exchange(port: number, path: string, { method = 'GET', headers = {}, body }: SendOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const json: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const options = { host: '127.0.0.1', port, path, method, headers: { ...json, ...headers }, agent: false };
    const req = request(options, (res) => {
      text(res).then((content) => {
        const isJson = /\bjson\b/.test(res.headers['content-type'] ?? '') && content !== '';
        const parsed: unknown = isJson ? JSON.parse(content) : undefined;
        resolve({ status: res.statusCode ?? 0, headers: res.headers, text: content, json: parsed });
      }, reject);
    });
    req.on('error', reject);
    req.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  });
}

/** Every JSON answer is exactly what the route's schema, and so the OpenAPI document, says: no field more, none less. */
function checkDeclared(method: string, path: string, { status, headers, json }: Answer): void {
  if (json === undefined) return;
  const contentType = headers['content-type'] ?? '';
  if (contentType.startsWith('application/problem+json')) {
    assert.deepEqual(ProblemJson.parse(json), json);
    return;
  }
  const bare = path.split('?')[0] ?? '';
  const route = ROUTES.find((each) => each.method.toUpperCase() === method && toPattern(each.path).test(bare));
  const declared = route?.description.answers.find((each) => each.status === status);
  assert.ok(declared?.content, `${method} ${path} does not declare ${status} with a body`);
  assert.deepEqual(declared.content.schema.parse(json), json);
}

function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { createMetrics } from '../metrics.ts';
import { mountRoutes } from '../rest/mount.ts';
import { allRoutes } from '../rest/routes.ts';
import { createFakeServices } from '../testing/fake-services.ts';
import { startHarness } from '../testing/harness.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { name: string; in: string; required: boolean; schema: unknown }[];
  readonly requestBody?: { content: Record<string, { schema: unknown }> };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>;
}

interface Document {
  readonly openapi: string;
  readonly info: { title: string; version: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, unknown> };
}

async function fetchDocument(): Promise<Document> {
  const { send } = await startHarness();
  return (await send('/api/v1/openapi.json')).json as Document;
}

function operations(document: Document): [path: string, method: string, operation: Operation][] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, string, Operation] => [path, method, operation]),
  );
}

/** What express itself holds: `get /api/v1/switches/{dpid}`. */
function registeredRoutes(): string[] {
  const services = createFakeServices();
  const metrics = createMetrics({ services, streamClients: () => 0 });
  const routes = allRoutes({ version: '0', metrics });
  const router = mountRoutes({ routes, services, bodyBytes: DEFAULT_LIMITS.bodyBytes, onServed: () => undefined });
  return router.stack.flatMap(({ route }) => {
    const methods = new Set(route?.stack.map((layer) => layer.method).filter((method) => method !== undefined));
    return [...methods].map((method) => `${method} ${route?.path.replaceAll(/:(\w+)/g, '{$1}')}`);
  });
}

describe('the OpenAPI document', () => {
  it('is of version 3.1 and of this controller', async () => {
    const document = await fetchDocument();
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({ title: 'Signalbox', version: '1.2.3' });
  });

  it('describes every route that express has, and no other', async () => {
    const described = operations(await fetchDocument()).map(([path, method]) => `${method} ${path}`);
    expect(described.sort()).toEqual(registeredRoutes().sort());
    expect(described).toContain('put /api/v1/hosts/{host}/name');
    expect(described).toContain('get /metrics');
  });

  it('has an answer behind every reference', async () => {
    const document = await fetchDocument();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(10);
    for (const [, name] of references) expect(Object.keys(document.components.schemas)).toContain(name);
  });

  it('declares the parameters that a path names, each operation by a name of its own', async () => {
    const all = operations(await fetchDocument());
    for (const [path, , { parameters = [] }] of all) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect(parameters.filter((each) => each.in === 'path').map((each) => each.name)).toEqual(named);
      for (const parameter of parameters)
        expect(parameter.schema).toMatchObject({ type: expect.any(String) as string });
    }
    expect(new Set(all.map(([, , { operationId }]) => operationId)).size).toBe(all.length);
  });

  it('describes every answer, and errors as problems', async () => {
    for (const [, , { responses, summary }] of operations(await fetchDocument())) {
      expect(summary).not.toBe('');
      for (const [status, { description, content }] of Object.entries(responses)) {
        expect(description).not.toBe('');
        // Only "No Content" has none.
        expect(Object.keys(content ?? {})).toHaveLength(status === '204' ? 0 : 1);
        const isHealth = content?.['application/json'] !== undefined;
        if (Number(status) >= 400 && !isHealth) expect(content).toHaveProperty(['application/problem+json']);
      }
    }
  });

  it('carries the limits that requests are checked by', async () => {
    const { paths } = await fetchDocument();
    const query = paths['/api/v1/paths']?.['get']?.parameters;
    expect(query?.find(({ name }) => name === 'k')).toMatchObject({
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 16 },
    });
    const body = paths['/api/v1/hosts/{host}/name']?.['put']?.requestBody?.content['application/json']?.schema;
    expect(body).toMatchObject({
      type: ['object', 'null'],
      additionalProperties: false,
      properties: { name: { type: ['string', 'null'], maxLength: 63 } },
    });
  });
});

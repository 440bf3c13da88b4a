/** GET /api/v1: where to go from here. */
import { z } from 'zod';
import { jsonRoute } from './route.ts';
import type { Route } from './route.ts';

const LINKS = {
  openapi: '/api/v1/openapi.json',
  docs: '/api/v1/docs',
  health: '/api/v1/health',
  topology: '/api/v1/topology',
  events: '/api/v1/events',
  stream: '/api/v1/stream',
  metrics: '/metrics',
} as const;

const IndexJson = z.object({
  name: z.string(),
  version: z.string().meta({ description: "The controller's version" }),
  links: z.record(z.string(), z.string()).meta({ description: 'Paths on this server', example: LINKS }),
});

export const indexRoutes: readonly Route[] = [
  jsonRoute({
    method: 'get',
    path: '/api/v1',
    tag: 'controller',
    summary: 'Where to go from here',
    answer: { schema: IndexJson, statuses: { 200: 'Links to the document of this API and to what is asked for most' } },
    handle: (_input, services) => ({ body: { name: 'Signalbox', version: services.version, links: LINKS } }),
  }),
];

/** GET /health: is the controller up, and how much does it see. */
import { z } from 'zod';
import { RETRY_AFTER_SECONDS } from '../limits.ts';
import { jsonRoute } from './route.ts';
import type { Route } from './route.ts';

const HealthJson = z
  .object({
    status: z.enum(['ok', 'starting']),
    version: z.string().meta({ description: "The controller's version" }),
    uptimeSeconds: z.number(),
    switches: z.int(),
    links: z.int(),
    hosts: z.int(),
  })
  .meta({ id: 'Health' });

type HealthJson = z.infer<typeof HealthJson>;

export const healthRoutes: readonly Route[] = [
  jsonRoute({
    method: 'get',
    path: '/api/v1/health',
    tag: 'controller',
    summary: 'Whether the controller is ready, and how much it sees',
    answer: { schema: HealthJson, statuses: { 200: 'Ready', 503: 'Not ready yet; ask again' } },
    handle(_input, services) {
      const view = services.view();
      const ready = services.ready();
      const body: HealthJson = {
        status: ready ? 'ok' : 'starting',
        version: services.version,
        uptimeSeconds: Math.max(0, (Date.now() - services.startedAt) / 1000),
        switches: view.switches.size,
        links: view.links.size,
        hosts: view.hosts.size,
      };
      return ready ? { body } : { status: 503, headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) }, body };
    },
  }),
];

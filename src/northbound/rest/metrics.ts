/** GET /metrics, outside /api/v1, where Prometheus looks for it. */
import type { Metrics } from '../metrics.ts';
import { plainRoute } from './route.ts';
import type { Route } from './route.ts';

export function metricsRoutes(metrics: Metrics): readonly Route[] {
  return [
    plainRoute({
      method: 'get',
      path: '/metrics',
      tag: 'controller',
      summary: 'Metrics for Prometheus',
      answer: { contentType: 'text/plain', description: 'The text format of Prometheus' },
      handle: async () => ({ kind: 'text', contentType: metrics.contentType, text: await metrics.text() }),
    }),
  ];
}

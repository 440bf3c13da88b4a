/** Every route there is. A new resource is a file beside this one and a line here. */
import type { Metrics } from '../metrics.ts';
import { openApiDocument } from '../openapi/document.ts';
import type { OpenApiDocument } from '../openapi/document.ts';
import { docsRoutes } from './docs.ts';
import { driftRoutes } from './drift.ts';
import { eventRoutes } from './events.ts';
import { flowRoutes } from './flows.ts';
import { groupRoutes } from './groups.ts';
import { healthRoutes } from './health.ts';
import { hostRoutes } from './hosts.ts';
import { indexRoutes } from './index-page.ts';
import { linkRoutes } from './links.ts';
import { metricsRoutes } from './metrics.ts';
import { pathRoutes } from './paths.ts';
import { policyRoutes } from './policies.ts';
import type { Route } from './route.ts';
import { streamRoutes } from './stream.ts';
import { switchRoutes } from './switches.ts';
import { topologyRoutes } from './topology.ts';

export interface RoutesOptions {
  /** The controller's. */
  readonly version: string;
  readonly metrics: Metrics;
}

export function allRoutes({ version, metrics }: RoutesOptions): readonly Route[] {
  let document: OpenApiDocument | undefined;
  const routes: readonly Route[] = [
    ...indexRoutes,
    ...healthRoutes,
    ...switchRoutes,
    ...flowRoutes,
    ...groupRoutes,
    ...driftRoutes,
    ...linkRoutes,
    ...hostRoutes,
    ...topologyRoutes,
    ...pathRoutes,
    ...policyRoutes,
    ...eventRoutes,
    ...streamRoutes,
    ...docsRoutes(() => (document ??= openApiDocument(routes, version))),
    ...metricsRoutes(metrics),
  ];
  return routes;
}

/** The northbound as one part: REST, the stream, the API's document and page, metrics and the web view's files, on one HTTP port. */
import type { Logger } from 'pino';
import { InputError } from '../core/errors.ts';
import { createApp } from './http/app.ts';
import { createLoopbackGuard, isLoopback } from './http/loopback-guard.ts';
import { createHttpServer } from './http/server.ts';
import type { Address } from './http/server.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { Limits } from './limits.ts';
import { createMetrics } from './metrics.ts';
import { mountRoutes } from './rest/mount.ts';
import { allRoutes } from './rest/routes.ts';
import type { Services } from './services.ts';
import { createFeed } from './stream/feed.ts';
import { createStreamSockets } from './stream/sockets.ts';
import { createUpgradeHandler } from './stream/upgrade.ts';
import { webFiles } from './web-files.ts';

export interface NorthboundOptions {
  readonly services: Services;
  readonly logger: Logger;
  /** Port 0 takes a free one. */
  readonly http: Address;
  /** The folder of the built web view; without it `/` leads to the API's page. */
  readonly webRoot?: string | undefined;
  /** Where other bounds than the usual are wanted. */
  readonly limits?: Partial<Limits>;
}

export interface Northbound {
  /** Resolves with where it listens. Rejects with an InputError where the address cannot be used. */
  listen(): Promise<Address>;
  /** Tells stream clients to go, lets open requests end, and resolves once nothing is left. */
  close(): Promise<void>;
}

/** Throws an InputError for an address beyond loopback: without tokens anybody there could rule the network. */
export function createNorthbound(options: NorthboundOptions): Northbound {
  const { services, logger, http } = options;
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  if (!isLoopback(http.host)) {
    throw new InputError(
      `${http.host} is not a loopback address, and HTTP is served on loopback only: until there are tokens, anybody who ` +
        `reaches it could rule the network. Use --http 127.0.0.1:${http.port}; to reach it from another machine, run there ` +
        `"ssh -L ${http.port}:127.0.0.1:${http.port} THIS-MACHINE" and open http://localhost:${http.port}/.`,
    );
  }
  const guard = createLoopbackGuard(http.host);
  const feed = createFeed({ services, limits });
  const metrics = createMetrics({ services, streamClients: () => sockets.clients });
  const sockets = createStreamSockets({ feed, logger, limits, onReaderCut: () => metrics.streamReaderCut() });
  const api = mountRoutes({
    routes: allRoutes({ version: services.version, metrics }),
    services,
    bodyBytes: limits.bodyBytes,
    onServed: (route, status, seconds) =>
      metrics.observeRequest(route.method.toUpperCase(), route.path, status, seconds),
  });
  const app = createApp({ logger, guard, limits, handlers: [api, webFiles(options.webRoot)] });
  const onUpgrade = createUpgradeHandler({ guard, sockets, logger });
  const server = createHttpServer({ handler: app.handler, onUpgrade, limits });

  return {
    listen: () => server.listen(http),
    async close() {
      feed.close();
      metrics.close();
      await Promise.all([sockets.close(), server.close()]);
      app.close();
    },
  };
}

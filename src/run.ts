/** `signalbox start`: the controller from its settings to its end. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadConfig, unknownVariables } from './config.ts';
import type { ConfigSources } from './config.ts';
import { startController } from './controller.ts';
import { systemClock } from './core/clock.ts';
import { createLogger } from './logger.ts';
import { createStopper, STOP_SIGNALS } from './stopping.ts';
import { readVersion } from './version.ts';

const WEB_ROOT = fileURLToPath(new URL('../web/dist', import.meta.url));

/** Settles when the controller is ready; signals end it. Rejects where a setting, a port or the data directory cannot be used. */
export async function runController(sources: ConfigSources): Promise<void> {
  const config = loadConfig(sources);
  const logger = await createLogger(config.logLevel);
  for (const warning of unknownVariables(sources.environment)) logger.warn(warning);
  logger.info({ version: readVersion(), data: config.data }, 'Signalbox starts');
  const webRoot = existsSync(WEB_ROOT) ? WEB_ROOT : undefined;
  if (webRoot === undefined) logger.warn('The web view is not built; npm start builds it');
  // A signal that comes while it starts lets it first be whole.
  const starting = startController({ config, logger, webRoot });
  const stop = async (): Promise<void> => (await starting).stop();
  const onSignal = createStopper({ stop, exit: (code) => process.exit(code), logger, clock: systemClock });
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);

  const controller = await starting;
  logger.info(`Web view: http://${urlHost(controller.http.host)}:${controller.http.port}/`);
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

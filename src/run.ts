/** `signalbox start`: the controller from its settings to its end. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { loadConfig, unknownVariables } from './config.ts';
import type { ConfigSources } from './config.ts';
import { startController } from './controller.ts';
import type { Controller } from './controller.ts';
import { createLogger } from './logger.ts';
import { readVersion } from './version.ts';

const WEB_ROOT = fileURLToPath(new URL('../web/dist', import.meta.url));
/** Long enough to close every session; then the process ends all the same. */
const STOP_DEADLINE_MS = 5_000;
/** One Ctrl-C may arrive twice: from the terminal, and handed on by npm. */
const SAME_KEYPRESS_MS = 300;
/** What a process ended by a signal exits with: 128 and the signal's number, as shells have it. */
const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

/** Settles when the controller is ready; signals end it. Rejects where a setting, a port or the data directory cannot be used. */
export async function runController(sources: ConfigSources): Promise<void> {
  const config = loadConfig(sources);
  const logger = await createLogger(config.logLevel);
  for (const warning of unknownVariables(sources.environment)) logger.warn(warning);
  logger.info({ version: readVersion(), data: config.data }, 'Signalbox starts');
  const webRoot = existsSync(WEB_ROOT) ? WEB_ROOT : undefined;
  if (webRoot === undefined) logger.warn('The web view is not built; npm start builds it');
  const controller = await startController({ config, logger, webRoot });
  logger.info(`Web view: http://${urlHost(controller.http.host)}:${controller.http.port}/`);
  stopAtSignals(controller, logger);
}

/** The first signal lets what is under way end, the second does not wait for it. */
function stopAtSignals(controller: Controller, logger: Logger): void {
  let stoppingSince: number | undefined;
  const stop = (signal: keyof typeof EXIT_BY_SIGNAL): void => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince < SAME_KEYPRESS_MS) return;
      process.exit(EXIT_BY_SIGNAL[signal]);
    }
    stoppingSince = performance.now();
    logger.info({ signal }, 'stopping: switches forward on with what they hold');
    setTimeout(() => {
      logger.error({ seconds: STOP_DEADLINE_MS / 1_000 }, 'did not stop in time');
      process.exit(1);
    }, STOP_DEADLINE_MS).unref();
    controller.stop().then(
      () => {
        logger.info('stopped');
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'did not stop cleanly');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

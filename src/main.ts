/** The command line. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { flagOf, loadConfig, SETTINGS, variableOf } from './config.ts';
import { startController } from './controller.ts';
import { InputError } from './core/errors.ts';
import { createLogger } from './logger.ts';
import { decodeCommand } from './openflow/cli/decode.ts';
import type { DecodeOptions } from './openflow/cli/decode.ts';
import { encodeCommand } from './openflow/cli/encode.ts';

const WEB_ROOT = fileURLToPath(new URL('../web/dist', import.meta.url));
/** Long enough to close every session; then the process ends all the same. */
const STOP_DEADLINE_MS = 5_000;

function startCommand(): Command {
  const command = new Command('start').description('start the controller').allowExcessArguments(false);
  for (const { key, value, help } of SETTINGS)
    command.option(`${flagOf(key)} <${value}>`, `${help} [${variableOf(key)}]`);
  command.option('--config <FILE>', 'YAML or JSON file with these settings, such as "openflow: 127.0.0.1:6653"');
  return command.action(async (flags: Record<string, string>) => {
    const { config: file = process.env['SIGNALBOX_CONFIG'], ...settings } = flags;
    await run({ flags: settings, environment: process.env, file });
  });
}

async function run(sources: Parameters<typeof loadConfig>[0]): Promise<void> {
  const config = loadConfig(sources);
  const logger = createLogger(config.logLevel);
  const webRoot = existsSync(WEB_ROOT) ? WEB_ROOT : undefined;
  if (webRoot === undefined) logger.warn('The web view is not built; npm start builds it');
  const controller = await startController({ config, logger, webRoot });
  logger.info(`Web view: http://${urlHost(controller.http.host)}:${controller.http.port}/`);

  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping: switches forward on with what they hold');
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    controller.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ error }, 'did not stop cleanly');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function decodeCommandLine(): Command {
  return new Command('decode')
    .description('print OpenFlow messages: hex (a message a line), a binary stream, or a pcap file')
    .argument('[FILE]', 'default: standard input')
    .option('--text', 'for people; default is one JSON object a line, which `signalbox encode` reads')
    .option('--stream', 'the hex is one stream of messages, whatever its lines')
    .option('--port <PORT>', 'TCP port of OpenFlow in a capture, besides 6653 and 6633', parsePort)
    .action(async (file: string | undefined, options: Omit<DecodeOptions, 'file'>) => {
      process.exitCode = await decodeCommand({ ...options, ...(file === undefined ? {} : { file }) }, process);
    });
}

function encodeCommandLine(): Command {
  return new Command('encode')
    .description('print as hex the OpenFlow messages given as JSON, one a line, as `signalbox decode` prints them')
    .argument('[FILE]', 'default: standard input')
    .action(async (file: string | undefined) => {
      process.exitCode = await encodeCommand(file === undefined ? {} : { file }, process);
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InputError(`--port ${text}: a TCP port is a number from 1 to 65535`);
  return port;
}

const program = new Command('signalbox')
  .description('An OpenFlow 1.3 controller for Open vSwitch')
  .addCommand(startCommand())
  .addCommand(decodeCommandLine())
  .addCommand(encodeCommandLine());

program.parseAsync().catch((error: unknown) => {
  const known = error instanceof InputError || (error instanceof Error && 'code' in error);
  process.stderr.write(`signalbox: ${known ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(known ? 2 : 1);
});

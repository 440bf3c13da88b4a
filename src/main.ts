/** The command line. What a command needs is loaded when it runs: `decode` waits for no web server. */
import { Command, CommanderError } from 'commander';
import { InputError } from './core/errors.ts';
import type { DecodeOptions } from './openflow/cli/decode.ts';
import { CONFIG_KEYS, flagOf, helpOf, SETTINGS } from './settings.ts';
import { readVersion } from './version.ts';

/** Settings, arguments, a port or a data directory that cannot be used; a fault of ours is 1. */
const EXIT_UNUSABLE = 2;

function startCommand(): Command {
  const command = new Command('start').description('start the controller').allowExcessArguments(false);
  for (const key of CONFIG_KEYS) command.option(`${flagOf(key)} <${SETTINGS[key].value}>`, helpOf(key));
  command.option('--config <FILE>', 'a YAML or JSON file with these settings [SIGNALBOX_CONFIG]');
  command.addHelpText('after', START_NOTES);
  return command.action(async (flags: Record<string, string>) => {
    const { config: file = process.env['SIGNALBOX_CONFIG'] || undefined, ...settings } = flags;
    const { runController } = await import('./run.ts');
    await runController({ flags: settings, environment: process.env, file });
  });
}

const START_NOTES = `
An option goes before its variable, in brackets above, and that before the file. In the file the settings are called
${CONFIG_KEYS.join(', ')}; for example:
  openflow: 127.0.0.1:6653
  logLevel: debug

SIGINT (Ctrl-C) and SIGTERM stop it, a second one at once. It exits with 0 when stopped so, 2 where a setting, a port
or the data directory cannot be used, 1 after a fault, 130 or 143 after a second signal.`;

function decodeCommandLine(): Command {
  return new Command('decode')
    .description('print OpenFlow messages: hex (a message a line), a binary stream, or a pcap file')
    .argument('[FILE]', 'default: standard input')
    .option('--text', 'for people; default is one JSON object a line, which `signalbox encode` reads')
    .option('--stream', 'the hex is one stream of messages, whatever its lines')
    .option('--port <PORT>', 'TCP port of OpenFlow in a capture, besides 6653 and 6633', parsePort)
    .addHelpText('after', codecNotes('echo 0414000800000001 | signalbox decode --text'))
    .action(async (file: string | undefined, options: Omit<DecodeOptions, 'file'>) => {
      const { decodeCommand } = await import('./openflow/cli/decode.ts');
      process.exitCode = await decodeCommand({ ...options, ...(file === undefined ? {} : { file }) }, process);
    });
}

function encodeCommandLine(): Command {
  return new Command('encode')
    .description('print as hex the OpenFlow messages given as JSON, one a line, as `signalbox decode` prints them')
    .argument('[FILE]', 'default: standard input')
    .addHelpText('after', codecNotes(`echo '{"type": "barrier_request", "xid": 1}' | signalbox encode`))
    .action(async (file: string | undefined) => {
      const { encodeCommand } = await import('./openflow/cli/encode.ts');
      process.exitCode = await encodeCommand(file === undefined ? {} : { file }, process);
    });
}

function codecNotes(example: string): string {
  return `
For example:
  ${example}

It exits with 0 where every message was good, 1 where some were not, 2 where there is nothing that can be read.`;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InputError(`--port ${text}: a TCP port is a number from 1 to 65535, such as 6653`);
  return port;
}

/** Each line says who speaks: the log on standard output may be on the same screen. */
function complain(text: string): void {
  for (const line of text.trimEnd().split('\n')) process.stderr.write(`signalbox: ${line.replace(/^error: /, '')}\n`);
}

function fail(error: unknown): never {
  // Commander has said already what is wrong; where it was asked for help or the version, nothing is.
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : EXIT_UNUSABLE);
  const known = error instanceof InputError || (error instanceof Error && 'code' in error);
  complain(known ? error.message : String(error instanceof Error ? error.stack : error));
  process.exit(known ? EXIT_UNUSABLE : 1);
}

// A reader that has seen enough, such as head, is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const program = new Command('signalbox')
  .description('An OpenFlow 1.3 controller for Open vSwitch')
  .version(readVersion(), '--version')
  .addHelpText('after', '\nsignalbox COMMAND --help says more, with examples.');
for (const command of [startCommand(), decodeCommandLine(), encodeCommandLine()]) program.addCommand(command);
for (const command of [program, ...program.commands])
  command.exitOverride().configureOutput({ outputError: (text) => complain(text) });

// Of whom nothing is asked, it tells what can be asked.
if (process.argv.length <= 2) program.outputHelp();
else program.parseAsync().catch(fail);

// The program as a person meets it at the command line: help, mistakes, a second controller, and Ctrl-C.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONFIG_KEYS } from '../../src/settings.ts';
import { controllerCommand, root, startController } from '../support/controller.ts';
import type { LogLine, RunningController } from '../support/controller.ts';
import { connectFakeSwitch } from '../support/fake-switch.ts';
import { get, until } from '../support/rest.ts';

const [node = process.execPath, ...program] = controllerCommand;

function signalbox(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(node, [...program, ...args], { encoding: 'utf8', input: '' });
}

describe('signalbox', () => {
  it('tells its commands where it is asked for none', () => {
    const { status, stdout } = signalbox();
    expect(stdout).toMatch(/Usage: signalbox .*\n(.*\n)+ +start .*\n +decode /);
    expect(status).toBe(0);
  });

  it('tells its version', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(signalbox('--version')).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  it.each([
    [['strat'], "signalbox: unknown command 'strat'\nsignalbox: (Did you mean start?)\n"],
    [['start', '--htp', ':1'], "signalbox: unknown option '--htp'\nsignalbox: (Did you mean --http?)\n"],
    [['start', 'now'], "signalbox: too many arguments for 'start'. Expected 0 arguments but got 1.\n"],
    [['decode', '--port', 'x'], 'signalbox: --port x: a TCP port is a number from 1 to 65535, such as 6653\n'],
  ])('says what is wrong with %j', (args, stderr) => {
    expect(signalbox(...args)).toEqual(expect.objectContaining({ status: 2, stdout: '', stderr }));
  });

  it('says every setting that cannot be used, a line each', () => {
    const { status, stderr } = signalbox('start', '--http', '8080', '--host-timeout', '1');
    expect(stderr).toMatch(
      /^signalbox: "8080" cannot be used for --http: .*\nsignalbox: "1" cannot be used for --host-timeout/,
    );
    expect(status).toBe(2);
  });

  it('tells in the help of start what each setting may be, and its names in a file', () => {
    const help = signalbox('start', '--help').stdout.replaceAll(/\s+/g, ' ');
    expect(help).toContain('a whole number of seconds from 10 to 86400 (default 900) [SIGNALBOX_HOST_TIMEOUT]');
    expect(help).toContain(CONFIG_KEYS.join(', '));
  });
});

describe('a second controller', () => {
  let directory: string;
  let first: RunningController;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'signalbox-command-line-'));
    first = await startController({ data: directory });
  });
  afterEach(async () => {
    await first.stop();
    rmSync(directory, { recursive: true });
  });

  function second(data: string, openflow: number, http: number): { status: number | null; stderr: string } {
    const other = ['--openflow', `127.0.0.1:${openflow}`, '--http', `127.0.0.1:${http}`];
    return signalbox('start', '--data', join(directory, data), ...other);
  }

  it('is told who has the directory or the ports', () => {
    const data = second('', 0, 0);
    expect(data.stderr).toContain(
      `is in use by another Signalbox, process ${first.pid}; stop it (kill ${first.pid}), or`,
    );
    const openflow = second('second', first.openflowPort, 0);
    expect(openflow.stderr).toContain(
      `Another program listens on 127.0.0.1:${first.openflowPort}, where OpenFlow should`,
    );
    const http = second('second', 0, first.httpPort);
    expect(http.stderr).toContain(`Another program listens on 127.0.0.1:${first.httpPort}, where HTTP should`);
    expect([data.status, openflow.status, http.status]).toEqual([2, 2, 2]);
  });
});

describe('Ctrl-C', () => {
  it('says that it stops and that it has, whatever was connected', async () => {
    const controller = await startController();
    const fake = await connectFakeSwitch({ port: controller.openflowPort });
    const connected = (): Promise<{ switches: number }> => get(controller.baseUrl, '/health');
    await until(connected, ({ switches }) => switches === 1);
    const before = controller.log.length;
    await controller.stop('SIGINT');
    expect(controller.log.slice(before).map(({ msg }) => msg)).toEqual([
      'stopping: switches forward on with what they hold',
      'stopped',
    ]);
    await fake.closed;
  });

  it('does not wait for the log to be read where nobody does', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'signalbox-command-line-'));
    const addresses = ['--openflow', ':0', '--http', ':0', '--data', directory];
    const child = spawn(node, [...program, 'start', ...addresses], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    for await (const line of createInterface({ input: child.stdout }))
      if ((JSON.parse(line) as LogLine).msg === 'ready') break;
    child.stdout.destroy();
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    rmSync(directory, { recursive: true });
  });
});

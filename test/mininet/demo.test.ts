// npm run demo itself: the tour holds, and an interrupted demo leaves nothing behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { root } from '../support/controller.ts';
import { TEST_TIMEOUT_MS } from '../support/scenario.ts';

/** Seconds to wait for another network to end. */
const LOCK_PATIENCE = ['--wait-lock', '100'];

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the demo to its end; `interruptAt` is the beginning of the line on which it gets SIGINT. */
async function runDemo(args: readonly string[], interruptAt?: string): Promise<Ended> {
  const demo = spawn(process.execPath, [join(root, 'scripts/demo.mjs'), ...LOCK_PATIENCE, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  createInterface({ input: demo.stderr }).on('line', (line) => lines.push(line));
  createInterface({ input: demo.stdout }).on('line', (line) => {
    lines.push(line);
    if (interruptAt !== undefined && line.startsWith(interruptAt)) demo.kill('SIGINT');
  });
  await once(demo, 'close');
  return { code: demo.exitCode, output: lines.join('\n') };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

test('the tour holds, step by step', { timeout: TEST_TIMEOUT_MS }, async () => {
  const { code, output } = await runDemo(['--check', '--topo', 'ring:5']);
  expect(output).toContain('Everything held.');
  expect(output).not.toContain('FAILED');
  expect(code).toBe(0);
});

test('an interrupted demo cleans up', { timeout: TEST_TIMEOUT_MS }, async () => {
  const { code, output } = await runDemo(['--check', '--topo', 'linear:4'], 'Network:');
  expect(output).toContain('Interrupted by SIGINT');
  expect(code).toBe(130);
  expect(await exists('/sys/class/net/s1')).toBe(false);
  expect(await exists('/run/signalbox-mininet.json')).toBe(false);
});

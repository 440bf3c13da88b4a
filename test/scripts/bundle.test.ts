// What bin/signalbox.mjs runs: one bundle for each state of the sources, made once, whoever comes at the same time.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root } from '../support/controller.ts';

/** Copied, since a test changes sources; npm's packages are those of this checkout. */
const COPIED = ['bin', 'scripts', 'src', 'package.json', 'package-lock.json', 'tsconfig.json'];
const BARRIER = '0414000800000001\n';

let checkout: string;
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'signalbox-checkout-'));
  for (const path of COPIED) cpSync(join(root, path), join(checkout, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
});
afterEach(() => rmSync(checkout, { recursive: true }));

function decode(): { status: number | null; stdout: string; stderr: string } {
  const program = [join(checkout, 'bin/signalbox.mjs'), 'decode', '--text'];
  return spawnSync(process.execPath, program, { input: BARRIER, encoding: 'utf8' });
}

/** Names of those that are complete. */
function bundles(): string[] {
  return readdirSync(join(checkout, 'build')).filter((name) => /^signalbox-[0-9a-f]{16}\.mjs$/.test(name));
}

test('a bundle is made once, and another when a source has changed', () => {
  expect(decode()).toMatchObject({ status: 0, stdout: 'BARRIER_REQUEST xid=1\n', stderr: '' });
  const first = bundles();
  expect(first).toHaveLength(1);
  decode();
  expect(bundles()).toEqual(first);

  const old = new Date(0);
  for (const name of readdirSync(join(checkout, 'build'))) utimesSync(join(checkout, 'build', name), old, old);
  appendFileSync(join(checkout, 'src/main.ts'), "\nprocess.stderr.write('changed\\n');\n");
  expect(decode()).toMatchObject({ status: 0, stdout: 'BARRIER_REQUEST xid=1\n', stderr: 'changed\n' });
  expect(bundles()).toHaveLength(1);
  expect(bundles()).not.toEqual(first);
});

test('two that start at once do not disturb each other', async () => {
  const codes = await Promise.all(
    [1, 2].map(async () => {
      const child = spawn(process.execPath, [join(checkout, 'bin/signalbox.mjs'), '--version'], { stdio: 'ignore' });
      await once(child, 'exit');
      return child.exitCode;
    }),
  );
  expect(codes).toEqual([0, 0]);
  expect(bundles()).toHaveLength(1);
  expect(readdirSync(join(checkout, 'build')).filter((name) => !/\.mjs(\.map)?$/.test(name))).toEqual([]);
});

test('stack traces name the sources', () => {
  const failing = "\nfunction fails(): never {\n  throw new Error('on purpose');\n}\nfails();\n";
  appendFileSync(join(checkout, 'src/main.ts'), failing);
  expect(decode().stderr).toMatch(/Error: on purpose\n +at fails \(.*src\/main\.ts:\d+:\d+\)/);
});

test('where no bundle can be written, tsx runs the sources', () => {
  writeFileSync(join(checkout, 'build'), 'a file where the directory would be');
  expect(decode()).toMatchObject({ status: 0, stdout: 'BARRIER_REQUEST xid=1\n', stderr: '' });
});

test('where the sources are broken, tsx tells where', () => {
  appendFileSync(join(checkout, 'src/main.ts'), '\nconst = ;\n');
  const { status, stderr } = decode();
  expect(stderr).toMatch(/src\/main\.ts:\d+:\d+: ERROR/);
  expect(status).toBe(1);
});

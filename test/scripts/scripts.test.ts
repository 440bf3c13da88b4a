// What the scripts decide before anything runs: is this Node new enough, is a package missing, what does a report count.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/controller.ts';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The scripts are plain JavaScript, since they run before tsx is there: their types are told here. */
interface Scripts {
  checkNodeVersion(version: string): void;
  countTests(report: object | undefined, exitCode: number): Counts;
}

async function load<Name extends keyof Scripts>(file: string, name: Name): Promise<Scripts[Name]> {
  const module = (await import(join(root, 'scripts/lib', file))) as Scripts;
  return module[name];
}

const checkNodeVersion = await load('node-version.mjs', 'checkNodeVersion');
const countTests = await load('vitest.mjs', 'countTests');

test.each(['18.19.0', '20.18.3', '25.0.0'])('Node %s is refused with the way to another one', (version) => {
  expect(() => checkNodeVersion(version)).toThrow(/needs Node 20\.19 to 24.*nodejs\.org/);
});

test.each(['20.19.0', '20.20.2', '22.0.0', '24.11.1'])('Node %s will do', (version) => {
  expect(() => checkNodeVersion(version)).not.toThrow();
});

const nothing = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };

test('a report counts its tests', () => {
  const report = { ...nothing, numPassedTests: 5, numFailedTests: 1, numPendingTests: 2 };
  expect(countTests(report, 1)).toEqual({ passed: 5, failed: 1, skipped: 2 });
});

test('a file that could not be loaded is a failure, though no test of it failed', () => {
  const report = { ...nothing, numPassedTests: 5, testResults: [{ status: 'failed', assertionResults: [] }] };
  expect(countTests(report, 1)).toEqual({ passed: 5, failed: 1, skipped: 0 });
});

test('vitest ending with an error is a failure, whatever it counted, and so is no report at all', () => {
  expect(countTests({ ...nothing, numPassedTests: 5 }, 1)).toEqual({ passed: 5, failed: 1, skipped: 0 });
  expect(countTests(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('npm test names an unknown part, and ends with an error', () => {
  const script = join(root, 'scripts/test.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, 'nonsense'], { encoding: 'utf8' });
  expect(stderr).toContain("There is no part 'nonsense'; there are types, lint");
  expect(status).toBe(1);
});

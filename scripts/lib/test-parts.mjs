// The parts of npm test: what each runs, and what a machine must have for it.
import { existsSync } from 'node:fs';
import { findCommand } from './run.mjs';
import { isRoot, MININET_PACKAGES, missingDebianPackages } from './debian-packages.mjs';

/** Debian packages of the parts below, installed first where that is allowed. */
export const TEST_PACKAGES = [...MININET_PACKAGES, 'tshark', 'chromium'];

/** By itself vitest leaves a core idle, which is half of a machine of two. */
const ON_ALL_CORES = '--maxWorkers=100%';
const OVS_TESTS = 'test/ovs';
const MININET_TESTS = 'test/mininet';
const BROWSER_TESTS = 'test/browser';

/**
 * A part has a name and either a `command` (an npm script's counterpart, counted as one test) or `vitest` arguments.
 * `missing` answers why this machine cannot run it, undefined where it can.
 */
export const TEST_PARTS = [
  { name: 'types', command: ['npm', 'run', '--silent', 'types'], missing: nothing },
  { name: 'lint', command: ['node_modules/.bin/oxlint', '--type-aware', '--deny-warnings'], missing: nothing },
  { name: 'format', command: ['node_modules/.bin/prettier', '--check', '--log-level', 'warn', '.'], missing: nothing },
  // The browser tests need the view as it is now.
  { name: 'build', command: [process.execPath, 'node_modules/vite/bin/vite.js', 'build', 'web'], missing: nothing },
  {
    name: 'unit and property',
    vitest: [
      ON_ALL_CORES,
      ...[OVS_TESTS, MININET_TESTS, BROWSER_TESTS].flatMap((folder) => ['--exclude', `${folder}/**`]),
    ],
    missing: nothing,
  },
  { name: 'real OVS', vitest: [`${OVS_TESTS}/`, ON_ALL_CORES], missing: () => missingPackages(['openvswitch-switch']) },
  {
    name: 'Mininet',
    // One network at a time: bridges and interfaces share the machine's names.
    vitest: [`${MININET_TESTS}/`, '--no-file-parallelism'],
    missing: () => (isRoot() ? missingPackages(MININET_PACKAGES) : 'Mininet needs root: sudo npm test'),
  },
  {
    name: 'browser',
    vitest: [`${BROWSER_TESTS}/`, '--no-file-parallelism'],
    missing: () => (existsSync('/usr/bin/chromium') ? undefined : needs(['chromium'])),
  },
];

function nothing() {
  return undefined;
}

function missingPackages(names) {
  const missing = missingDebianPackages(names);
  return missing.length === 0 ? undefined : needs(missing);
}

function needs(names) {
  const how = findCommand('apt-get') === undefined ? 'Install' : 'sudo apt-get install';
  return `${names.join(', ')} missing: ${how} ${names.join(' ')}`;
}

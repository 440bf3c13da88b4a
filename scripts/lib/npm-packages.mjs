// npm packages: are those of the lock file installed, and installing them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDebianPackages, missingDebianPackages } from './debian-packages.mjs';
import { ROOT, run } from './run.mjs';
import { CannotGoOn, say } from './say.mjs';

/** What better-sqlite3 is compiled with where no prebuilt binary can be fetched. */
const COMPILERS = ['python3', 'make', 'g++'];

/** Installs the packages of package-lock.json where one is missing or of another version, saying so first. */
export async function ensureNpmPackages() {
  const missing = missingNpmPackages();
  if (missing.length === 0) return;
  say(`Installing npm packages (${missing.length} missing; where better-sqlite3 must be compiled it takes 2 minutes)`);
  if ((await npmCi()) === 0) return;
  const compilers = missingDebianPackages(COMPILERS);
  if (compilers.length > 0) {
    say(`npm ci failed and there is no ${compilers.join(', ')}, with which better-sqlite3 is compiled.`);
    await ensureDebianPackages(COMPILERS, 'Compiling better-sqlite3');
    if ((await npmCi()) === 0) return;
  }
  throw new CannotGoOn('npm ci failed; its output above says why. Does this machine reach the npm registry?');
}

/** The tests need the development packages too, whatever NODE_ENV says. */
function npmCi() {
  return run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Names of locked packages that node_modules does not hold in that version. */
export function missingNpmPackages() {
  const wanted = packagesOf('package-lock.json');
  const installed = packagesOf('node_modules/.package-lock.json');
  return Object.entries(wanted)
    .filter(([path, entry]) => path !== '' && entry.optional !== true && entry.peer !== true)
    .filter(([path, entry]) => installed[path]?.version !== entry.version)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
}

function packagesOf(lockFile) {
  const path = join(ROOT, lockFile);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')).packages ?? {}) : {};
}

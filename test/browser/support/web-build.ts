/** Builds the web view for a test, into a directory of its own. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');

export interface WebBuild {
  /** Holds index.html and assets/. */
  readonly directory: string;
  readonly remove: () => Promise<void>;
}

/** Runs the same build as `npm run build`, but to a temporary directory. Rejects with the builder's own words. */
export async function buildWeb(): Promise<WebBuild> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-web-'));
  const args = [VITE, 'build', join(ROOT, 'web'), '--outDir', directory, '--emptyOutDir', '--logLevel', 'warn'];
  // The test runner sets NODE_ENV=test, which would build the development flavour.
  await promisify(execFile)(process.execPath, args, { cwd: ROOT, env: { ...process.env, NODE_ENV: 'production' } });
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}

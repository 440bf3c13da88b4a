// The web view is built once and again when its sources are newer than what was built.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './run.mjs';
import { CannotGoOn, say } from './say.mjs';

const NOT_SOURCES = new Set(['dist', 'node_modules']);

/** Builds web/ into web/dist where that is missing or older than its sources. */
export async function ensureWebView() {
  const built = modifiedAt(join(ROOT, 'web/dist/index.html'));
  if (built > newestIn(join(ROOT, 'web'), NOT_SOURCES) && built > modifiedAt(join(ROOT, 'package.json'))) return;
  say('Building the web view');
  const code = await run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'warn']);
  if (code !== 0) throw new CannotGoOn('Building the web view failed; the output above says why.');
}

/** Milliseconds since 1970, 0 where the file is not there. */
function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestIn(directory, except = new Set()) {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => !except.has(entry.name))
    .map((entry) => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? newestIn(path) : modifiedAt(path);
    })
    .reduce((newest, time) => Math.max(newest, time), 0);
}

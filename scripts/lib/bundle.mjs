// The controller's TypeScript as one JavaScript file, made again when a source has changed: what runs is then plain Node,
// without a loader's thread, a compiler beside it, or a second to wait. Its name is a hash of all that it is made of, so
// a file that is there is right, whoever made it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from './run.mjs';

/** One level below the root, as src is: the sources name package.json and web/dist from where they stand. */
export const BUNDLES = 'build';
const BUILDER = fileURLToPath(new URL('build-bundle.mjs', import.meta.url));

/** The bundle of a checkout's sources, or undefined where none can be made: then tsx has to run them. */
export function ensureBundle(root = ROOT) {
  const folder = join(root, BUNDLES);
  const bundle = join(folder, `signalbox-${hashOfSources(root)}.mjs`);
  if (existsSync(bundle)) return bundle;
  if (!isWritable(folder)) return undefined;
  // A process of its own, so that the bundler's memory goes with it. If it fails, tsx tells better what is wrong.
  const { status } = spawnSync(process.execPath, [BUILDER, root, bundle], { stdio: 'ignore' });
  return status === 0 && existsSync(bundle) ? bundle : undefined;
}

/** Over every source by name and content, and over what else decides what comes out. */
function hashOfSources(root) {
  const sources = readdirSync(join(root, 'src'), { recursive: true })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((file) => join('src', file));
  const hash = createHash('sha256').update(readFileSync(BUILDER));
  for (const file of [...sources, 'package-lock.json'])
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 16);
}

function isWritable(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

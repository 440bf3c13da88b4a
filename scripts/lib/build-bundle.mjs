// node build-bundle.mjs ROOT FILE: makes FILE of ROOT's src/main.ts and all that it imports of ours, with FILE.map beside it.
import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'vite';

/** What other versions of the sources left: an older one may be about to be started by someone, for a moment at most. */
const KEPT_MS = 60 * 60 * 1000;

const [root, file] = process.argv.slice(2);
const folder = dirname(file);
removeOld();

const { output } = await build({
  root,
  configFile: false,
  publicDir: false,
  logLevel: 'error',
  build: {
    // Server side: npm packages stay where they are, in node_modules.
    ssr: 'src/main.ts',
    outDir: folder,
    target: 'node20',
    minify: false,
    sourcemap: true,
    write: false,
    rollupOptions: {
      output: {
        entryFileNames: basename(file),
        chunkFileNames: `${basename(file, '.mjs')}-[name].mjs`,
        sourcemapExcludeSources: true,
      },
    },
  },
});
// The file that is looked for comes last: where it is there, all that it loads is.
const files = output.filter(({ fileName }) => fileName !== basename(file));
const main = output.filter(({ fileName }) => fileName === basename(file));
for (const { fileName, code, source } of [...files, ...main]) put(join(folder, fileName), code ?? source);

/** Whole or not at all, also where two do the same at the same time. */
function put(path, content) {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
}

function removeOld() {
  for (const name of readdirSync(folder).filter((each) => each.startsWith('signalbox-'))) {
    const path = join(folder, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > KEPT_MS) rmSync(path, { force: true });
  }
}

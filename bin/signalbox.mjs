#!/usr/bin/env node
// Runs src/main.ts as one file of JavaScript, made of the sources as they stand (scripts/lib/bundle.mjs). Where that cannot
// be written, tsx runs the sources themselves: as well, with a second and 40 MB more.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureBundle } from '../scripts/lib/bundle.mjs';

const bundle = ensureBundle();
if (bundle === undefined) {
  const { register } = await import('tsx/esm/api');
  // The tsconfig is named, since tsx would otherwise read the one of whatever directory the user stands in.
  register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
  await import('../src/main.ts');
} else {
  // Stack traces name the sources.
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(bundle).href);
}

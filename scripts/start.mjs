// npm start: the controller alone, from a checkout where nothing may be installed yet.
import { ensureNpmPackages } from './lib/npm-packages.mjs';
import { checkNodeVersion } from './lib/node-version.mjs';
import { runScript } from './lib/say.mjs';
import { ensureWebView } from './lib/web-view.mjs';

await runScript(async (args) => {
  checkNodeVersion();
  await ensureNpmPackages();
  if (!args.includes('--help')) await ensureWebView();
  // The controller takes over this very process, so signals and the terminal are its own.
  process.argv.splice(2, process.argv.length, 'start', ...args);
  await import('../bin/signalbox.mjs');
  return process.exitCode;
});

// npm test: every test that this machine can run, and by name those that it cannot.
import { TEST_PACKAGES, TEST_PARTS } from './lib/test-parts.mjs';
import { ensureDebianPackages, isRoot } from './lib/debian-packages.mjs';
import { checkNodeVersion } from './lib/node-version.mjs';
import { ensureNpmPackages } from './lib/npm-packages.mjs';
import { run } from './lib/run.mjs';
import { CannotGoOn, runScript, say } from './lib/say.mjs';
import { runVitest } from './lib/vitest.mjs';

const USAGE = `npm test -- [PART…]

Runs all tests, or only those parts whose name starts with one of the words given: ${names(TEST_PARTS)}.
A part that this machine cannot run is named as not run; with CI=true in the environment that is a failure.
`;

await runScript(async (args) => {
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const parts = choose(args);
  if (!(await prepare())) return report([{ name: 'preparation', passed: 0, failed: 1, skipped: 0 }]);
  const results = [];
  for (const part of parts) results.push({ name: part.name, ...(await runPart(part)) });
  return report(results);
});

function names(parts) {
  return parts.map((part) => part.name).join(', ');
}

function choose(words) {
  const unknown = words.find((word) => !TEST_PARTS.some((part) => isMeant(part, word)));
  if (unknown !== undefined) throw new CannotGoOn(`There is no part '${unknown}'; there are ${names(TEST_PARTS)}.`);
  return words.length === 0 ? TEST_PARTS : TEST_PARTS.filter((part) => words.some((word) => isMeant(part, word)));
}

function isMeant(part, word) {
  return part.name.toLowerCase().startsWith(word.toLowerCase());
}

/** Without the npm packages no part can run; whoever reads only the last line must still see a failure there. */
async function prepare() {
  try {
    checkNodeVersion();
    await ensureNpmPackages();
  } catch (error) {
    if (!(error instanceof CannotGoOn)) throw error;
    say(error.message);
    return false;
  }
  await installForTests();
  return true;
}

/** Tries to install what the parts need; where that fails, the parts concerned name it as they are not run. */
async function installForTests() {
  if (!isRoot()) return;
  try {
    await ensureDebianPackages(TEST_PACKAGES, 'Testing everything');
  } catch (error) {
    if (!(error instanceof CannotGoOn)) throw error;
    say(error.message);
  }
}

async function runPart(part) {
  const notRun = part.missing();
  if (notRun !== undefined) {
    say(`NOT RUN: ${part.name}. ${notRun}`);
    return process.env.CI === 'true'
      ? { passed: 0, failed: 1, skipped: 0, notRun }
      : { passed: 0, failed: 0, skipped: 1, notRun };
  }
  say(`Testing: ${part.name}`);
  const began = performance.now();
  const counts = part.vitest === undefined ? await runCommand(part.command) : await runVitest(part.vitest);
  return { ...counts, seconds: (performance.now() - began) / 1000 };
}

async function runCommand([command, ...args]) {
  const ok = (await run(command, args)) === 0;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** Prints a line for each part and the sum as the very last line; answers the exit code. */
function report(results) {
  const line = (counts) =>
    `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`;
  for (const result of results) {
    const what = result.notRun === undefined ? line(result) : `NOT RUN: ${result.notRun}`;
    const time = result.seconds === undefined ? '' : ` (${result.seconds.toFixed(1)} s)`;
    process.stdout.write(`${result.name}: ${what}${time}\n`);
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  process.stdout.write(`${line(total)}\n`);
  return total.failed === 0 ? 0 : 1;
}

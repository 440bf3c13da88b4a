// Debian packages: what is missing, and installing it where that is allowed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findCommand, run } from './run.mjs';
import { CannotGoOn, say } from './say.mjs';

/** How to see that a package is there: by the command that we need of it. */
const PRESENT = {
  mininet: () => existsSync('/usr/bin/mn') && pythonHasMininet(),
  'openvswitch-switch': () => findCommand('ovs-vswitchd') !== undefined,
  ethtool: () => findCommand('ethtool') !== undefined,
  'iputils-ping': () => findCommand('ping') !== undefined,
  tshark: () => findCommand('tshark') !== undefined,
  chromium: () => existsSync('/usr/bin/chromium'),
  python3: () => findCommand('python3') !== undefined,
  make: () => findCommand('make') !== undefined,
  'g++': () => findCommand('g++') !== undefined,
};

/** Mininet's API is a module of Debian's own Python, whatever other python3 comes first in PATH. */
function pythonHasMininet() {
  return spawnSync('/usr/bin/python3', ['-c', 'import mininet.net'], { cwd: '/', stdio: 'ignore' }).status === 0;
}

/** What a Mininet network of ours needs; Debian's mininet itself does without a ping. */
export const MININET_PACKAGES = ['mininet', 'openvswitch-switch', 'ethtool', 'iputils-ping'];

export function isRoot() {
  return process.getuid?.() === 0;
}

/** Those of `names` that are not installed. */
export function missingDebianPackages(names) {
  return names.filter((name) => !PRESENT[name]());
}

/**
 * Installs what is missing of `names`, saying so first. Throws CannotGoOn where it may not (no root), cannot (no apt)
 * or fails, with what to install by hand; `purpose` says what they are for.
 */
export async function ensureDebianPackages(names, purpose) {
  const missing = missingDebianPackages(names);
  if (missing.length === 0) return;
  const list = missing.join(' ');
  if (findCommand('apt-get') === undefined) {
    throw new CannotGoOn(
      `${purpose} needs ${list} (Debian's names), and there is no apt-get here. Install them by hand.`,
    );
  }
  if (!isRoot()) {
    throw new CannotGoOn(
      `${purpose} needs Debian packages that are missing. Install them: sudo apt-get install ${list}`,
    );
  }
  say(`Installing Debian packages: ${list}`);
  await aptGet(['update']);
  await aptGet(['install', '--yes', '--no-install-recommends', ...missing]);
  const stillMissing = missingDebianPackages(missing);
  if (stillMissing.length > 0) {
    throw new CannotGoOn(`apt-get ended, but ${stillMissing.join(' ')} did not work afterwards. Install them by hand.`);
  }
}

async function aptGet(args) {
  const code = await run('apt-get', ['--quiet', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (code !== 0)
    throw new CannotGoOn(`apt-get ${args.join(' ')} failed (exit code ${code}); its output above says why.`);
}

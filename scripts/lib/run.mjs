// Child processes: looked up, run to their end, and told about signals.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's root directory. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Daemons live in sbin, which a user's PATH often lacks. */
const SYSTEM_DIRECTORIES = ['/usr/sbin', '/sbin', '/usr/local/sbin'];

/** The full path of a command, or undefined where it is not installed. */
export function findCommand(name) {
  const directories = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_DIRECTORIES];
  return directories
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/**
 * Runs a command in the checkout's root with the terminal's input and output; answers its exit code
 * (128 + the signal's number where a signal ended it, as shells do). Signals go to the child, which has things to clean
 * up; if it ends by one, so does this process.
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
    let interrupted = false;
    const pass = (signal) => {
      interrupted = true;
      // Ctrl-C at a terminal reaches the whole process group by itself.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    const signals = ['SIGTERM', 'SIGHUP', 'SIGINT'];
    for (const signal of signals) process.on(signal, pass);
    const stopPassing = () => {
      for (const signal of signals) process.off(signal, pass);
    };
    child.once('error', (error) => {
      stopPassing();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      stopPassing();
      const status = code ?? 128 + (SIGNAL_NUMBERS[signal] ?? 0);
      if (interrupted && status > 128) process.exit(status);
      resolve(status);
    });
  });
}

// What the scripts tell the person at the terminal. They run before anything is installed: plain Node only.

/** A line of the script itself. On stderr, since the controller's log on stdout is JSON for whoever reads it. */
export function say(sentence) {
  process.stderr.write(`signalbox: ${sentence}\n`);
}

/** Something that cannot go on. The message is a sentence that says what to do; no stack is shown for it. */
export class CannotGoOn extends Error {
  name = 'CannotGoOn';
}

/** Runs a script's main function; a CannotGoOn ends it with its sentence and exit code 1. */
export async function runScript(main) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof CannotGoOn)) throw error;
    process.stderr.write(`signalbox: ${error.message}\n`);
    process.exitCode = 1;
  }
}

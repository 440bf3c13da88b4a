// Loaded into a controller by `node --expose-gc --import`: at each SIGUSR2 it collects garbage and says as a line of the log
// what is left. Plain JavaScript, since it runs before the program has brought its TypeScript loader.

/** What a collection frees may need another one to be given back. */
const COLLECTIONS = 4;
const PAUSE_MS = 100;

process.on('SIGUSR2', () => {
  measure().catch((error) => {
    process.stderr.write(`${JSON.stringify({ msg: 'memory', error: String(error) })}\n`);
  });
});

async function measure() {
  for (let i = 0; i < COLLECTIONS; i++) {
    globalThis.gc();
    await new Promise((resolve) => {
      setTimeout(resolve, PAUSE_MS);
    });
  }
  process.stdout.write(`${JSON.stringify({ msg: 'memory', ...process.memoryUsage() })}\n`);
}

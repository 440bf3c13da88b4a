/** Time that counts only while this process runs: on a shared machine the clock on the wall tells of the others. */

const US_PER_MS = 1_000;

/** Milliseconds of processor time since the process began, those of the garbage collector's threads among them. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / US_PER_MS;
}

/** What the commands read and write: the process's own streams, or a test's. */
export interface CommandIo {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** Exit statuses, the same for all commands here. */
export const EXIT = { OK: 0, SOME_BAD: 1, UNREADABLE: 2 } as const;

/** A line with a message of 64 KB in JSON is far below this; more is not lines at all. */
const LINE_BYTES_MAX = 16 * 1024 * 1024;

/** Lines without their ends. Rejects where a line never ends. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of chunks) {
    const lines = (pending + decoder.decode(chunk, { stream: true })).split('\n');
    pending = lines.pop()!;
    yield* lines;
    if (pending.length > LINE_BYTES_MAX) throw new RangeError(`A line is longer than ${LINE_BYTES_MAX} bytes.`);
  }
  pending += decoder.decode();
  if (pending !== '') yield pending;
}

/** What went wrong, as text for a person. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

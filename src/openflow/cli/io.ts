import { createReadStream } from 'node:fs';

/** What the commands read and write: the process's own streams, or a test's. */
export interface CommandIo {
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };
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

/** So many problems are told one by one: a file that is something else altogether has one in every line. */
const PROBLEMS_TOLD = 20;

/** Tells on stderr what was wrong, and counts it. */
export interface Problems {
  add(place: string, error: unknown): void;
  /** Says how many were not told; answers the exit status that they come to. */
  end(): number;
}

export function createProblems({ stderr }: CommandIo): Problems {
  let count = 0;
  return {
    add(place, error) {
      count++;
      if (count <= PROBLEMS_TOLD) stderr.write(`${place}: ${reasonOf(error)}\n`);
    },
    end() {
      if (count > PROBLEMS_TOLD) stderr.write(`and ${count - PROBLEMS_TOLD} more that are not told here\n`);
      return count === 0 ? EXIT.OK : EXIT.SOME_BAD;
    },
  };
}

/** The input as it comes, and whether anything came: whoever pipes nothing into a command is told what it waits for. */
export interface Input {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly empty: () => boolean;
}

/** A file, or standard input; at a terminal it says what to type. */
export function openInput(file: string | undefined, io: CommandIo, wanted: string): Input {
  if (file === undefined && io.stdin.isTTY) io.stderr.write(`Type ${wanted}; Ctrl-D ends.\n`);
  const source: AsyncIterable<Uint8Array> = file === undefined ? io.stdin : createReadStream(file);
  let empty = true;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      empty &&= chunk.length === 0;
      yield chunk;
    }
  }
  return { chunks: chunks(), empty: () => empty };
}

/** What went wrong, as text for a person. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

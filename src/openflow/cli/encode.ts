import { createReadStream } from 'node:fs';
import { encode, type Json, messageFromJson } from '../codec/index.ts';
import { type CommandIo, EXIT, linesOf, reasonOf } from './io.ts';

export interface EncodeOptions {
  /** Where to read from instead of standard input. */
  readonly file?: string;
}

/**
 * `signalbox encode`: reads a message in JSON from each line, prints its bytes in hex. Lines that make no message are
 * told on stderr by number; the others are printed all the same. Answers the exit status.
 */
export async function encodeCommand({ file }: EncodeOptions, io: CommandIo): Promise<number> {
  const input = file === undefined ? io.stdin : (createReadStream(file) as AsyncIterable<Uint8Array>);
  let line = 0;
  let bad = 0;
  try {
    for await (const text of linesOf(input)) {
      line++;
      if (text.trim() === '') continue;
      try {
        io.stdout.write(`${encode(messageFromJson(JSON.parse(text) as Json)).toString('hex')}\n`);
      } catch (error) {
        bad++;
        io.stderr.write(`line ${line}: ${reasonOf(error)}\n`);
      }
    }
  } catch (error) {
    io.stderr.write(`The input cannot be read: ${reasonOf(error)}\n`);
    return EXIT.UNREADABLE;
  }
  return bad === 0 ? EXIT.OK : EXIT.SOME_BAD;
}

import { nearest } from '../../core/did-you-mean.ts';
import { encode, type Json, type Message, MESSAGE_TYPES, messageFromJson } from '../codec/index.ts';
import { type CommandIo, createProblems, EXIT, linesOf, openInput, reasonOf } from './io.ts';

export interface EncodeOptions {
  /** Where to read from instead of standard input. */
  readonly file?: string;
}

const EXAMPLE = '{"type": "barrier_request", "xid": 1}';
const WANTED = `OpenFlow messages in JSON, one a line, such as ${EXAMPLE}`;

/**
 * `signalbox encode`: reads a message in JSON from each line, prints its bytes in hex. Lines that make no message are
 * told on stderr by number; the others are printed all the same. Answers the exit status.
 */
export async function encodeCommand({ file }: EncodeOptions, io: CommandIo): Promise<number> {
  const problems = createProblems(io);
  let line = 0;
  let messages = 0;
  try {
    for await (const text of linesOf(openInput(file, io, WANTED).chunks)) {
      line++;
      if (text.trim() === '') continue;
      messages++;
      try {
        io.stdout.write(`${encode(messageIn(text)).toString('hex')}\n`);
      } catch (error) {
        problems.add(`line ${line}`, error);
      }
    }
    if (messages === 0) throw new RangeError(`it is empty; wanted are ${WANTED}`);
  } catch (error) {
    io.stderr.write(`The input cannot be read: ${reasonOf(error)}\n`);
    return EXIT.UNREADABLE;
  }
  return problems.end();
}

function messageIn(text: string): Message {
  const json = parse(text);
  const type = typeof json === 'object' && json !== null && 'type' in json ? json.type : undefined;
  if (typeof type !== 'string')
    throw new SyntaxError(`this has no "type"; wanted are ${WANTED}. The types are ${MESSAGE_TYPES.join(', ')}`);
  if (!MESSAGE_TYPES.includes(type)) {
    const meant = nearest(type, MESSAGE_TYPES);
    const hint = meant === undefined ? `the types are ${MESSAGE_TYPES.join(', ')}` : `did you mean "${meant}"?`;
    throw new SyntaxError(`type is ${JSON.stringify(type)}, which no message has: ${hint}`);
  }
  return messageFromJson(json);
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const hint = /^[0-9a-f\s]+$/i.test(text) ? 'hex is for signalbox decode' : `wanted are ${WANTED}`;
    throw new SyntaxError(`this is no JSON (${reasonOf(error)}); ${hint}`, { cause: error });
  }
}

import { decode, Framer, type Message, messageToJson, messageToText } from '../codec/index.ts';
import { CaptureReader } from './capture.ts';
import { type CommandIo, createProblems, EXIT, linesOf, openInput, reasonOf } from './io.ts';
import { ConversationTracker } from './tcp-streams.ts';

export interface DecodeOptions {
  /** For people instead of JSON. */
  readonly text?: boolean;
  /** The hex is one stream of messages, whatever its lines; otherwise each line holds whole messages. */
  readonly stream?: boolean;
  /** Where to read from instead of standard input. */
  readonly file?: string;
  /** TCP port of OpenFlow in a capture, besides 6653 and 6633. */
  readonly port?: number;
}

const WANTED = 'OpenFlow messages in hex, one a line, such as 0414000800000001';

/** Prints messages, and tells of bad ones by their place. */
interface Printer {
  frame(frame: Buffer, place: string, prefix?: string): void;
  problem(place: string, error: unknown): void;
  /** Answers the exit status. */
  end(): number;
}

/**
 * `signalbox decode`: prints the messages in hex text, in a binary stream, or in a capture file (pcap or pcapng; told
 * apart by its first bytes). Bad ones are told on stderr by line, byte or packet. Answers the exit status.
 */
export async function decodeCommand(options: DecodeOptions, io: CommandIo): Promise<number> {
  const printer = createPrinter(options.text ?? false, io);
  try {
    const input = openInput(options.file, io, WANTED);
    const { first, chunks } = await peek(input.chunks);
    if (input.empty()) throw new RangeError(`it is empty; wanted are ${WANTED}, a binary stream, or a capture file`);
    if (CaptureReader.recognises(first)) await decodeCapture(chunks, options.port, printer);
    else if (isBinary(first)) await decodeBinary(chunks, printer);
    else if (options.stream) await decodeHexStream(chunks, printer);
    else await decodeHexLines(chunks, printer);
  } catch (error) {
    io.stderr.write(`The input cannot be read: ${reasonOf(error)}\n`);
    return EXIT.UNREADABLE;
  }
  return printer.end();
}

function createPrinter(asText: boolean, io: CommandIo): Printer {
  const problems = createProblems(io);
  const show = (message: Message, prefix: string): string =>
    asText ? prefix + messageToText(message) : JSON.stringify(messageToJson(message));
  return {
    frame(frame, place, prefix = '') {
      try {
        io.stdout.write(`${show(decode(frame), prefix)}\n`);
      } catch (error) {
        problems.add(place, error);
      }
    },
    problem: (place, error) => problems.add(place, error),
    end: () => problems.end(),
  };
}

/** The first bytes, and all chunks, those included. */
async function peek(source: AsyncIterable<Uint8Array>): Promise<{ first: Buffer; chunks: AsyncIterable<Buffer> }> {
  const iterator = source[Symbol.asyncIterator]();
  const start = await iterator.next();
  const first = start.done ? Buffer.alloc(0) : Buffer.from(start.value);
  async function* chunks(): AsyncGenerator<Buffer> {
    yield first;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield Buffer.from(next.value);
  }
  return { first, chunks: chunks() };
}

/** A version number is no character that hex text could begin with. */
function isBinary(first: Buffer): boolean {
  return first.length > 0 && first[0]! < 0x09;
}

const NO_HEX_DIGIT = /[^0-9a-f]/i;

/** The bytes that a line spells; blanks, `0x` and what follows `#` do not count. */
function bytesOfLine(line: string): Buffer {
  const hex = line.split('#', 1)[0]!.replaceAll(/\s|^0x/gi, '');
  const other = NO_HEX_DIGIT.exec(hex)?.[0];
  if (other !== undefined)
    throw new SyntaxError(`${JSON.stringify(other)} is no hex digit; wanted are ${WANTED}${hintFor(hex)}`);
  if (hex.length % 2 !== 0)
    throw new SyntaxError(
      `these are ${hex.length} hex digits, an odd number: two make a byte, so one is missing or too many`,
    );
  return Buffer.from(hex, 'hex');
}

/** Whoever has JSON here has taken one command for the other. */
function hintFor(text: string): string {
  return text.startsWith('{') ? '; JSON is for signalbox encode' : '';
}

async function decodeHexLines(chunks: AsyncIterable<Buffer>, printer: Printer): Promise<void> {
  let line = 0;
  for await (const text of linesOf(chunks)) {
    line++;
    const place = `line ${line}`;
    try {
      const framer = new Framer();
      framer.push(bytesOfLine(text), (frame) => printer.frame(frame, place));
      if (framer.pendingBytes > 0) printer.problem(place, `the last ${framer.pendingBytes} bytes are no whole message`);
    } catch (error) {
      printer.problem(place, error);
    }
  }
}

async function decodeHexStream(chunks: AsyncIterable<Buffer>, printer: Printer): Promise<void> {
  const framer = new Framer();
  let line = 0;
  for await (const text of linesOf(chunks)) {
    line++;
    if (!pushInto(framer, () => bytesOfLine(text), `line ${line}`, printer)) return;
  }
  if (framer.pendingBytes > 0)
    printer.problem(`line ${line}`, `the last ${framer.pendingBytes} bytes are no whole message`);
}

async function decodeBinary(chunks: AsyncIterable<Buffer>, printer: Printer): Promise<void> {
  const framer = new Framer();
  let bytes = 0;
  for await (const chunk of chunks) {
    if (!pushInto(framer, () => chunk, `byte ${bytes} and on`, printer)) return;
    bytes += chunk.length;
  }
  if (framer.pendingBytes > 0)
    printer.problem(`byte ${bytes}`, `the last ${framer.pendingBytes} bytes are no whole message`);
}

/** False where the stream has lost its rhythm: nothing behind that place can be trusted. */
function pushInto(framer: Framer, bytes: () => Buffer, place: string, printer: Printer): boolean {
  try {
    framer.push(bytes(), (frame) => printer.frame(frame, place));
    return true;
  } catch (error) {
    printer.problem(place, error);
    return false;
  }
}

async function decodeCapture(chunks: AsyncIterable<Buffer>, port: number | undefined, printer: Printer): Promise<void> {
  const tracker = new ConversationTracker(port);
  const reader = new CaptureReader();
  for await (const chunk of chunks) {
    for (const packet of reader.push(chunk)) {
      const place = `packet ${packet.number}`;
      tracker.add(packet, {
        onFrame: (frame, direction) => printer.frame(frame, place, `${direction} `),
        onProblem: (error, direction) => printer.problem(`${place}, ${direction}`, error),
      });
    }
  }
  if (reader.pendingBytes > 0)
    printer.problem('the end of the file', `${reader.pendingBytes} bytes are no whole packet`);
}

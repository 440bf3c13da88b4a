import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateMessage, MESSAGE_NAMES } from '../../../test/support/generate.ts';
import { pcapFile, pcapngFile, segments, tcpFrame } from '../../../test/support/pcap.ts';
import { echoRequest, encode, flowMod, messageToJson } from '../codec/index.ts';
import { decodeCommand, type DecodeOptions } from './decode.ts';
import { encodeCommand } from './encode.ts';
import type { CommandIo } from './io.ts';

interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function run(
  command: (io: CommandIo) => Promise<number>,
  input: string | Buffer,
  chunk = 1000,
): Promise<Outcome> {
  const bytes = Buffer.from(input);
  const outcome = { out: '', err: '' };
  async function* stdin(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  const status = await command({
    stdin: stdin(),
    stdout: { write: (text) => (outcome.out += text) },
    stderr: { write: (text) => (outcome.err += text) },
  });
  return { status, ...outcome };
}

const decodes = (input: string | Buffer, options: DecodeOptions = {}, chunk?: number): Promise<Outcome> =>
  run((io) => decodeCommand(options, io), input, chunk);
const encodes = (input: string): Promise<Outcome> => run((io) => encodeCommand({}, io), input);

const MESSAGES = MESSAGE_NAMES.map((name, i) => generateMessage(name, i + 1));
const BYTES = MESSAGES.map((message) => encode(message));
const JSON_LINES = MESSAGES.map((message) => `${JSON.stringify(messageToJson(message))}\n`).join('');
const STREAM = Buffer.concat(BYTES);

describe('signalbox decode', () => {
  it('prints a JSON line for each line of hex', async () => {
    const hex = BYTES.map((bytes) => `${bytes.toString('hex')}\n`).join('');
    expect(await decodes(hex)).toEqual({ status: 0, out: JSON_LINES, err: '' });
  });

  it('takes several messages on a line, blanks, 0x, capitals and remarks', async () => {
    const echo = encode(echoRequest()).toString('hex');
    const hex = `# two\n\n0x${echo.toUpperCase()} ${echo}  # both\r\n`;
    const { status, out } = await decodes(hex);
    expect([status, out.trim().split('\n').length]).toEqual([0, 2]);
  });

  it('takes a stream in hex, whatever its lines, and in bytes', async () => {
    const hex = STREAM.toString('hex').replaceAll(/(.{62})/g, '$1\n');
    expect(await decodes(hex, { stream: true })).toEqual({ status: 0, out: JSON_LINES, err: '' });
    expect(await decodes(STREAM, {}, 777)).toEqual({ status: 0, out: JSON_LINES, err: '' });
  });

  it.each([
    ['pcap', pcapFile],
    ['big-endian pcap', (frames: readonly Buffer[]) => pcapFile(frames, false)],
    ['pcapng', pcapngFile],
  ])('finds the messages in a %s file', async (_, file) => {
    const frames = segments(STREAM, 333, 0xffffff00); // sequence numbers wrap
    expect(
      await decodes(file([tcpFrame({ seq: 0xfffffeff, payload: Buffer.alloc(0), syn: true }), ...frames])),
    ).toEqual({
      status: 0,
      out: JSON_LINES,
      err: '',
    });
  });

  it('puts captured segments in order, and drops what comes twice', async () => {
    const [first, ...rest] = segments(STREAM, 500, 1000);
    const pairs = rest.flatMap((frame, i) => (i % 2 === 1 ? [frame, rest[i - 1]!] : []));
    const odd = rest.length % 2 === 1 ? [rest.at(-1)!] : [];
    const { out, status } = await decodes(pcapFile([first!, ...pairs, first!, ...odd, ...rest]));
    expect({ out, status }).toEqual({ out: JSON_LINES, status: 0 });
  });

  it('tells in text who said what', async () => {
    const frame = tcpFrame({ seq: 1, payload: encode(flowMod({ xid: 7, priority: 5 })), fromController: true });
    const { out } = await decodes(pcapFile([frame]), { text: true });
    expect(out).toMatch(/^10\.0\.0\.1:6653 > 10\.0\.0\.2:40000 FLOW_MOD xid=7 .*priority=5/);
  });

  it('tells bad lines by number, prints the good ones, and exits with 1', async () => {
    const echo = encode(echoRequest()).toString('hex');
    const { status, out, err } = await decodes(
      `${echo}\n04ff000800000001\nxyz\n${echo}04\n0402000300000000\n${echo}\n`,
    );
    expect([status, out.trim().split('\n').length]).toEqual([1, 3]);
    expect(err.split('\n').map((line) => line.slice(0, 30))).toEqual([
      'line 2: message type 255 is no',
      'line 3: "x" is no hex digit; w',
      'line 4: the last 1 bytes are n',
      'line 5: a message says that it',
      '',
    ]);
  });

  it('exits with 2 where there is nothing to read', async () => {
    const { status, err } = await decodes('', { file: '/nonexistent/file' });
    expect([status, err.slice(0, 24)]).toEqual([2, 'The input cannot be read']);
  });

  it.each([
    [
      'xyz',
      1,
      'line 1: "x" is no hex digit; wanted are OpenFlow messages in hex, one a line, such as 0414000800000001\n',
    ],
    ['{"type":"hello"}', 1, /; JSON is for signalbox encode\n$/],
    ['041', 1, 'line 1: these are 3 hex digits, an odd number: two make a byte, so one is missing or too many\n'],
    ['', 2, /^The input cannot be read: it is empty; wanted are OpenFlow messages in hex, .* or a capture file\n$/],
    ['xyz\n'.repeat(25), 1, /line 20: .*\nand 5 more that are not told here\n$/],
  ])('says what is wrong with %j', async (input, status, sentence) => {
    const outcome = await decodes(input);
    expect(outcome).toMatchObject({ status, out: '' });
    expect(outcome.err).toMatch(sentence);
  });

  it('reads files', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'decode-'));
    try {
      await writeFile(join(dir, 'a.pcap'), pcapFile(segments(STREAM, 1400, 1)));
      expect((await decodes('', { file: join(dir, 'a.pcap') })).out).toBe(JSON_LINES);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

describe('signalbox encode', () => {
  it('prints the bytes that were decoded', async () => {
    const hex = BYTES.map((bytes) => `${bytes.toString('hex')}\n`).join('');
    expect(await encodes(JSON_LINES)).toEqual({ status: 0, out: hex, err: '' });
  });

  it('tells bad lines by number, field and rule', async () => {
    const good = JSON.stringify(messageToJson(echoRequest()));
    const { status, out, err } = await encodes(
      `${good}\n{"type":"echo_request"}\n{]\n{"type":"nonsense"}\n{"type":"role_request","role":9,"generation_id":"0x1"}\n`,
    );
    expect([status, out.trim().split('\n').length]).toEqual([1, 1]);
    expect(err).toMatch(
      /^line 2: echoRequest\.data is undefined, but it must be present\nline 3: this is no JSON .*\nline 4: type is "nonsense"/,
    );
    expect(err).toMatch(/\nline 5: roleRequest\.role is 9, but it must be one of 0, 1, 2, 3\n$/);
  });

  it.each([
    [
      '{}',
      1,
      /^line 1: this has no "type"; .*\{"type": "barrier_request", "xid": 1\}\. The types are hello, .*flow_mod/,
    ],
    ['[]', 1, /^line 1: this has no "type"/],
    ['null', 1, /^line 1: this has no "type"/],
    ['{"type":3}', 1, /^line 1: this has no "type"/],
    ['{"type":"flowmod"}', 1, /^line 1: type is "flowmod", which no message has: did you mean "flow_mod"\?\n$/],
    ['{"type":"nonsense"}', 1, /^line 1: type is "nonsense", which no message has: the types are hello, error, /],
    ['0414000800000001', 1, /^line 1: this is no JSON .*; hex is for signalbox decode\n$/],
    ['hello', 1, /^line 1: this is no JSON .*; wanted are OpenFlow messages in JSON, one a line, such as/],
    ['', 2, /^The input cannot be read: it is empty; wanted are OpenFlow messages in JSON/],
    [' \n\n', 2, /^The input cannot be read: it is empty/],
  ])('says what is wrong with %j', async (input, status, sentence) => {
    const outcome = await encodes(input);
    expect(outcome).toMatchObject({ status, out: '' });
    expect(outcome.err).toMatch(sentence);
  });
});

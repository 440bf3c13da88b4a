/** Wireshark's dissector reads our messages as we meant them: each number that we write, it shows, with the same width. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect } from 'vitest';
import * as of from '../../src/openflow/codec/internals.ts';
import { fieldValue, generateMessage, MESSAGE_NAMES } from '../support/generate.ts';
import { pcapFile, tcpFrame } from '../support/pcap.ts';
import { seededRandom } from '../support/random.ts';
import { hasTshark, withTshark } from '../support/tools.ts';

const run = promisify(execFile);
const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1);
const OUTPUT_BYTES_MAX = 512 * 1024 * 1024;
/** Messages whose bodies tshark does not know; of the OXM fields it knows those of the spec. */
const OPAQUE = /^(experimenter|bundle|flowMonitor|setControllerId|setPacketInFormat)|(flowMonitor|experimenter)$/;
/** Smaller numbers stand everywhere, and prove nothing. */
const TELLING = 256n;

/** What tshark makes of each message: its PDML, one text a message. */
async function dissect(messages: readonly of.Message[]): Promise<string[]> {
  const dir = await mkdtemp(join(tmpdir(), 'tshark-'));
  try {
    let seq = 1;
    const frames = messages.map((message) => {
      const payload = of.encode(message);
      seq += payload.length;
      return tcpFrame({ seq: seq - payload.length, payload });
    });
    await writeFile(join(dir, 'all.pcap'), pcapFile(frames));
    const { stdout } = await run('tshark', ['-r', join(dir, 'all.pcap'), '-T', 'pdml'], {
      maxBuffer: OUTPUT_BYTES_MAX,
    });
    return stdout.split('<packet>').slice(1);
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** Random bytes in place of packets and failed requests are dissected too, and malformed: no concern of ours. */
function withoutPayload(message: of.Message): of.Message {
  if (message.type === 'error') return { ...message, data: of.encode(of.echoRequest()) };
  return 'data' in message ? { ...message, data: Buffer.alloc(0) } : message;
}

/** The values that tshark shows, in hex without leading zeros. */
function shownValues(pdml: string): Set<string> {
  const values = [...pdml.matchAll(/<field [^>]*?value="([0-9a-f]+)"/g)].map((match) =>
    match[1]!.replace(/^0+(?=.)/, ''),
  );
  const masked = [...pdml.matchAll(/<field [^>]*?unmaskedvalue="([0-9a-f]+)"/g)].map((match) =>
    match[1]!.replace(/^0+(?=.)/, ''),
  );
  return new Set([...values, ...masked]);
}

/** Every number in a value, but for what lies in opaque parts. */
function numbersIn(value: unknown): bigint[] {
  if (typeof value === 'bigint') return [value];
  if (typeof value === 'number') return [BigInt(value)];
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(numbersIn);
  if (isOpaque(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => (isExtensionField(key) ? [] : numbersIn(inner)));
}

const nicira = new Set(
  Object.values(of.ACTIONS)
    .filter((codec) => codec.experimenter)
    .map((codec) => codec.type as string),
);
const extensionFields = new Set(
  of.OXM_FIELDS.filter((field) => field.oxmClass !== 0x8000 || field.code > 39).map((field) => field.name as string),
);

function isExtensionField(key: string): boolean {
  return extensionFields.has(key) || key.startsWith('oxm:');
}

/** What tshark does not look into: Nicira's actions, experimenters' things, masked set-fields, unknown queue properties. */
function isOpaque(value: object): boolean {
  const { type, field } = value as { type?: string; field?: unknown };
  if (type === 'setField' && typeof field === 'object')
    return Object.values(field as object).some((one) => typeof one === 'object');
  return type !== undefined && (nicira.has(type) || type === 'other' || type.startsWith('experimenter'));
}

const names = MESSAGE_NAMES.filter((name) => !OPAQUE.test(name));
const messages = names.flatMap((name) =>
  SEEDS.map((seed) => withoutExperimenterBands(withoutPayload(generateMessage(name, seed)))),
);

/** tshark takes the length of an experimenter's meter band for 16 bytes less than it is, and loses its way. */
function withoutExperimenterBands<T>(value: T): T {
  if (Array.isArray(value))
    return value
      .filter(
        (one: { burstSize?: number; experimenter?: number }) =>
          one?.burstSize === undefined || one.experimenter === undefined,
      )
      .map(withoutExperimenterBands) as T;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withoutExperimenterBands(inner as unknown)]),
  ) as T;
}
const basicFields = of.OXM_FIELDS.filter((field) => !extensionFields.has(field.name));
const fieldMatches = basicFields.map((field) => {
  const random = seededRandom(field.index + 9);
  return of.flowMod({
    instructions: [],
    match: { ...contextOf(field), [field.name]: fieldValue(field, random, false) },
  });
});

function contextOf(field: of.OxmField): of.Match {
  if (!field.needs) return {};
  const needed = of.OXM_FIELDS.find((candidate) => candidate.name === field.needs!.field)!;
  return { ...contextOf(needed), [needed.name]: field.needs.values[0] ?? 0x1001 };
}

let dissected: readonly string[] = [];
let dissectedFields: readonly string[] = [];

beforeAll(async () => {
  if (!hasTshark) return;
  dissected = await dissect(messages);
  dissectedFields = await dissect(fieldMatches);
});

describe.each(names.map((name, i) => [name, i] as const))('%s', (_, i) => {
  withTshark('is dissected with all its numbers', () => {
    SEEDS.forEach((_seed, k) => {
      const message = messages[i * SEEDS.length + k]!;
      const pdml = dissected[i * SEEDS.length + k]!;
      expect(pdml.includes('_ws.malformed')).toBe(false);
      if (message.type === 'hello' && message.version !== 4) return; // another version's dissector
      expect(pdml).toContain(`name="openflow_v4.xid" showname="Transaction ID: ${message.xid}"`);
      const shown = shownValues(pdml);
      const missing = numbersIn(message).filter((value) => value >= TELLING && !shown.has(value.toString(16)));
      expect(missing.map((value) => `0x${value.toString(16)}`)).toEqual([]);
    });
  });
});

describe('OXM fields', () => {
  basicFields.forEach((field, i) => {
    withTshark(`${field.snakeName} is known by its number`, () => {
      const pdml = dissectedFields[i]!;
      expect(pdml.includes('_ws.malformed')).toBe(false);
      const fields = [...pdml.matchAll(/OFPXMT_OF[BP]_(\w+) \((\d+)\)/g)].map((match) => [
        match[1]!.toLowerCase(),
        Number(match[2]),
      ]);
      expect(fields).toContainEqual([field.snakeName, field.code]);
    });
  });
});

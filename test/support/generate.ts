/**
 * Valid messages of every type, made up from a seed. What a structure holds is read from the codec's own layouts, so a
 * message or field added there is generated here at once; only what has rules of its own is spelt out below.
 */
import {
  ACTIONS,
  type Action,
  type Instruction,
  INSTRUCTIONS,
  type Match,
  type Message,
  MESSAGES,
  MULTIPARTS,
  OXM_FIELDS,
} from '../../src/openflow/codec/internals.ts';
import type { Kind, OxmField } from '../../src/openflow/codec/internals.ts';
import { type Random, seededRandom } from './random.ts';

type Value = number | bigint;
const LIST_MAX = 4;
const NESTING_MAX = 2;

/** The names of all messages, each kind of multipart by itself: `multipartReply flow`. */
export const MESSAGE_NAMES: readonly string[] = Object.keys(MESSAGES)
  .toSorted()
  .flatMap((type) =>
    type.startsWith('multipart')
      ? Object.keys(MULTIPARTS)
          .toSorted()
          .map((kind) => `${type} ${kind}`)
      : [type],
  );

/** A valid message of that name. */
export function generateMessage(name: string, seed: number): Message {
  const random = seededRandom(seed);
  const xid = random.int(2 ** 32);
  const [type, kind] = name.split(' ') as [keyof typeof MESSAGES, keyof typeof MULTIPARTS | undefined];
  if (kind !== undefined) {
    const side = type === 'multipartRequest' ? 'request' : 'reply';
    return { type, xid, kind, more: random.oneIn(2), body: valueOf(MULTIPARTS[kind][side].kind, random) } as Message;
  }
  const special = SPECIAL_MESSAGES[type];
  if (special) return { type, xid, ...special(random, xid) } as Message;
  return { type, xid, ...(valueOf(MESSAGES[type].kind, random) as object) } as Message;
}

const SPECIAL_MESSAGES: Partial<Record<string, (random: Random, xid: number) => object>> = {
  hello: (random) => ({
    version: random.pick([1, 4, 6]),
    ...(random.oneIn(2) && { versions: [1, 4] }),
    ...(random.oneIn(4) && { elements: [{ elementType: 7, data: random.bytes(random.int(9)) }] }),
  }),
  error(random) {
    const errorType = random.pick([0, 1, 4, 5, 0xffff, random.int(0x10000)]);
    const code = random.int(16);
    const data = random.bytes(random.int(80));
    return errorType === 0xffff
      ? { errorType, code, experimenter: random.int(2 ** 32), data }
      : { errorType, code, data };
  },
  bundleAdd(random, xid) {
    const name = random.pick(['flowMod', 'groupMod', 'portMod', 'packetOut']);
    const message = { ...generateMessage(name, random.int(2 ** 32)), xid };
    return {
      bundleId: random.int(2 ** 32),
      flags: random.int(4),
      message,
      ...(random.oneIn(2) && { properties: random.bytes(8) }),
    };
  },
  experimenter: (random) => ({
    experimenter: 0x00abcd00 + random.int(256),
    expType: random.int(2 ** 32),
    data: random.bytes(random.int(30)),
  }),
};

function valueOf(kind: Kind, random: Random): unknown {
  switch (kind.kind) {
    case 'uint':
      return kind.among ? random.pick(kind.among) : someNumber(kind.bits, random);
    case 'wide':
      return someBigint(kind.bits, random);
    case 'bytes':
      return random.bytes(random.oneIn(3) ? 0 : 8 * random.int(9));
    case 'text':
      return random.pick(['', 'eth0', 'größe', 's1-eth1'].filter((text) => text.length < kind.length - 3));
    case 'list':
      return Array.from({ length: kind.length ?? random.int(LIST_MAX) }, () => valueOf(kind.of.kind, random));
    case 'struct':
      return Object.fromEntries(
        Object.entries(kind.fields)
          .filter(([, field]) => !field.optional || random.oneIn(2))
          .map(([name, field]) => [name, field.optional ? random.bytes(8) : valueOf(field.kind, random)]),
      );
    case 'tagged': {
      const type = random.pick(Object.keys(kind.variants));
      const other = type === 'other' ? { wireType: 100 + random.int(100) } : {};
      return { type, ...other, ...(valueOf(kind.variants[type]!.kind, random) as object) };
    }
    case 'constant':
      return kind.value;
    default:
      return specialValue(kind.name, random);
  }
}

function specialValue(name: string, random: Random): unknown {
  const special = SPECIAL_VALUES[name];
  if (!special) throw new Error(`the generator does not know how to make "${name}"; teach it in ${import.meta.url}`);
  return special(random);
}

const SPECIAL_VALUES: Readonly<Record<string, (random: Random) => unknown>> = {
  ruleMatch: someMatch,
  packetMatch: someMatch,
  actions: (random) => someActions(random, 0),
  instructions: someInstructions,
  featureId: (random) =>
    random.oneIn(5) ? { experimenter: random.int(2 ** 32), data: random.bytes(0) } : random.int(28),
  oxmId(random) {
    const field = random.pick(OXM_FIELDS);
    return { field: field.name, masked: field.maskable && random.oneIn(2) };
  },
  subfield: someSubfield,
  ctZone: (random) => (random.oneIn(2) ? random.int(65536) : { field: 'reg3', offset: random.int(16), bits: 16 }),
  learnSpecs: (random) =>
    Array.from({ length: random.int(3) }, () => {
      const bits = 1 + random.int(32);
      const src = random.oneIn(2) ? { field: 'reg1', offset: 0, bits } : { value: BigInt(random.int(2 ** bits)), bits };
      const dst = { field: 'reg2', offset: 0, bits };
      return random.oneIn(3) && 'field' in src
        ? { type: 'output', src }
        : { type: random.pick(['match', 'load']), src, dst };
    }),
};

function someSubfield(random: Random): object {
  const bits = 1 + random.int(32);
  return { field: `reg${random.int(16)}`, offset: random.int(33 - bits), bits };
}

/** Edges as often as middles. */
function someNumber(bits: number, random: Random): number {
  const max = 2 ** bits - 1;
  return random.pick([0, 1, max, random.int(max), random.int(Math.min(max, 256))]);
}

function someBigint(bits: number, random: Random): bigint {
  let value = 0n;
  for (let i = 0; i < bits; i += 32) value = (value << 32n) | BigInt(random.int(2 ** 32));
  return random.pick([0n, 1n, (1n << BigInt(bits)) - 1n, value, value >> BigInt(bits - 20)]);
}

/** Sets of values that satisfy all prerequisites together. */
const BASES: readonly Match[] = [
  {},
  { inPort: 1 },
  { ethType: 0x0800, ipProto: 6 },
  { ethType: 0x0800, ipProto: 17 },
  { ethType: 0x0800, ipProto: 132 },
  { ethType: 0x0800, ipProto: 1 },
  { ethType: 0x86dd, ipProto: 6 },
  { ethType: 0x86dd, ipProto: 58, icmpv6Type: 135 },
  { ethType: 0x86dd, ipProto: 58, icmpv6Type: 136 },
  { ethType: 0x0806 },
  { ethType: 0x8847 },
  { ethType: 0x88e7 },
  { ethType: 0x894f },
  { vlanVid: 0x1064 },
  { vlanVid: { value: 0x1000, mask: 0x1000 }, ethType: 0x0800 },
];

/** A match with its prerequisites, of any fields that go together. */
export function someMatch(random: Random): Match {
  const match: Record<string, unknown> = { ...random.pick(BASES) };
  for (let i = random.int(6); i > 0; i--) {
    const field = random.pick(OXM_FIELDS);
    if (match[field.name] === undefined && fits(field, match)) match[field.name] = fieldValue(field, random);
  }
  if (random.oneIn(12)) match['oxm:0001fe04'] = random.bytes(4);
  if (random.oneIn(12)) match['oxm:ffff020800abcdef'] = random.bytes(4);
  return match as Match;
}

function fits(field: OxmField, match: Readonly<Record<string, unknown>>): boolean {
  if (field.name === 'vlanVid' || field.name === 'ethType' || field.name === 'ipProto' || field.name === 'icmpv6Type')
    return false;
  if (!field.needs) return true;
  const found = match[field.needs.field];
  return field.needs.values.length === 0 ? found !== undefined : field.needs.values.includes(found as number);
}

/** A value of a field, with a mask now and then where it takes one. */
export function fieldValue(
  field: OxmField,
  random: Random,
  maskable = field.maskable,
): Value | { value: Value; mask: Value } {
  const some = (): Value => (field.bytes > 6 ? someBigint(field.bits, random) : someNumber(field.bits, random));
  const value = some();
  if (!maskable || !random.oneIn(3)) return value;
  const mask = some();
  const kept = BigInt(value) & BigInt(mask);
  return { value: typeof value === 'bigint' ? kept : Number(kept), mask };
}

const ACTION_TYPES = Object.keys(ACTIONS).toSorted() as Action['type'][];

function someActions(random: Random, depth: number): Action[] {
  return Array.from({ length: random.int(LIST_MAX) }, () => someAction(random.pick(ACTION_TYPES), random, depth));
}

/** A valid action of that type. */
export function someAction(type: Action['type'], random: Random, depth = 0): Action {
  switch (type) {
    case 'output':
      return random.oneIn(2)
        ? { type, port: 1 + random.int(100) }
        : { type, port: 0xfffffffd, maxLen: random.int(65535) };
    case 'setField':
    case 'loadField': {
      const field = random.pick(OXM_FIELDS);
      return {
        type,
        field: { [field.name]: fieldValue(field, random, type === 'setField' && field.maskable) } as unknown as Match,
      };
    }
    case 'move': {
      const bits = 1 + random.int(16);
      return { type, src: { field: 'reg0', offset: 3, bits }, dst: { field: 'ethDst', offset: random.int(32), bits } };
    }
    case 'controllerUserdata':
      return {
        type,
        userdata: random.bytes(random.int(20)),
        ...(random.oneIn(2) && { pause: true }),
        ...(random.oneIn(2) && { meterId: 5 }),
      };
    case 'nat':
      return {
        type,
        flags: 1,
        ...(random.oneIn(2) && { ipv4Min: 1, ipv4Max: 5, portMin: 80 }),
        ...(random.oneIn(3) && { ipv6Min: 1n }),
      };
    case 'note':
      return { type, data: random.bytes(6 + 8 * random.int(3)) };
    case 'ct':
    case 'clone': {
      const actions = depth < NESTING_MAX ? someActions(random, depth + 1) : [];
      return type === 'clone'
        ? { type, actions }
        : { type, flags: random.int(4), zone: 7, recircTable: random.int(256), alg: 0, actions };
    }
    default:
      return { type, ...(valueOf(ACTIONS[type].kind, random) as object) } as Action;
  }
}

function someInstructions(random: Random): Instruction[] {
  const types = (Object.keys(INSTRUCTIONS) as Instruction['type'][]).filter(() => random.oneIn(3));
  return types.map((type) => ({ type, ...(valueOf(INSTRUCTIONS[type].kind, random) as object) }) as Instruction);
}

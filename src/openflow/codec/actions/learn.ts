/** The learn action: a packet adds a flow (ovs-actions(7)). Its variant with a limit passes as unknown. */
import { OFPAT } from '../constants/flows.ts';
import { EXPERIMENTER_ID } from '../constants/header.ts';
import * as formats from '../json/formats.ts';
import { asList, asObject, asText, type Json, onlyKeys } from '../json/json.ts';
import { parseSubfield, readSubfield, subfieldText, writeSubfield } from '../oxm/subfield.ts';
import type { Learn, LearnSource, LearnSpec } from '../ovs-action-types.ts';
import { DecodeError, EncodeError, REFUSE } from '../wire/errors.ts';
import { type Field, u16, u64, u8 } from '../wire/fields.ts';
import type { Reader } from '../wire/reader.ts';
import { pad } from '../wire/struct.ts';
import type { Writer } from '../wire/writer.ts';
import { action } from './codec.ts';

const BITS_MASK = 0x7ff;
const IMMEDIATE = 1 << 13;
const KINDS = ['match', 'load', 'output'] as const;
const KNOWN_BITS = BITS_MASK | IMMEDIATE | (3 << 11);

function readSource(reader: Reader, bits: number, immediate: boolean): LearnSource {
  if (!immediate) return readSubfield(reader, bits);
  let value = 0n;
  for (let words = Math.ceil(bits / 16); words > 0; words--) value = (value << 16n) | BigInt(reader.u16());
  return { value, bits };
}

function writeSource(writer: Writer, source: LearnSource): void {
  if ('field' in source) return writeSubfield(writer, source, 'src');
  const { value, bits } = source;
  if (typeof value !== 'bigint' || value < 0n || value >> BigInt(16 * Math.ceil(bits / 16)) !== 0n) {
    throw new EncodeError('src', value, `a bigint of ${bits} bits`);
  }
  for (let word = Math.ceil(bits / 16) - 1; word >= 0; word--) {
    writer.u16(Number((value >> BigInt(16 * word)) & 0xffffn), 'src');
  }
}

function readSpec(reader: Reader, header: number, at: number): LearnSpec {
  const bits = header & BITS_MASK;
  const type = KINDS[(header >>> 11) & 3];
  if (type === undefined || (header & ~KNOWN_BITS) !== 0 || bits === 0) {
    throw new DecodeError('badValue', at, `a learn spec begins with 0x${header.toString(16)}`, REFUSE.actionArgument);
  }
  const src = readSource(reader, bits, (header & IMMEDIATE) !== 0);
  return type === 'output' ? { type, src } : { type, src, dst: readSubfield(reader, bits) };
}

function writeSpec(writer: Writer, spec: LearnSpec): void {
  const bits = spec?.src?.bits;
  const type = KINDS.indexOf(spec?.type);
  if (type < 0) throw new EncodeError('specs', spec, `of a type among ${KINDS.join(', ')}`);
  if (!Number.isInteger(bits) || bits < 1 || bits > BITS_MASK)
    throw new EncodeError('src', spec.src, 'at least one bit wide');
  if (spec.type !== 'output' && spec.dst?.bits !== bits)
    throw new EncodeError('dst', spec.dst, `${bits} bits wide, as its source`);
  writer.u16(bits | (type << 11) | ('field' in spec.src ? 0 : IMMEDIATE), 'specs');
  writeSource(writer, spec.src);
  if (spec.type !== 'output') writeSubfield(writer, spec.dst, 'dst');
}

const specJson = {
  toJson(spec: LearnSpec): Json {
    const { src } = spec;
    const source = 'field' in src ? subfieldText(src) : { value: formats.hexWide.toJson(src.value), bits: src.bits };
    return spec.type === 'output'
      ? { type: spec.type, src: source }
      : { type: spec.type, src: source, dst: subfieldText(spec.dst) };
  },
  fromJson(json: Json, where: string): LearnSpec {
    const object = asObject(json, where);
    onlyKeys(object, ['type', 'src', 'dst'], where);
    const type = KINDS.find((kind) => kind === asText(object['type'], `${where}.type`));
    if (!type) throw new EncodeError(`${where}.type`, object['type'], `one of ${KINDS.join(', ')}`);
    const src = sourceFromJson(object['src'] ?? null, `${where}.src`);
    return type === 'output' ? { type, src } : { type, src, dst: parseSubfield(object['dst'] ?? null, `${where}.dst`) };
  },
};

function sourceFromJson(json: Json, where: string): LearnSource {
  if (typeof json === 'string') return parseSubfield(json, where);
  const { value, bits } = asObject(json, where);
  return {
    value: formats.hexWide.fromJson(value ?? null, `${where}.value`),
    bits: formats.decimal.fromJson(bits ?? null, `${where}.bits`),
  };
}

/** Specs up to the end of the action; a zero ends them early, and then only padding may follow. */
const specs: Field<readonly LearnSpec[]> = {
  read(reader) {
    const list: LearnSpec[] = [];
    while (reader.remaining >= 2) {
      const at = reader.pos;
      const header = reader.u16();
      if (header === 0) break;
      list.push(readSpec(reader, header, at));
    }
    if (reader.remaining < 8) reader.pos = reader.end;
    return list;
  },
  write(writer, list, name) {
    if (!Array.isArray(list)) throw new EncodeError(name, list, 'a list of learn specs');
    for (const spec of list as readonly LearnSpec[]) writeSpec(writer, spec);
  },
  toJson: (list) => list.map((spec) => specJson.toJson(spec)),
  fromJson: (json, where) => asList(json, where).map((spec, i) => specJson.fromJson(spec, `${where}[${i}]`)),
  kind: { kind: 'special', name: 'learnSpecs' },
};

export const learn = action<Learn>(
  'learn',
  OFPAT.EXPERIMENTER,
  {
    idleTimeout: u16(),
    hardTimeout: u16(),
    priority: u16(),
    cookie: u64(formats.hexWide),
    flags: u16(formats.flags({ send_flow_rem: 1, delete_learned: 2 })),
    tableId: u8(),
    _pad: pad(1),
    finIdleTimeout: u16(),
    finHardTimeout: u16(),
    specs,
  },
  { id: EXPERIMENTER_ID.NICIRA, subtype: 16 },
);

/** Lists of actions: bytes both ways and JSON both ways (OpenFlow 1.3.5 section 7.2.5). */
import type { Action } from '../action-types.ts';
import { OFPBAC, OFPET } from '../constants/errors.ts';
import { OFPAT } from '../constants/flows.ts';
import { asList, asObject, camelCase, type Json, snakeCase } from '../json/json.ts';
import { DecodeError, EncodeError, REFUSE } from '../wire/errors.ts';
import type { Field } from '../wire/fields.ts';
import type { Reader } from '../wire/reader.ts';
import type { Writer } from '../wire/writer.ts';
import { ACTIONS, actionByName, actionByVendor, actionByWireType } from './registry.ts';
import type { ActionCodec } from './codec.ts';

const ACTION_LEN_MIN = 8;
const BAD_TYPE = { errorType: OFPET.BAD_ACTION, code: OFPBAC.BAD_TYPE };

/** Reads actions up to the reader's end. */
export function readActions(reader: Reader): readonly Action[] {
  const actions: Action[] = [];
  while (reader.pos < reader.end) actions.push(readAction(reader));
  return actions;
}

function readAction(reader: Reader): Action {
  const at = reader.pos;
  reader.need(ACTION_LEN_MIN, REFUSE.actionLength);
  const wireType = reader.u16();
  const length = reader.u16();
  if (length < ACTION_LEN_MIN || (length & 7) !== 0 || length - 4 > reader.remaining) {
    const sentence = `an action is ${length} bytes long, which is no multiple of 8 that fits the ${reader.remaining + 4} bytes left`;
    throw new DecodeError('badLength', at + 2, sentence, REFUSE.actionLength);
  }
  const outer = reader.enter(length - 4, REFUSE.actionLength);
  const action = codecAt(reader, wireType, at).read(reader);
  reader.leave(outer, REFUSE.actionLength);
  return action;
}

/** The codec for the action whose body the reader has reached; skips what names a known experimenter's action. */
function codecAt(reader: Reader, wireType: number, at: number): ActionCodec {
  if (wireType === OFPAT.EXPERIMENTER) return vendorCodecAt(reader);
  const codec = actionByWireType(wireType);
  if (!codec) throw new DecodeError('unknownType', at, `action type ${wireType} is not known`, BAD_TYPE);
  return codec;
}

function vendorCodecAt(reader: Reader): ActionCodec {
  const start = reader.pos;
  const id = reader.u32();
  const codec = reader.remaining >= 2 ? actionByVendor(id, reader.u16()) : undefined;
  if (codec) return codec;
  reader.pos = start;
  return ACTIONS.experimenter;
}

export function writeActions(writer: Writer, actions: readonly Action[], name: string): void {
  if (!Array.isArray(actions)) throw new EncodeError(name, actions, 'a list of actions');
  for (let i = 0; i < actions.length; i++) {
    try {
      writeAction(writer, actions[i] as Action);
    } catch (error) {
      throw error instanceof EncodeError ? error.within(`${name}[${i}]`) : error;
    }
  }
}

function writeAction(writer: Writer, action: Action): void {
  const codec = actionByName(action.type);
  if (!codec) throw new EncodeError('type', action.type, 'the name of an action');
  const start = writer.length;
  writer.u16(codec.wireType, 'type');
  writer.u16(0, 'length');
  if (codec.experimenter) {
    writer.u32(codec.experimenter.id, 'experimenter');
    writer.u16(codec.experimenter.subtype, 'subtype');
  }
  codec.write(writer, action);
  writer.padTo8(start);
  const length = writer.length - start;
  if (length > 0xffff) throw new EncodeError(action.type, `${length} bytes`, 'at most 65535 bytes long');
  writer.patchU16(start + 2, length);
}

/** `[{ "set_field": { "eth_dst": "…" } }, { "output": 3 }]`; an action without arguments has an empty object. */
export function actionsToJson(actions: readonly Action[]): Json[] {
  return actions.map((action) => ({ [snakeCase(action.type)]: actionByName(action.type)!.toJson(action) }));
}

/**
 * The actions that `actionsToJson` would write so; a bare name stands for an action without arguments.
 * @throws EncodeError naming the place, the value and what it must be.
 */
export function actionsFromJson(json: Json, where = 'actions'): Action[] {
  return asList(json, where).map((entry, i) => actionFromJson(entry, `${where}[${i}]`));
}

function actionFromJson(json: Json, where: string): Action {
  const entries = typeof json === 'string' ? [[json, null] as const] : Object.entries(asObject(json, where));
  const [entry] = entries;
  if (!entry || entries.length !== 1)
    throw new EncodeError(where, json, 'an object with one key, the name of an action');
  const codec = actionByName(camelCase(entry[0]));
  if (!codec) throw new EncodeError(`${where}.${entry[0]}`, entry[1], 'absent: no action has this name');
  return codec.fromJson(entry[1], `${where}.${entry[0]}`);
}

/** Actions up to the end of the structure. */
export const restActions: Field<readonly Action[]> = {
  read: readActions,
  write: writeActions,
  toJson: actionsToJson,
  fromJson: actionsFromJson,
  kind: { kind: 'special', name: 'actions' },
};

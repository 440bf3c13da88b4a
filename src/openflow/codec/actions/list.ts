/** Lists of actions: bytes both ways and JSON both ways (OpenFlow 1.3.5 section 7.2.5). */
import type { Action } from '../action-types.ts';
import { OFPBAC, OFPET } from '../constants/errors.ts';
import { OFPAT } from '../constants/flows.ts';
import { asList, asObject, camelCase, type Json, snakeCase } from '../json/json.ts';
import { DecodeError, EncodeError, REFUSE } from '../wire/errors.ts';
import type { Field } from '../wire/fields.ts';
import type { Reader } from '../wire/reader.ts';
import { patchLength } from '../wire/struct.ts';
import type { Writer } from '../wire/writer.ts';
import type { ActionCodec } from './codec.ts';

const ACTION_LEN_MIN = 8;
const TOO_MANY = { errorType: OFPET.BAD_ACTION, code: OFPBAC.TOO_MANY };
const BAD_TYPE = { errorType: OFPET.BAD_ACTION, code: OFPBAC.BAD_TYPE };

/** Where a list finds the codecs of its actions. */
export interface ActionLookup {
  byWireType(wireType: number): ActionCodec | undefined;
  byVendor(id: number, subtype: number): ActionCodec | undefined;
  byName(type: string): ActionCodec | undefined;
}

/** Actions within actions go no deeper: a frame full of nested clones must not exhaust the stack. */
const NESTING_MAX = 32;

/** Actions up to the end of the structure. */
export function actionList(lookup: ActionLookup): Field<readonly Action[]> {
  return {
    read: (reader) => readActions(lookup, reader),
    write: (writer, actions, name) => writeActions(lookup, writer, actions, name),
    toJson: (actions) =>
      actions.map((action) => ({ [snakeCase(action.type)]: lookup.byName(action.type)!.toJson(action) })),
    fromJson: (json, where) => asList(json, where).map((entry, i) => actionFromJson(lookup, entry, `${where}[${i}]`)),
    kind: { kind: 'special', name: 'actions' },
  };
}

function readActions(lookup: ActionLookup, reader: Reader): readonly Action[] {
  if (++reader.depth > NESTING_MAX) {
    throw new DecodeError('badLength', reader.pos, `actions are nested more than ${NESTING_MAX} deep`, TOO_MANY);
  }
  const outer = reader.refusal;
  reader.refusal = REFUSE.actionLength;
  const actions: Action[] = [];
  while (reader.pos < reader.end) actions.push(readAction(lookup, reader));
  reader.refusal = outer;
  reader.depth--;
  return actions;
}

function readAction(lookup: ActionLookup, reader: Reader): Action {
  const at = reader.pos;
  reader.need(ACTION_LEN_MIN);
  const wireType = reader.u16();
  const length = reader.u16();
  if (length < ACTION_LEN_MIN || (length & 7) !== 0 || length - 4 > reader.end - reader.pos) {
    const sentence = `an action is ${length} bytes long, which is no multiple of 8 that fits the ${reader.remaining + 4} bytes left`;
    throw new DecodeError('badLength', at + 2, sentence, REFUSE.actionLength);
  }
  const outer = reader.end;
  reader.end = at + length;
  const codec = wireType === OFPAT.EXPERIMENTER ? vendorCodecAt(lookup, reader) : lookup.byWireType(wireType);
  if (!codec) throw new DecodeError('unknownType', at, `action type ${wireType} is not known`, BAD_TYPE);
  const action = codec.read(reader);
  reader.leave(outer, REFUSE.actionLength);
  return action;
}

/** The codec for an experimenter's action; skips its ids where they are known. */
function vendorCodecAt(lookup: ActionLookup, reader: Reader): ActionCodec | undefined {
  const start = reader.pos;
  const id = reader.u32();
  const codec = reader.remaining >= 2 ? lookup.byVendor(id, reader.u16()) : undefined;
  if (codec) return codec;
  reader.pos = start;
  return lookup.byName('experimenter');
}

function writeActions(lookup: ActionLookup, writer: Writer, actions: readonly Action[], name: string): void {
  if (!Array.isArray(actions)) throw new EncodeError(name, actions, 'a list of actions');
  if (++writer.depth > NESTING_MAX) throw new EncodeError(name, actions, `nested at most ${NESTING_MAX} deep`);
  try {
    for (let i = 0; i < actions.length; i++) writeOne(lookup, writer, actions[i] as Action, name, i);
  } finally {
    writer.depth--;
  }
}

function writeOne(lookup: ActionLookup, writer: Writer, action: Action, name: string, i: number): void {
  try {
    writeAction(lookup, writer, action);
  } catch (error) {
    throw error instanceof EncodeError ? error.within(`${name}[${i}]`) : error;
  }
}

function writeAction(lookup: ActionLookup, writer: Writer, action: Action): void {
  const codec = typeof action === 'object' && action !== null ? lookup.byName(action.type) : undefined;
  if (!codec) throw new EncodeError('type', action, 'an object with the name of an action');
  const start = writer.length;
  writer.u16(codec.wireType, 'type');
  writer.u16(0, 'length');
  if (codec.experimenter) {
    writer.u32(codec.experimenter.id, 'experimenter');
    writer.u16(codec.experimenter.subtype, 'subtype');
  }
  codec.write(writer, action);
  writer.padTo8(start);
  patchLength(writer, start + 2, writer.length - start, action.type);
}

function actionFromJson(lookup: ActionLookup, json: Json, where: string): Action {
  const entries = typeof json === 'string' ? [[json, null] as const] : Object.entries(asObject(json, where));
  const [entry] = entries;
  if (!entry || entries.length !== 1)
    throw new EncodeError(where, json, 'an object with one key, the name of an action');
  const codec = lookup.byName(camelCase(entry[0]));
  if (!codec) throw new EncodeError(`${where}.${entry[0]}`, entry[1], 'absent: no action has this name');
  return codec.fromJson(entry[1], `${where}.${entry[0]}`);
}

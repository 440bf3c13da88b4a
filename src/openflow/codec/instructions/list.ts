/** Lists of instructions: bytes both ways and JSON both ways (OpenFlow 1.3.5 section 7.2.4). */
import type { Instruction } from '../action-types.ts';
import { OFPBIC, OFPET } from '../constants/errors.ts';
import { asList, asObject, camelCase, type Json, snakeCase } from '../json/json.ts';
import { DecodeError, EncodeError, REFUSE } from '../wire/errors.ts';
import type { Field } from '../wire/fields.ts';
import type { Reader } from '../wire/reader.ts';
import type { Writer } from '../wire/writer.ts';
import { instructionByName, instructionByWireType } from './registry.ts';

const INSTRUCTION_LEN_MIN = 8;
const UNKNOWN_INST = { errorType: OFPET.BAD_INSTRUCTION, code: OFPBIC.UNKNOWN_INST };

/** Reads instructions up to the reader's end. */
function readInstructions(reader: Reader): readonly Instruction[] {
  const instructions: Instruction[] = [];
  while (reader.pos < reader.end) instructions.push(readInstruction(reader));
  return instructions;
}

function readInstruction(reader: Reader): Instruction {
  const at = reader.pos;
  reader.need(INSTRUCTION_LEN_MIN, REFUSE.instructionLength);
  const wireType = reader.u16();
  const length = reader.u16();
  if (length < INSTRUCTION_LEN_MIN || (length & 7) !== 0 || length - 4 > reader.remaining) {
    const sentence = `an instruction is ${length} bytes long, which is no multiple of 8 that fits the ${reader.remaining + 4} bytes left`;
    throw new DecodeError('badLength', at + 2, sentence, REFUSE.instructionLength);
  }
  const codec = instructionByWireType(wireType);
  if (!codec) throw new DecodeError('unknownType', at, `instruction type ${wireType} is not known`, UNKNOWN_INST);
  const outer = reader.enter(length - 4, REFUSE.instructionLength);
  const instruction = codec.read(reader);
  reader.leave(outer, REFUSE.instructionLength);
  return instruction;
}

function writeInstructions(writer: Writer, instructions: readonly Instruction[], name: string): void {
  if (!Array.isArray(instructions)) throw new EncodeError(name, instructions, 'a list of instructions');
  for (let i = 0; i < instructions.length; i++) {
    try {
      writeInstruction(writer, instructions[i] as Instruction);
    } catch (error) {
      throw error instanceof EncodeError ? error.within(`${name}[${i}]`) : error;
    }
  }
}

function writeInstruction(writer: Writer, instruction: Instruction): void {
  const codec =
    typeof instruction === 'object' && instruction !== null ? instructionByName(instruction.type) : undefined;
  if (!codec) throw new EncodeError('type', instruction, 'an object with the name of an instruction');
  const start = writer.length;
  writer.u16(codec.wireType, 'type');
  writer.u16(0, 'length');
  codec.write(writer, instruction);
  const length = writer.length - start;
  if (length > 0xffff) throw new EncodeError(instruction.type, `${length} bytes`, 'at most 65535 bytes long');
  if ((length & 7) !== 0) throw new EncodeError(instruction.type, `${length} bytes`, 'a multiple of 8 bytes long');
  writer.patchU16(start + 2, length);
}

/** `[{ "apply_actions": [{ "output": 3 }] }, { "goto_table": 6 }]`. */
export function instructionsToJson(instructions: readonly Instruction[]): Json[] {
  return instructions.map((instruction) => ({
    [snakeCase(instruction.type)]: instructionByName(instruction.type)!.toJson(instruction),
  }));
}

/**
 * The instructions that `instructionsToJson` would write so.
 * @throws EncodeError naming the place, the value and what it must be.
 */
export function instructionsFromJson(json: Json, where = 'instructions'): Instruction[] {
  return asList(json, where).map((entry, i) => instructionFromJson(entry, `${where}[${i}]`));
}

function instructionFromJson(json: Json, where: string): Instruction {
  const entries = typeof json === 'string' ? [[json, null] as const] : Object.entries(asObject(json, where));
  const [entry] = entries;
  if (!entry || entries.length !== 1) {
    throw new EncodeError(where, json, 'an object with one key, the name of an instruction');
  }
  const codec = instructionByName(camelCase(entry[0]));
  if (!codec) throw new EncodeError(`${where}.${entry[0]}`, entry[1], 'absent: no instruction has this name');
  return codec.fromJson(entry[1], `${where}.${entry[0]}`);
}

/** Instructions up to the end of the structure. */
export const restInstructions: Field<readonly Instruction[]> = {
  read: readInstructions,
  write: writeInstructions,
  toJson: instructionsToJson,
  fromJson: instructionsFromJson,
  kind: { kind: 'special', name: 'instructions' },
};

/** What can go wrong between bytes and messages. */
import { errorName, OFPBAC, OFPBIC, OFPBMC, OFPBRC, OFPET } from '../constants/errors.ts';

/** Why bytes were refused: one word for logs and counters. */
export type DecodeReason =
  | 'truncated'
  | 'badLength'
  | 'trailingBytes'
  | 'unknownType'
  | 'badValue'
  | 'badMask'
  | 'badPrerequisite'
  | 'duplicate';

/** The ERROR message that answers a refused request: its type and code. */
export interface Refusal {
  readonly errorType: number;
  readonly code: number;
  /** For errorType OFPET.EXPERIMENTER. */
  readonly experimenter?: number;
}

/** Refusals that many structures share. */
export const REFUSE = {
  requestLength: { errorType: OFPET.BAD_REQUEST, code: OFPBRC.BAD_LEN },
  matchLength: { errorType: OFPET.BAD_MATCH, code: OFPBMC.BAD_LEN },
  actionLength: { errorType: OFPET.BAD_ACTION, code: OFPBAC.BAD_LEN },
  actionArgument: { errorType: OFPET.BAD_ACTION, code: OFPBAC.BAD_ARGUMENT },
  instructionLength: { errorType: OFPET.BAD_INSTRUCTION, code: OFPBIC.BAD_LEN },
} as const satisfies Record<string, Refusal>;

/** Bytes that are no valid message. `errorType` and `code` say what an ERROR message to the sender must carry. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly reason: DecodeReason;
  /** Where in the frame, in bytes. */
  readonly offset: number;
  readonly errorType: number;
  readonly code: number;
  /** Whose code it is, where `errorType` is OFPET.EXPERIMENTER. */
  readonly experimenter: number | undefined;

  constructor(reason: DecodeReason, offset: number, sentence: string, refusal: Refusal = REFUSE.requestLength) {
    super(`${sentence} (at byte ${offset}; ${errorName(refusal.errorType, refusal.code)})`);
    this.reason = reason;
    this.offset = offset;
    this.errorType = refusal.errorType;
    this.code = refusal.code;
    this.experimenter = refusal.experimenter;
  }
}

/** A message that cannot be sent: names the field, its value and the rule that the value breaks. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError';
  /** From the outside in: `flowMod.match.vlanPcp`. */
  readonly field: string;
  readonly value: unknown;
  readonly rule: string;

  constructor(field: string, value: unknown, rule: string) {
    super(`${field} is ${printable(value)}, but it must be ${rule}`);
    this.field = field;
    this.value = value;
    this.rule = rule;
  }

  /** The same error, seen from the structure around it. */
  within(outer: string): EncodeError {
    return new EncodeError(
      this.field.startsWith('[') ? outer + this.field : `${outer}.${this.field}`,
      this.value,
      this.rule,
    );
  }
}

const PRINTED_CHARACTERS_MAX = 80; // a log line is no place for a whole message

function printable(value: unknown): string {
  const text = typeof value === 'bigint' ? `${value}n` : safeJson(value);
  return text.length > PRINTED_CHARACTERS_MAX ? `${text.slice(0, PRINTED_CHARACTERS_MAX)}…` : text;
}

function safeJson(value: unknown): string {
  try {
    return (
      JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner)) ?? String(value)
    );
  } catch {
    return 'a value without a printed form';
  }
}

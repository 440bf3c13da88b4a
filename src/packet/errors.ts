/** A builder was asked for bytes that no valid frame can hold. Parsers never throw it: they return undefined. */
export class PacketBuildError extends RangeError {
  override readonly name = 'PacketBuildError';
}

/** Throws PacketBuildError unless `value` is a whole number from `min` to `max`, both included. */
export function checkRange(what: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new PacketBuildError(`${what} is ${value}; give a whole number from ${min} to ${max}.`);
}

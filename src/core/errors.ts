/** Errors that a person may read: each says what is wrong and what to do. */

/** What was asked for cannot be had now (a switch is not connected, does not answer, is overloaded); later it may. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/** Settings, arguments or a body that cannot be used. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** Why a port cannot be listened on, and what to do about it, in words. */
import { InputError } from './errors.ts';

export interface Listening {
  readonly host: string;
  readonly port: number;
  /** The protocol that is listened for. */
  readonly what: string;
  /** The command line's option that chooses the address. */
  readonly flag: string;
  /** Who else may have the port, as the end of a clause. */
  readonly holders: string;
  /** The hosts that may be chosen, as the end of a clause. */
  readonly hosts: string;
}

/** Those below belong to root. */
const FIRST_FREE_PORT = 1_024;
const LAST_PORT = 65_535;

/** An InputError for what a person can mend, otherwise the cause itself. */
export function listenError(cause: NodeJS.ErrnoException, listening: Listening): Error {
  const sentence = sentenceFor(cause.code, listening);
  return sentence === undefined ? cause : new InputError(sentence, { cause });
}

function sentenceFor(
  code: string | undefined,
  { host, port, what, flag, holders, hosts }: Listening,
): string | undefined {
  const where = addressText(host, port);
  const other = addressText(host, port < LAST_PORT ? port + 1 : port - 1);
  switch (code) {
    case 'EADDRINUSE':
      return (
        `Another program listens on ${where}, where ${what} should: ${holders}. ` +
        `See who with "ss -tlnp sport = :${port}" and stop it, or choose another port, such as ${flag} ${other}.`
      );
    case 'EACCES':
      return (
        `Listening for ${what} on ${where} is not allowed: ports below ${FIRST_FREE_PORT} need root. ` +
        `Choose a higher one, such as ${flag} ${addressText(host, port < FIRST_FREE_PORT ? port + 8_000 : port)}.`
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host}, where ${what} should listen, is no address of this machine. Choose with ${flag} ${hosts}.`;
    default:
      return undefined;
  }
}

function addressText(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

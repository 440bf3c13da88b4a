import { describe, expect, it } from 'vitest';
import { InputError } from './errors.ts';
import { listenError } from './listen-error.ts';

const LISTENING = {
  host: '127.0.0.1',
  port: 6653,
  what: 'OpenFlow',
  flag: '--openflow',
  holders: 'another controller',
  hosts: '127.0.0.1 or 0.0.0.0',
};

function sentence(code: string, differing: Partial<typeof LISTENING> = {}): string {
  const error = listenError(Object.assign(new Error('listen'), { code }), { ...LISTENING, ...differing });
  expect(error).toBeInstanceOf(InputError);
  return error.message;
}

describe('a port that cannot be had', () => {
  it('is said to be taken, with who may have it, how to see who has, and another', () => {
    expect(sentence('EADDRINUSE')).toBe(
      'Another program listens on 127.0.0.1:6653, where OpenFlow should: another controller. ' +
        'See who with "ss -tlnp sport = :6653" and stop it, or choose another port, such as --openflow 127.0.0.1:6654.',
    );
    expect(sentence('EADDRINUSE', { host: '::1', port: 65_535 })).toMatch(
      /^Another .* \[::1\]:65535.*\[::1\]:65534\.$/,
    );
  });

  it('is said to be root’s, with one that is not', () => {
    expect(sentence('EACCES', { port: 80 })).toMatch(/ports below 1024 need root.*--openflow 127\.0\.0\.1:8080\.$/);
  });

  it.each(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL', 'EAFNOSUPPORT'])('is no address here: %s', (code) => {
    expect(sentence(code, { host: '192.0.2.1' })).toBe(
      '192.0.2.1, where OpenFlow should listen, is no address of this machine. Choose with --openflow 127.0.0.1 or 0.0.0.0.',
    );
  });

  it('is left to who knows better where it is something else', () => {
    const cause = Object.assign(new Error('too many files'), { code: 'EMFILE' });
    expect(listenError(cause, LISTENING)).toBe(cause);
  });
});

/** Problems for requests that express never sees: upgrades, and what is no HTTP. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEM_CONTENT_TYPE } from './problem.ts';
import type { ProblemError } from './problem.ts';

/** Writes the problem as a whole HTTP answer, and ends the connection. */
export function refuse(socket: Duplex, problem: ProblemError): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(problem.toProblem());
  const headers = {
    ...problem.headers,
    Connection: 'close',
    'Content-Type': PROBLEM_CONTENT_TYPE,
    'Content-Length': String(Buffer.byteLength(body)),
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${head.join('')}\r\n${body}`, () =>
    socket.destroy(),
  );
}

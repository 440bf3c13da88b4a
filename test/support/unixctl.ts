/**
 * Commands to a switch daemon over its control socket, as `ovs-appctl` sends them (JSON-RPC, RFC 7047 section 4), without a
 * process for each: thousands take seconds.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export interface Unixctl {
  /** Runs a command; rejects with what the daemon says is wrong. Commands run one after the other. */
  run(command: string, ...args: readonly string[]): Promise<string>;
  close(): void;
}

interface Reply {
  readonly id: number;
  readonly result: string | null;
  readonly error: string | null;
}

export async function openUnixctl(path: string): Promise<Unixctl> {
  const socket = connect(path);
  await once(socket, 'connect');
  let last: Promise<unknown> = Promise.resolve();
  let id = 0;
  return {
    run: (command, ...args) => {
      const reply = last.then(() => ask(socket, { id: id++, method: command, params: args }));
      last = reply.catch(() => {});
      return reply;
    },
    close: () => socket.destroy(),
  };
}

function ask(socket: Socket, request: object): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const end = (): void => {
      socket.off('data', read).off('close', lost);
    };
    const read = (chunk: Buffer): void => {
      received += chunk.toString();
      const reply = parse(received);
      if (!reply) return;
      end();
      if (reply.error === null) resolve(reply.result ?? '');
      else reject(new Error(`${JSON.stringify(request)}: ${reply.error}`));
    };
    const lost = (): void => {
      end();
      reject(new Error(`The switch daemon closed its control socket: ${JSON.stringify(request)}`));
    };
    socket.on('data', read).once('close', lost);
    socket.write(JSON.stringify(request));
  });
}

/** Undefined while it has not arrived as a whole: replies have no mark at their end. */
function parse(text: string): Reply | undefined {
  try {
    return JSON.parse(text) as Reply;
  } catch {
    return undefined;
  }
}

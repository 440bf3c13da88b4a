// TCP ports on the loopback address.
import { createServer } from 'node:net';
import { say } from './say.mjs';

/** `wanted` where it is free, otherwise a free port, saying so; `use` names what it is for. */
export async function freePort(wanted, use) {
  if ((await bindable(wanted)) !== undefined) return wanted;
  const other = await bindable(0);
  say(`Port ${wanted} is taken; ${use} takes ${other} instead.`);
  return other;
}

/** Binds `port` (0: any) for a moment; answers its number, undefined where it is taken. */
function bindable(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(port, '127.0.0.1', () => {
      const { port: bound } = server.address();
      server.close(() => resolve(bound));
    });
  });
}

/** What `ovs-ofctl` and a switch say to each other: an OpenFlow codec that shares nothing with ours, on both ends. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PrivateOvs } from './private-ovs.ts';

const run = promisify(execFile);
const COMMAND_TIMEOUT_MS = 10_000;
const HEADER_LEN = 8;

export interface Conversation {
  /** Frames from ovs-ofctl, in order. */
  readonly sent: readonly Buffer[];
  /** Frames from the switch, in order. */
  readonly received: readonly Buffer[];
}

let conversations = 0;

/** Runs `ovs-ofctl -O OpenFlow13 <command> <bridge> <args>` through a recorder. Rejects where ovs-ofctl fails. */
export async function recordOfctl(
  ovs: PrivateOvs,
  command: string,
  bridge: string,
  ...args: string[]
): Promise<Conversation> {
  const sent: Buffer[] = [];
  const received: Buffer[] = [];
  const path = join(ovs.dir, `recorder-${conversations++}.sock`);
  const server = createServer((client) => {
    const target = createConnection(ovs.mgmtSocket(bridge));
    relay(client, target, sent);
    relay(target, client, received);
  });
  server.listen(path);
  await once(server, 'listening');
  try {
    await run('ovs-ofctl', ['-O', 'OpenFlow13', command, `unix:${path}`, ...args], { timeout: COMMAND_TIMEOUT_MS });
  } finally {
    server.close();
  }
  return { sent: framesOf(sent), received: framesOf(received) };
}

function relay(from: Socket, to: Socket, record: Buffer[]): void {
  from.on('data', (chunk) => {
    record.push(chunk);
    to.write(chunk);
  });
  from.on('error', () => to.destroy()); // either end hangs up as soon as it is done
  from.on('close', () => to.destroy());
}

function framesOf(chunks: readonly Buffer[]): Buffer[] {
  const stream = Buffer.concat(chunks);
  const frames: Buffer[] = [];
  for (let pos = 0; pos + HEADER_LEN <= stream.length; pos += Math.max(stream.readUInt16BE(pos + 2), HEADER_LEN)) {
    frames.push(stream.subarray(pos, pos + stream.readUInt16BE(pos + 2)));
  }
  return frames;
}

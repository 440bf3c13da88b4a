/** A socket without a kernel behind it: what costs time and memory here is ours. */
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

export class QuietSocket extends EventEmitter {
  readonly remoteAddress = '127.0.0.1';
  readonly remotePort = 1;
  readonly writableLength = 0;
  readonly destroyed = false;
  writes = 0;
  bytes = 0;
  onWrite: (data: Buffer) => void = () => {};

  /** As those who use one see it. */
  get socket(): Socket {
    return this as unknown as Socket;
  }

  write(data: Buffer): boolean {
    this.writes++;
    this.bytes += data.length;
    this.onWrite(data);
    return true;
  }

  isPaused(): boolean {
    return false;
  }

  pause(): this {
    return this;
  }

  resume(): this {
    return this;
  }

  destroySoon(): void {}
}

/**
 * Sends numbered frames into dummy ports at a steady rate and counts what comes out: a process of its own, so that frames go
 * on flowing while a controller in the test's process computes. A machine that stalls makes it send later, never in a flood:
 * a dummy port holds 100 frames and drops what is more.
 */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { numberedFrame, readNumbered } from './numbered-frames.ts';
import type { Flow, News, Order, Progress, Tally } from './traffic-types.ts';

const TICK_MS = 5;
/** Frames sent and not seen yet; above the highest seen, so that a lost one takes no place for ever. */
const MAX_ON_THE_WAY = 40;
/** Nothing has come for so long: what is on the way is lost, and sending goes on. */
const SILENCE_MS = 1_000;
/** After the last frame that was waited for. */
const SECOND_COMING_MS = 200;
const MS_PER_SECOND = 1_000;

class RunningFlow {
  readonly #flow: Flow;
  readonly #out: Socket;
  /** How often each number came. */
  readonly #came: number[] = [];
  #sent = 0;
  #highest = -1;
  /** Numbers below this are waited for no more. */
  #givenUp = 0;
  #heardAt = performance.now();
  #tickedAt = performance.now();
  #credit = 0;

  constructor(flow: Flow, out: Socket) {
    this.#flow = flow;
    this.#out = out;
  }

  get progress(): Progress {
    return { sent: this.#sent, highest: this.#highest };
  }

  get isSilent(): boolean {
    return performance.now() - this.#heardAt > SILENCE_MS;
  }

  get onTheWay(): number {
    return this.#sent - Math.max(this.#highest + 1, this.#givenUp);
  }

  tick(): void {
    const now = performance.now();
    const due = this.#credit + ((now - this.#tickedAt) * this.#flow.perSecond) / MS_PER_SECOND;
    this.#credit = Math.min(due, MAX_ON_THE_WAY);
    this.#tickedAt = now;
    if (this.isSilent && this.onTheWay >= MAX_ON_THE_WAY) this.#givenUp = this.#sent;
    for (; this.#credit >= 1 && this.onTheWay < MAX_ON_THE_WAY; this.#credit--) {
      this.#out.write(framed(numberedFrame(this.#flow, this.#sent++)));
    }
  }

  came(seq: number): void {
    this.#heardAt = performance.now();
    this.#came[seq] = (this.#came[seq] ?? 0) + 1;
    this.#highest = Math.max(this.#highest, seq);
  }

  tally(): Tally {
    const lost: number[] = [];
    const duplicated: number[] = [];
    for (let seq = 0; seq < this.#sent; seq++) {
      const times = this.#came[seq] ?? 0;
      if (times === 0) lost.push(seq);
      if (times > 1) duplicated.push(seq);
    }
    return { flow: this.#flow.flow, sent: this.#sent, delivered: this.#sent - lost.length, lost, duplicated };
  }
}

/** A frame on a dummy port's stream stands behind its length in two bytes. */
function framed(frame: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(frame.length + 2);
  bytes.writeUInt16BE(frame.length);
  bytes.set(frame, 2);
  return bytes;
}

async function open(path: string, onFrame: (frame: Buffer) => void): Promise<Socket> {
  const socket = createConnection(path);
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (at + 2 <= rest.length && at + 2 + rest.readUInt16BE(at) <= rest.length) {
      const end = at + 2 + rest.readUInt16BE(at);
      onFrame(rest.subarray(at + 2, end));
      at = end;
    }
    rest = rest.subarray(at);
  });
  await once(socket, 'connect');
  return socket;
}

async function run(flows: readonly Flow[]): Promise<void> {
  const sockets = new Map<string, Socket>();
  const running = new Map<number, RunningFlow>();
  for (const { from, to } of flows) {
    for (const path of [from, to]) {
      if (sockets.has(path)) continue;
      const receive = (frame: Buffer): void => {
        const numbered = readNumbered(frame);
        // Counted where it should come out only: what strays elsewhere is lost here, and captures show where it went.
        const flow = flows.find((each) => each.flow === numbered?.flow && each.to === path);
        if (numbered && flow) running.get(flow.flow)?.came(numbered.seq);
      };
      sockets.set(path, await open(path, receive));
    }
  }
  for (const flow of flows) running.set(flow.flow, new RunningFlow(flow, sockets.get(flow.from)!));
  const all = [...running.values()];
  const timer = setInterval(() => {
    for (const flow of all) flow.tick();
    tell({ type: 'progress', flows: all.map(({ progress }) => progress) });
  }, TICK_MS);
  await new Promise<void>((resolve) => {
    process.on('message', (order: Order) => order.type === 'stop' && resolve());
  });
  clearInterval(timer);
  while (all.some((flow) => flow.onTheWay > 0 && !flow.isSilent)) await pause(TICK_MS);
  // A frame that came once may come a second time yet.
  await pause(SECOND_COMING_MS);
  tell({ type: 'end', tallies: all.map((flow) => flow.tally()) });
  for (const socket of sockets.values()) socket.destroy();
  process.disconnect();
}

function tell(news: News): void {
  if (process.connected) process.send?.(news);
}

process.once('disconnect', () => process.exit());
process.once('message', (order: Order) => {
  if (order.type !== 'start') return;
  run(order.flows).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BACKOFF_LEAST_MS, BACKOFF_MOST_MS, backoffMs, createStream, OPEN_TIMEOUT_MS, STREAM_PATH } from './stream.ts';
import type { Connection, SocketHandlers, Stream } from './stream.ts';
import type { StreamMessage } from './wire.ts';

interface FakeSocket extends SocketHandlers {
  readonly url: string;
  closed: boolean;
}

/** A stream on fake sockets and a fake clock. `known` is what the view would hold. */
class Bench {
  readonly sockets: FakeSocket[] = [];
  readonly connections: Connection[] = [];
  readonly delivered: StreamMessage[] = [];
  known: number | undefined;
  uptimeMs: number | undefined | 'unreachable' = 3_600_000;
  readonly stream: Stream = createStream({
    open: (url, handlers) => {
      const socket: FakeSocket = { url, closed: false, ...handlers };
      this.sockets.push(socket);
      return {
        close: () => {
          socket.closed = true;
        },
      };
    },
    version: () => this.known,
    deliver: (message) => {
      if (message.type === 'change' && message.version !== (this.known ?? -1) + 1) return false;
      this.known = message.version;
      this.delivered.push(message);
      return true;
    },
    onConnection: (connection) => this.connections.push(connection),
    uptimeMs: async () => {
      if (this.uptimeMs === 'unreachable') throw new Error('no route');
      return this.uptimeMs;
    },
    random: () => 0,
  });

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  }

  get state(): Connection['state'] | undefined {
    return this.connections.at(-1)?.state;
  }

  snapshot(version: number, run?: string): void {
    this.socket.onText(JSON.stringify({ type: 'snapshot', version, run, switches: [], links: [], hosts: [] }));
  }

  change(version: number): void {
    this.socket.onText(JSON.stringify({ type: 'change', version, events: [] }));
  }

  /** Starts, opens and brings the first snapshot. */
  goLive(version: number, run?: string): void {
    this.stream.start();
    this.socket.onOpen();
    this.snapshot(version, run);
  }
}

let bench: Bench;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  bench = new Bench();
});

afterEach(() => {
  bench.stream.stop();
  vi.useRealTimers();
});

describe('the stream', () => {
  it('is live with the first snapshot, not before', () => {
    bench.stream.start();
    expect(bench.socket.url).toBe(STREAM_PATH);
    bench.socket.onOpen();
    expect(bench.state).toBe('connecting');
    bench.snapshot(4);
    expect(bench.state).toBe('live');
    bench.change(5);
    expect(bench.delivered.map((message) => message.version)).toEqual([4, 5]);
  });

  it('resumes after a break with the version it knows, and is live as soon as that opens', async () => {
    bench.goLive(4);
    bench.socket.onClose();
    expect(bench.state).toBe('waiting');
    await vi.advanceTimersByTimeAsync(BACKOFF_LEAST_MS);
    expect(bench.socket.url).toBe(`${STREAM_PATH}&since=4`);
    bench.socket.onOpen();
    expect(bench.state).toBe('live');
    bench.change(5);
    expect(bench.known).toBe(5);
  });

  it('names the run it knows, and takes a snapshot where changes might have come', async () => {
    bench.goLive(4, 'run one');
    bench.uptimeMs = 'unreachable';
    bench.socket.onClose();
    await vi.advanceTimersByTimeAsync(BACKOFF_LEAST_MS);
    expect(bench.socket.url).toBe(`${STREAM_PATH}&since=4&run=run%20one`);
    bench.socket.onOpen();
    bench.snapshot(2, 'run two');
    expect([bench.known, bench.state]).toEqual([2, 'live']);
    bench.socket.onClose();
    await vi.advanceTimersByTimeAsync(BACKOFF_LEAST_MS);
    expect(bench.socket.url).toBe(`${STREAM_PATH}&since=2&run=run%20two`);
  });

  it('asks a controller that started anew for a snapshot, since its versions are others', async () => {
    bench.goLive(4);
    bench.socket.onClose();
    bench.uptimeMs = 200;
    await vi.advanceTimersByTimeAsync(BACKOFF_LEAST_MS);
    expect(bench.socket.url).toBe(STREAM_PATH);
  });

  it('asks for a snapshot where the controller does not say how long it runs', async () => {
    bench.goLive(4);
    bench.socket.onClose();
    bench.uptimeMs = undefined;
    await vi.advanceTimersByTimeAsync(BACKOFF_LEAST_MS);
    expect(bench.socket.url).toBe(STREAM_PATH);
  });

  it('waits longer and longer while the controller is away, then resumes', async () => {
    bench.goLive(4);
    bench.uptimeMs = 'unreachable';
    bench.socket.onClose();
    await vi.advanceTimersByTimeAsync(500 + 1000 + 2000 + 4000 + 4000);
    const waits = bench.connections.filter((connection) => connection.state === 'waiting');
    const gaps = waits.slice(1).map((wait, i) => wait.retryAt - (waits[i]?.retryAt ?? 0));
    expect(gaps).toEqual([1000, 2000, 4000, 4000, 4000]);
    expect(bench.sockets).toHaveLength(1);
    bench.uptimeMs = 3_600_000;
    await vi.advanceTimersByTimeAsync(4000);
    expect(bench.socket.url).toBe(`${STREAM_PATH}&since=4`);
  });

  it('drops the connection on a gap and comes back for a snapshot, even if that breaks again', async () => {
    bench.goLive(4);
    const broken = bench.socket;
    bench.change(6);
    expect(broken.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(BACKOFF_LEAST_MS);
    expect(bench.socket.url).toBe(STREAM_PATH);
    bench.socket.onClose();
    await vi.advanceTimersByTimeAsync(1000);
    expect(bench.sockets).toHaveLength(3);
    expect(bench.socket.url).toBe(STREAM_PATH);
    bench.snapshot(9);
    expect([bench.known, bench.state]).toEqual([9, 'live']);
  });

  it('treats a frame it cannot read as a gap', async () => {
    bench.goLive(4);
    bench.socket.onText('{"type":"change"');
    await vi.advanceTimersByTimeAsync(BACKOFF_LEAST_MS);
    expect(bench.socket.url).toBe(STREAM_PATH);
  });

  it('pays no heed to what a given-up socket still says', async () => {
    bench.goLive(4);
    const old = bench.socket;
    old.onClose();
    await vi.advanceTimersByTimeAsync(BACKOFF_LEAST_MS);
    old.onText('{"type":"change","version":5,"events":[]}');
    old.onClose();
    expect(bench.known).toBe(4);
    expect(bench.sockets).toHaveLength(2);
  });

  it('gives up a socket that never opens', async () => {
    bench.stream.start();
    await vi.advanceTimersByTimeAsync(OPEN_TIMEOUT_MS);
    expect(bench.socket.closed).toBe(true);
    expect(bench.state).toBe('waiting');
    await vi.advanceTimersByTimeAsync(BACKOFF_LEAST_MS);
    expect(bench.sockets).toHaveLength(2);
  });

  it('tries at once when told to, and gives up a socket that is suspected dead', async () => {
    bench.goLive(4);
    bench.stream.suspect();
    expect(bench.state).toBe('waiting');
    bench.stream.retryNow();
    await vi.advanceTimersByTimeAsync(0);
    expect(bench.socket.url).toBe(`${STREAM_PATH}&since=4`);
    expect(bench.sockets).toHaveLength(2);
  });

  it('opens nothing more once stopped', async () => {
    bench.goLive(4);
    bench.socket.onClose();
    bench.stream.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(bench.sockets).toHaveLength(1);
  });
});

describe('backoffMs', () => {
  it.each([0, 1, 2, 3, 5, 50, 2000])('stays within its bounds at attempt %i', (attempt) => {
    for (const random of [0, 0.5, 0.999]) {
      expect(backoffMs(attempt, random)).toBeGreaterThanOrEqual(BACKOFF_LEAST_MS);
      expect(backoffMs(attempt, random)).toBeLessThanOrEqual(BACKOFF_MOST_MS);
    }
    expect(backoffMs(attempt, 0.9)).toBeGreaterThan(backoffMs(attempt, 0.1));
  });
});

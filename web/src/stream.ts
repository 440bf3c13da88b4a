/**
 * The connection to `/api/v1/stream`: opens it, hands on what arrives in order, and after a break comes back with
 * `since`, or for a new snapshot where changes may have been missed.
 */
import { parseMessage } from './wire.ts';
import type { StreamMessage } from './wire.ts';

export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** Milliseconds of the wall clock at which the next attempt starts. */
  | { readonly state: 'waiting'; readonly retryAt: number };

export interface SocketHandlers {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

export interface StreamOptions {
  /** Opens a WebSocket; onClose comes once, also where it never opened. */
  readonly open: (url: string, handlers: SocketHandlers) => { readonly close: () => void };
  /** The version known so far; undefined before the first snapshot. */
  readonly version: () => number | undefined;
  /** Takes a message; false where it does not follow on what is known. */
  readonly deliver: (message: StreamMessage) => boolean;
  readonly onConnection: (connection: Connection) => void;
  /**
   * How long ago the controller started, in milliseconds; undefined where it does not say. Rejects when it cannot be
   * reached. Asked only of a controller whose snapshots do not name their run: one that started after the break counts
   * its versions anew, so `since` would mean something else.
   */
  readonly uptimeMs: () => Promise<number | undefined>;
  /** In [0, 1). */
  readonly random?: () => number;
  /** Milliseconds of the wall clock. */
  readonly now?: () => number;
}

export interface Stream {
  readonly start: () => void;
  readonly stop: () => void;
  /** Skips the wait for the next attempt. */
  readonly retryNow: () => void;
  /** Gives up a connection that seems dead, and tries again. */
  readonly suspect: () => void;
}

export const STREAM_PATH = '/api/v1/stream?topics=switches,links,hosts,events,stats';
export const BACKOFF_LEAST_MS = 500;
export const BACKOFF_MOST_MS = 8000;
/** A socket that neither opens nor brings its snapshot within this time is given up. */
export const OPEN_TIMEOUT_MS = 10_000;
/** The uptime may be rounded to a second and the answer takes its way: closer than this, a restart is assumed. */
const RESTART_MARGIN_MS = 2000;

/** Doubles from at most 1 s to at most 8 s, spread over the upper half so that many browsers do not come at once. */
export function backoffMs(attempt: number, random: number): number {
  const most = Math.min(BACKOFF_MOST_MS, 2 * BACKOFF_LEAST_MS * 2 ** Math.min(attempt, 10));
  return Math.max(BACKOFF_LEAST_MS, most * (0.5 + random * 0.5));
}

export function createStream(options: StreamOptions): Stream {
  return new ResumingStream(options);
}

class ResumingStream implements Stream {
  readonly #options: StreamOptions;
  readonly #random: () => number;
  readonly #now: () => number;
  #socket: { readonly close: () => void } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Grows with every connection and every end of one, so that late callbacks of an old one are known as such. */
  #turn = 0;
  #attempt = 0;
  #running = false;
  /** When the last live connection was lost; undefined while there is one. */
  #lostAt: number | undefined;
  /** After a gap only a snapshot will do, however often the connection breaks before it comes. */
  #needSnapshot = true;
  /** The run of the controller that the known version belongs to, where the snapshot named it. */
  #run: string | undefined;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
    this.#now = options.now ?? Date.now;
  }

  start = (): void => {
    if (this.#running) return;
    this.#running = true;
    this.#connect(undefined);
  };

  stop = (): void => {
    this.#running = false;
    this.#drop();
  };

  retryNow = (): void => {
    if (this.#running && this.#socket === undefined && this.#timer !== undefined) void this.#reconnect();
  };

  suspect = (): void => {
    if (this.#socket !== undefined) this.#lost();
  };

  #drop(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #connect(since: number | undefined): void {
    this.#drop();
    const turn = this.#turn;
    const mine = (act: () => void) => (): void => {
      if (turn === this.#turn) act();
    };
    this.#options.onConnection({ state: 'connecting' });
    this.#timer = setTimeout(
      mine(() => this.#lost()),
      OPEN_TIMEOUT_MS,
    );
    this.#socket = this.#options.open(streamUrl(since, this.#run), {
      // A resumed stream may have nothing to tell; a fresh one is live with its snapshot.
      onOpen: mine(() => since !== undefined && this.#live()),
      onText: (text) => mine(() => this.#receive(text))(),
      onClose: mine(() => this.#lost()),
    });
  }

  #live(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lostAt = undefined;
    this.#options.onConnection({ state: 'live' });
  }

  #receive(text: string): void {
    const message = parseMessage(text);
    if (message === undefined || !this.#options.deliver(message)) {
      this.#needSnapshot = true;
      this.#lost();
      return;
    }
    this.#attempt = 0;
    if (message.type === 'snapshot') {
      this.#needSnapshot = false;
      this.#run = message.run;
    }
    if (message.type === 'snapshot' || this.#timer !== undefined) this.#live();
  }

  #lost(): void {
    this.#lostAt ??= this.#now();
    this.#drop();
    const delay = backoffMs(this.#attempt, this.#random());
    this.#attempt += 1;
    this.#timer = setTimeout(() => void this.#reconnect(), delay);
    this.#options.onConnection({ state: 'waiting', retryAt: this.#now() + delay });
  }

  async #reconnect(): Promise<void> {
    this.#drop();
    const turn = this.#turn;
    this.#options.onConnection({ state: 'connecting' });
    const since = await this.#resumeFrom();
    if (turn !== this.#turn) return;
    if (since === 'unreachable') this.#lost();
    else this.#connect(since);
  }

  /** The version to resume from; undefined where only a snapshot is sure to hold everything. */
  async #resumeFrom(): Promise<number | undefined | 'unreachable'> {
    const version = this.#options.version();
    if (version === undefined || this.#lostAt === undefined || this.#needSnapshot) return undefined;
    // The controller itself answers `since` of another run with a snapshot.
    if (this.#run !== undefined) return version;
    try {
      const uptime = await this.#options.uptimeMs();
      const startedAt = uptime === undefined ? Infinity : this.#now() - uptime;
      return startedAt + RESTART_MARGIN_MS < this.#lostAt ? version : undefined;
    } catch {
      return 'unreachable';
    }
  }
}

function streamUrl(since: number | undefined, run: string | undefined): string {
  if (since === undefined) return STREAM_PATH;
  return `${STREAM_PATH}&since=${since}${run === undefined ? '' : `&run=${encodeURIComponent(run)}`}`;
}

/** Every bound of the northbound, with its reason. Tests tighten them; nothing else should need to. */

export interface Limits {
  /** Bytes of a request's body: the largest policy is far smaller, and a body is held in memory whole. */
  readonly bodyBytes: number;
  /** Bytes of a request's headers: no cookies are used, so little is needed. */
  readonly headerBytes: number;
  /** Open HTTP connections: well below the usual 1,024 descriptors, which the switches share. */
  readonly connections: number;
  /** Time for a request's headers to arrive; stops slow-header attacks. */
  readonly headersTimeoutMs: number;
  /** Time for a whole request to arrive. */
  readonly requestTimeoutMs: number;
  /** How long an idle connection is kept for the next request. */
  readonly keepAliveTimeoutMs: number;
  /** Writes of one client within `writeWindowMs`: a script may load policies fast, a runaway loop may not. */
  readonly writes: number;
  readonly writeWindowMs: number;
  /** WebSocket clients; each may hold `streamBufferedBytes`. */
  readonly streamClients: number;
  /** Bytes of one message from a client: none is expected. */
  readonly streamPayloadBytes: number;
  /** Bytes that may wait for one reader beyond what it was first sent; then it is cut, and resumes with `since`. */
  readonly streamBufferedBytes: number;
  /** Ping interval; a client that has not answered the last ping by the next one is gone. */
  readonly streamHeartbeatMs: number;
  /** Changes kept for `since`: some minutes of a busy network. */
  readonly journalChanges: number;
  /** Characters of those changes, so that a few huge ones cannot fill the memory. */
  readonly journalChars: number;
  /** How long closing waits for requests and clients to end by themselves. */
  readonly closeGraceMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 64 * 1024,
  headerBytes: 16 * 1024,
  connections: 512,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 5_000,
  writes: 1_000,
  writeWindowMs: 10_000,
  streamClients: 100,
  streamPayloadBytes: 64 * 1024,
  streamBufferedBytes: 4 * 1024 * 1024,
  streamHeartbeatMs: 30_000,
  journalChanges: 4_096,
  journalChars: 8 * 1024 * 1024,
  closeGraceMs: 2_000,
};

/** Seconds after which a client may ask again for what was not available. */
export const RETRY_AFTER_SECONDS = 2;

/** Characters of a switch's or host's name in a path or query: an IPv6 address or a bridge's name fits twice. */
export const MAX_REFERENCE_CHARS = 64;

/** Paths a query may ask for: beyond that the k shortest are noise. */
export const MAX_PATHS = 16;

/** Switches and links that a query may name in a list: no path in a lab passes or avoids more by name. */
export const MAX_REFERENCES = 32;

/** Bits per second that a query may ask for: a thousand times the fastest port, and still exact as a number. */
export const MAX_BANDWIDTH_BPS = 1e15;

/** Milliseconds that a query may allow a path: more than an hour. */
export const MAX_LATENCY_MS = 9_999_999;
/** How long a write of a policy waits for the switches: a healthy one answers within milliseconds. */
export const DEFAULT_WRITE_TIMEOUT_MS = 5_000;
/** A client that would wait longer can ask again; each holds a connection. */
export const MAX_WRITE_TIMEOUT_MS = 60_000;

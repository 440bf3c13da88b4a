/** Every limit of a session, with its reason. Tests hand in smaller ones. */
export const SESSION_LIMITS = {
  /** A peer that connects and says nothing holds a socket, nothing more, and not for long. */
  helloDeadlineMs: 5_000,
  /** From HELLO to a described datapath; a loaded vswitchd answers in well under a second. */
  handshakeDeadlineMs: 10_000,
  /** After this long without a byte the peer is asked for an echo. */
  echoIdleMs: 5_000,
  /** The echo's answer, or any other byte, must come within this. */
  echoDeadlineMs: 5_000,
  /** How long a first session has to show that it lives when a second one claims its dpid. */
  takeoverEchoMs: 1_000,
  /** A request without an answer; a table of 100,000 flows is read in less. */
  requestTimeoutMs: 10_000,
  /** Requests in flight at once on one session. */
  maxPendingRequests: 1_024,
  /** Multipart replies of one session that are not complete yet: about 500,000 flows. */
  maxMultipartBytes: 64 * 1024 * 1024,
  /** The same while the peer is nobody yet: 64 bytes for each of the 65,280 ports a datapath can have. */
  maxHandshakeBytes: 4 * 1024 * 1024,
  /** Bytes waiting for a switch that reads slowly; beyond, sending is refused until it has read. */
  maxOutputBytes: 16 * 1024 * 1024,
  /** The same while the peer is nobody yet: the handshake needs under 200 bytes, and one echo 64 KiB. */
  maxHandshakeOutputBytes: 256 * 1024,
  /** Bytes wait and the switch takes none of them for so long: it will not. A link of 3 Mbit/s empties a full queue in time. */
  outputStallMs: 60_000,
  /** What is left to send when a session ends has this long to leave; a peer that does not read must not hold the port. */
  lingerMs: 1_000,
  /** Events of the switch between HELLO and admission, which takes milliseconds. */
  maxEarlyMessages: 512,
  /** The same in bytes on the wire, since one message can have 64 KiB. */
  maxEarlyBytes: 128 * 1024,
  /** Unknown but well-formed messages answered with an ERROR, per `refusedWindowMs`, before the session is given up. */
  maxRefusedMessages: 100,
  /** Long enough to tell a switch that talks nonsense from one that has an odd habit. */
  refusedWindowMs: 60_000,
  /** Connections at once, those in handshake among them. */
  maxConnections: 4_096,
  /** Those of them that are nobody yet. The newest are kept: a switch is done in milliseconds, and who stays silent must not hold its place. */
  maxNewcomers: 1_024,
  /** Work for one peer before all others have their turn. Hundreds that flood us still leave each its share of a second. */
  turnMs: 1,
  /** Lines about one peer per `logWindowMs`; a peer that reconnects forever shall not fill the disk. */
  maxLogLines: 10,
  /** After each window one line tells how many were left out. */
  logWindowMs: 60_000,
  /** Peers whose lines are counted apart; all others share one count. */
  maxLogPeers: 1_024,
} as const;

export type SessionLimits = { readonly [Name in keyof typeof SESSION_LIMITS]: number };

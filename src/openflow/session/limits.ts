/** Every limit of a session, with its reason. */

/** A peer that connects and says nothing holds a socket, nothing more, and not for long. */
export const HELLO_DEADLINE_MS = 5_000;
/** From HELLO to a described datapath; a loaded vswitchd answers in well under a second. */
export const HANDSHAKE_DEADLINE_MS = 10_000;
/** After this long without a byte the peer is asked for an echo. */
export const ECHO_IDLE_MS = 5_000;
/** The echo's answer, or any other byte, must come within this. */
export const ECHO_DEADLINE_MS = 5_000;
/** How long a first session has to show that it lives when a second one claims its dpid. */
export const TAKEOVER_ECHO_MS = 1_000;
/** A request without an answer; a table of 100,000 flows is read in less. */
export const REQUEST_TIMEOUT_MS = 10_000;
/** Requests in flight at once on one session. */
export const MAX_PENDING_REQUESTS = 1_024;
/** A multipart reply in all its parts: about 500,000 flows. */
export const MAX_MULTIPART_BYTES = 64 * 1024 * 1024;
/** Bytes waiting for a switch that reads slowly; beyond, sending is refused until it has read. */
export const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** Connections at once, those in handshake among them. */
export const MAX_CONNECTIONS = 4_096;
/** Unknown but well-formed messages answered with an ERROR before the session is given up. */
export const MAX_REFUSED_MESSAGES = 100;

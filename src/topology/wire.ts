/** What the topology may do to switches. Control ties it to sessions. */
import type { Dpid, PortRef } from '../core/ids.ts';

export interface Wire {
  /** Sends a frame out of a port; false where that cannot be done now. The bytes are the caller's again afterwards. */
  send(out: PortRef, frame: Uint8Array): boolean;
  /**
   * Asks a switch for a sign of life and calls back, once, with the milliseconds that its answer took: then all that it was
   * sent before has been worked through, and all that it told before has been heard. Undefined where no answer came.
   */
  roundTrip(dpid: Dpid, done: (ms: number | undefined) => void): void;
}

/** What people must be told: something noteworthy happened to a part of the network, with its cause. */
import type { Mac } from './addresses.ts';
import type { Dpid, LinkId, PortRef } from './ids.ts';

/** `warning`: look at it when there is time; `alarm`: someone's traffic suffers, or someone cheats. */
export type NoticeSeverity = 'info' | 'warning' | 'alarm';

export interface Notice {
  /** A name for programs to go by, such as `port.damped`. */
  readonly type: string;
  readonly severity: NoticeSeverity;
  /** What it is about: as much of this as there is. */
  readonly subject: {
    readonly dpid?: Dpid;
    readonly port?: PortRef;
    readonly link?: LinkId;
    readonly mac?: Mac;
  };
  /** A sentence that says what happened and what follows from it. */
  readonly message: string;
  /** A sentence that says why. */
  readonly cause: string;
}

export type NoticeHandler = (notice: Notice) => void;

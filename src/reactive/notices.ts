/** What people must be told of reactive forwarding: at most once a minute each, since it may happen with every packet. */
import type { Clock } from '../core/clock.ts';
import type { Dpid } from '../core/ids.ts';
import type { Notice, NoticeHandler } from '../core/notice.ts';
import type { Network } from '../topology/network.ts';
import { FLOODS_PER_SECOND } from './sender.ts';

export const NOTICE_EVERY_MS = 60_000;

export interface ReactiveNoticesOptions {
  readonly network: Pick<Network, 'switch'>;
  readonly clock: Clock;
  readonly onNotice: NoticeHandler;
}

export class ReactiveNotices {
  readonly #options: ReactiveNoticesOptions;
  #floodToldAt = -Infinity;
  /** By switch. */
  readonly #refusalToldAt = new Map<Dpid, number>();

  constructor(options: ReactiveNoticesOptions) {
    this.#options = options;
  }

  /** A frame to an unknown host was dropped, since there were too many of them. */
  floodLimited(dpid: Dpid): void {
    const now = this.#options.clock.now();
    if (now - this.#floodToldAt < NOTICE_EVERY_MS) return;
    this.#floodToldAt = now;
    this.#tell('flood.limited', dpid, {
      message: `More frames to unknown hosts come up than are sent out, many of them from ${this.#nameOf(dpid)}: some are dropped.`,
      cause: `Such a frame costs a message to each switch, of which there are ${FLOODS_PER_SECOND.toLocaleString('en')} a second at most: does somebody try out addresses?`,
    });
  }

  /** @param reason the switch's error by its name */
  refused(dpid: Dpid, reason: string): void {
    const now = this.#options.clock.now();
    if (now - (this.#refusalToldAt.get(dpid) ?? -Infinity) < NOTICE_EVERY_MS) return;
    this.#refusalToldAt.set(dpid, now);
    this.#tell('conversation.refused', dpid, {
      message: `Switch ${this.#nameOf(dpid)} refuses rules of conversations: their packets go by the controller meanwhile.`,
      cause: `It answers ${reason}: has its table no room?`,
    });
  }

  #tell(type: string, dpid: Dpid, text: Pick<Notice, 'message' | 'cause'>): void {
    this.#options.onNotice({ type, severity: 'warning', subject: { dpid }, ...text });
  }

  #nameOf(dpid: Dpid): string {
    return this.#options.network.switch(dpid)?.name ?? dpid;
  }
}

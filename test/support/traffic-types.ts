/** What the traffic process is told and tells. */
import type { FlowEnds } from './numbered-frames.ts';

export interface Flow extends FlowEnds {
  /** Sockets of the dummy ports (`pstream`) at which it goes in and should come out. */
  readonly from: string;
  readonly to: string;
  readonly perSecond: number;
}

export interface Tally {
  readonly flow: number;
  readonly sent: number;
  readonly delivered: number;
  /** Numbers that were sent and never came. */
  readonly lost: readonly number[];
  /** Numbers that came more than once. */
  readonly duplicated: readonly number[];
}

/** `start` is answered by progress again and again; `stop` ends sending, waits for what is on its way and is answered by `end`. */
export type Order = { readonly type: 'start'; readonly flows: readonly Flow[] } | { readonly type: 'stop' };

export interface Progress {
  readonly sent: number;
  /** The highest number that came; -1 before the first. */
  readonly highest: number;
}

export type News =
  | { readonly type: 'progress'; readonly flows: readonly Progress[] }
  | { readonly type: 'end'; readonly tallies: readonly Tally[] };

/** Subscribes to what a switch tells of its flows (ONF EXT-187), and hands it on. */
import { OFPFMF, OFPP, OFPTT } from '../../openflow/codec/index.ts';
import type { FullFlowUpdate } from '../../openflow/codec/index.ts';
import type { DatapathSession, FlowMonitorMessage } from '../../openflow/session/datapath.ts';
import type { FlowWatcher } from './transport.ts';

const MONITOR_ID = 1;
/** Every change of every flow, in full; what this very connection does comes as an `abbrev`. */
const EVERYTHING = {
  monitorId: MONITOR_ID,
  flags: OFPFMF.ADD | OFPFMF.DELETE | OFPFMF.MODIFY | OFPFMF.ACTIONS,
  outPort: OFPP.ANY,
  tableId: OFPTT.ALL,
  match: {},
};
/** Changes told before anyone listens, that is while the switch is read for the first time. */
const MAX_EARLY = 20_000;

export const MISSED = {
  resumed: 'the switch told changes faster than they were read, and left some out',
  early: 'the switch told more changes than are kept while it is read for the first time',
} as const;

export interface FlowMonitor {
  told(message: FlowMonitorMessage): void;
  listen(watcher: FlowWatcher): Promise<boolean>;
}

/** Subscribes at once: what changes after the first read is told, so that there is no gap between the two. */
export function monitorFlows(session: DatapathSession): FlowMonitor {
  const supported = session.multipart('flowMonitor', [EVERYTHING]).then(
    () => true,
    () => false,
  );
  let watcher: FlowWatcher | undefined;
  let early: FullFlowUpdate[] = [];
  let missedEarly: string | undefined;

  function changed(update: FullFlowUpdate): void {
    if (watcher) watcher.changed(update);
    else if (early.length < MAX_EARLY) early.push(update);
    else missedEarly = MISSED.early;
  }

  function missed(why: string): void {
    if (watcher) watcher.missed(why);
    else missedEarly = why;
  }

  return {
    told: (message) => {
      // Paused, it leaves changes out; it says so again when it goes on, and only then is reading worth while.
      if (message.type === 'flowMonitorResumed') missed(MISSED.resumed);
      if (message.type !== 'multipartReply') return;
      for (const update of message.body) if (update.type !== 'abbrev') changed(update);
    },
    listen: (given) => {
      watcher = given;
      const waiting = early;
      early = [];
      for (const update of waiting) given.changed(update);
      if (missedEarly !== undefined) given.missed(missedEarly);
      missedEarly = undefined;
      return supported;
    },
  };
}

import { describe, expect, it } from 'vitest';
import type { FullFlowUpdate, FlowUpdate } from '../../openflow/codec/index.ts';
import type { DatapathSession, FlowMonitorMessage } from '../../openflow/session/datapath.ts';
import { MISSED, monitorFlows } from './openflow-monitor.ts';
import { rule, told } from './testing/rules.ts';
import type { FlowWatcher } from './transport.ts';

function sessionThat(answer: Promise<unknown>): DatapathSession {
  return { multipart: () => answer } as unknown as DatapathSession;
}

function telling(...body: readonly FlowUpdate[]): FlowMonitorMessage {
  return { type: 'multipartReply', xid: 0, kind: 'flowMonitor', more: false, body };
}

function recorder(): FlowWatcher & { readonly heard: (FullFlowUpdate | string)[] } {
  const heard: (FullFlowUpdate | string)[] = [];
  return { heard, changed: (update) => heard.push(update), missed: (why) => heard.push(why) };
}

const paused: FlowMonitorMessage = { type: 'flowMonitorPaused', xid: 0 };
const resumed: FlowMonitorMessage = { type: 'flowMonitorResumed', xid: 0 };

describe('a flow monitor', () => {
  it('hands on what others changed, and not what this controller did itself', async () => {
    const monitor = monitorFlows(sessionThat(Promise.resolve([])));
    const watcher = recorder();
    expect(await monitor.listen(watcher)).toBe(true);
    monitor.told(telling({ type: 'abbrev', xid: 5 }, told('added', rule(1)), { type: 'abbrev', xid: 6 }));
    monitor.told(telling(told('deleted', rule(1))));
    expect(watcher.heard).toEqual([told('added', rule(1)), told('deleted', rule(1))]);
  });

  it('keeps what comes before anyone listens, in order', async () => {
    const monitor = monitorFlows(sessionThat(Promise.resolve([])));
    monitor.told(telling(told('added', rule(1)), told('deleted', rule(2))));
    const watcher = recorder();
    await monitor.listen(watcher);
    monitor.told(telling(told('added', rule(3))));
    expect(watcher.heard).toEqual([told('added', rule(1)), told('deleted', rule(2)), told('added', rule(3))]);
  });

  it('says that changes were missed when the switch goes on, and not before', async () => {
    const monitor = monitorFlows(sessionThat(Promise.resolve([])));
    const watcher = recorder();
    await monitor.listen(watcher);
    monitor.told(paused);
    expect(watcher.heard).toEqual([]);
    monitor.told(resumed);
    expect(watcher.heard).toEqual([MISSED.resumed]);
  });

  it('does not keep early changes without end, and says so', async () => {
    const monitor = monitorFlows(sessionThat(Promise.resolve([])));
    const update = told('added', rule(1));
    for (let i = 0; i < 30_000; i++) monitor.told(telling(update));
    monitor.told(paused);
    const watcher = recorder();
    await monitor.listen(watcher);
    expect(watcher.heard).toHaveLength(20_001);
    expect(watcher.heard.at(-1)).toBe(MISSED.early);
  });

  it('is none where the switch refuses', async () => {
    const monitor = monitorFlows(sessionThat(Promise.reject(new Error('BAD_EXPERIMENTER'))));
    expect(await monitor.listen(recorder())).toBe(false);
  });
});

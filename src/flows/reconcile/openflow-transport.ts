/** Reaches a switch over its OpenFlow session. */
import type { ErrorMessage } from '../../openflow/codec/index.ts';
import type { DatapathSession, FlowMonitorMessage } from '../../openflow/session/datapath.ts';
import { createCommits } from './openflow-commit.ts';
import { monitorFlows } from './openflow-monitor.ts';
import { readSwitch } from './openflow-read.ts';
import type { SwitchTransport } from './transport.ts';

export interface OpenFlowTransport extends SwitchTransport {
  /** Errors of the session that no request waits for. */
  error(message: ErrorMessage): void;
  /** What the session tells of watched flows. */
  flowMonitor(message: FlowMonitorMessage): void;
}

/** Asks the switch at once to tell every change of its flows. */
export function createOpenFlowTransport(session: DatapathSession): OpenFlowTransport {
  const monitor = monitorFlows(session);
  const { commit, error, settle } = createCommits(session);
  return {
    read: async () => {
      await settle();
      return readSwitch(session);
    },
    commit,
    watch: monitor.listen,
    error,
    flowMonitor: monitor.told,
  };
}

import { describe, expect, it } from 'vitest';
import { flows } from '../topology/testing/counted.ts';
import { unknownDrift } from './json/drift.ts';
import { createFakeServices } from './testing/fake-services.ts';
import { startHarness } from './testing/harness.ts';
import { makeLink, makePort, makeSwitch, network } from './testing/network.ts';

describe('GET /metrics', () => {
  it('counts the network as the view has it now', async () => {
    const { send, services } = await startHarness();
    const { text, headers } = await send('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain; version=0.0.4/);
    const lines = text.split('\n');
    for (const line of [
      'signalbox_ready 1',
      'signalbox_view_version 1',
      'signalbox_switches 3',
      'signalbox_links 2',
      'signalbox_links_bidirectional 1',
      'signalbox_hosts 2',
      'signalbox_stream_clients 0',
      'signalbox_build_info{version="1.2.3"} 1',
      'signalbox_switch_connected{dpid="0000000000000001",name="s1"} 1',
      'signalbox_ports{kind="fabric",up="true"} 6',
    ]) {
      expect(lines).toContain(line);
    }
    services.setNetwork(network([], [], []));
    const after = (await send('/metrics')).text;
    expect(after).toContain('\nsignalbox_switches 0\n');
    expect(after).not.toMatch(/^signalbox_(switch_connected|ports)\{/m);
  });

  it('tells of the process and of requests by route, not by address', async () => {
    const { send } = await startHarness();
    await send('/api/v1/switches/s1');
    await send('/api/v1/switches/s2');
    await send('/api/v1/switches/s9');
    const { text } = await send('/metrics');
    expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
    const count = 'signalbox_http_request_duration_seconds_count';
    expect(text).toContain(`${count}{method="GET",route="/api/v1/switches/{dpid}",status="200"} 2`);
    expect(text).toContain(`${count}{method="GET",route="/api/v1/switches/{dpid}",status="404"} 1`);
    expect(text).not.toContain('s9');
  });

  it('tells of reconciling: the queue, commits, repairs, refusals, conflicts and drift', async () => {
    const { send, services } = await startHarness();
    Object.assign(services.queue, { pending: 17, conflicts: 2 });
    const drift = unknownDrift(makeSwitch(2));
    services.drifts.set(drift.dpid, { ...drift, missing: { first: [], count: 5 }, foreign: { first: [], count: 9 } });
    services.tell({ type: 'commit', ops: 12, refused: 1, tookMs: 30 });
    services.tell({ type: 'commit', ops: 1, refused: 0, tookMs: 3 });
    services.tell({ type: 'repair' });
    services.tell({ type: 'war' });
    services.tell({
      type: 'refusal',
      reason: 'FLOW_MOD_FAILED/TABLE_FULL: table 6 (forward) has no room; remove rules',
    });
    services.tell({ type: 'refusal', reason: 'FLOW_MOD_FAILED/TABLE_FULL: table 7 (flood) has no room; remove rules' });
    services.tell({ type: 'refusal', reason: 'who knows' });
    const lines = (await send('/metrics')).text.split('\n');
    for (const line of [
      'signalbox_reconcile_pending_keys 17',
      'signalbox_rule_conflicts 2',
      'signalbox_drift_rules{dpid="0000000000000002",name="s2",state="missing"} 5',
      'signalbox_drift_rules{dpid="0000000000000002",name="s2",state="foreign"} 9',
      'signalbox_reconcile_commits_total 2',
      'signalbox_reconcile_commit_changes_bucket{le="10"} 1',
      'signalbox_reconcile_commit_changes_sum 13',
      'signalbox_reconcile_confirm_duration_seconds_bucket{le="0.02"} 1',
      'signalbox_reconcile_confirm_duration_seconds_sum 0.033',
      'signalbox_reconcile_repairs_total 1',
      'signalbox_reconcile_wars_total 1',
      'signalbox_reconcile_refusals_total{reason="FLOW_MOD_FAILED/TABLE_FULL"} 2',
      'signalbox_reconcile_refusals_total{reason="other"} 1',
    ]) {
      expect(lines).toContain(line);
    }
  });

  it('tells what ports count and what flows over links, while that is fresh', async () => {
    const { send, services } = await startHarness();
    const [one, other] = [makeSwitch(1), makeSwitch(2)];
    const link = makeLink({ dpid: one.dpid, port: 2 }, { dpid: other.dpid, port: 1 });
    services.setNetwork(network([one, other], [link], []));
    flows(services.traffic, services.clock, [
      { dpid: one.dpid, port: 2, rxBps: 8e8, txBps: 4e9 },
      { dpid: one.dpid, port: 0xffff_fffe, rxBps: 8, txBps: 8 },
    ]);
    services.traffic.polls.failed = 3;
    const { text } = await send('/metrics');
    const lines = text.split('\n');
    const port = '{dpid="0000000000000001",switch="s1",port="2"}';
    for (const line of [
      `signalbox_port_receive_bytes_total${port} 100000000`,
      `signalbox_port_transmit_bytes_total${port} 500000000`,
      `signalbox_port_receive_packets_total${port} 0`,
      `signalbox_port_transmit_drop_total${port} 0`,
      `signalbox_link_throughput_bytes_per_second{link="${link.id}",from="${one.dpid}"} 500000000`,
      `signalbox_link_throughput_bytes_per_second{link="${link.id}",from="${other.dpid}"} 100000000`,
      `signalbox_link_utilization_ratio{link="${link.id}"} 0.4`,
      'signalbox_traffic_left_out{kind="port"} 0',
      'signalbox_port_polls_total{outcome="answered"} 2',
      'signalbox_port_polls_total{outcome="failed"} 3',
    ]) {
      expect(lines).toContain(line);
    }
    expect(text.match(/^signalbox_port_receive_bytes_total\{/gm)).toHaveLength(1);
    services.clock.advance(60_000);
    expect((await send('/metrics')).text).not.toMatch(/^signalbox_(port_receive|port_transmit|link_[tu])\w+\{/m);
  });

  it('has metrics of a bounded number of ports, and says how many are missing', async () => {
    const services = createFakeServices();
    const numbers = Array.from({ length: 1_005 }, (_, index) => index + 1);
    const ports = new Map(numbers.map((number) => [number, makePort(number)]));
    services.setNetwork(network([makeSwitch(1, { ports })], [], []));
    const still = { dpid: makeSwitch(1).dpid, rxBps: 0, txBps: 0 };
    flows(
      services.traffic,
      services.clock,
      numbers.map((port) => ({ ...still, port })),
    );
    const { text } = await (await startHarness({ services })).send('/metrics');
    expect(text.match(/^signalbox_port_receive_bytes_total\{/gm)).toHaveLength(1_000);
    expect(text).toContain('\nsignalbox_traffic_left_out{kind="port"} 5\n');
    expect(text).toContain('\nsignalbox_traffic_left_out{kind="link"} 0\n');
  });

  it('tells of conversations in reactive forwarding, and in no other mode', async () => {
    const { send } = await startHarness();
    const lines = (await send('/metrics')).text.split('\n');
    for (const line of [
      'signalbox_reactive_packet_ins_total 20',
      'signalbox_reactive_rules_total 24',
      'signalbox_reactive_refusals_total 3',
      'signalbox_reactive_answers_total{outcome="programmed"} 8',
      'signalbox_reactive_answers_total{outcome="sent_on"} 5',
      'signalbox_reactive_answers_total{outcome="flooded"} 4',
      'signalbox_reactive_answers_total{outcome="flood_limited"} 2',
      'signalbox_reactive_answers_total{outcome="no_way"} 1',
    ]) {
      expect(lines).toContain(line);
    }
    const services = { ...createFakeServices(), conversations: undefined };
    expect((await (await startHarness({ services })).send('/metrics')).text).not.toContain('signalbox_reactive');
  });

  it('counts the events of the timeline by type', async () => {
    const { send, services } = await startHarness();
    const subject = { kind: 'host', id: 'h', name: 'h', dpid: undefined, owner: undefined } as const;
    const seen = { type: 'host.seen', subject, message: 'Seen.', cause: undefined } as const;
    services.timeline.record([seen, seen, { ...seen, type: 'rule.war' }]);
    const { text } = await send('/metrics');
    expect(text).toContain('signalbox_events_total{type="host.seen",severity="info"} 2\n');
    expect(text).toContain('signalbox_events_total{type="rule.war",severity="alarm"} 1\n');
  });

  it('is its own for each server', async () => {
    const [one, other] = await Promise.all([startHarness(), startHarness()]);
    one.services.setNetwork(network([], [], []));
    expect((await one.send('/metrics')).text).toContain('\nsignalbox_switches 0\n');
    expect((await other.send('/metrics')).text).toContain('\nsignalbox_switches 3\n');
  });
});

import { describe, expect, it } from 'vitest';
import { startHarness } from './testing/harness.ts';
import { network } from './testing/network.ts';

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

  it('is its own for each server', async () => {
    const [one, other] = await Promise.all([startHarness(), startHarness()]);
    one.services.setNetwork(network([], [], []));
    expect((await one.send('/metrics')).text).toContain('\nsignalbox_switches 0\n');
    expect((await other.send('/metrics')).text).toContain('\nsignalbox_switches 3\n');
  });
});

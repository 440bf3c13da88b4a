import { describe, expect, it } from 'vitest';
import { formatDpid } from '../core/ids.ts';
import { goto } from '../flows/pipeline.ts';
import { intake } from './intake.ts';
import { ETHER_TYPE, FLOODED, LLDP_MULTICAST, PORT_PRIORITY } from './sdk.ts';
import { rulesOf, TestNetwork } from './testing/rules.ts';

const S1 = formatDpid(1n);

function rules(network: TestNetwork) {
  return rulesOf(network.tables([intake]), S1);
}

describe('intake', () => {
  it('brings LLDP up, above what drops link-local frames and group senders', () => {
    const [lldp, ...others] = rules(new TestNetwork([S1]));
    const drops = others.filter(({ match }) => !('vlanVid' in match));
    expect(lldp?.match).toEqual({ ethType: ETHER_TYPE.LLDP, ethDst: LLDP_MULTICAST });
    expect(lldp?.instructions).toMatchObject([{ type: 'applyActions', actions: [{ type: 'output', maxLen: 0xffff }] }]);
    expect(drops).toHaveLength(2);
    for (const { priority, instructions } of drops) {
      expect(priority).toBeLessThan(lldp!.priority);
      expect(instructions).toEqual([]);
    }
  });

  it('hands on what is being flooded, from whatever port, to where ports are told apart', () => {
    const [flooded, ...others] = rules(new TestNetwork([S1])).filter(({ match }) => 'vlanVid' in match);
    expect(others).toEqual([]);
    expect(flooded).toMatchObject({ match: FLOODED, instructions: [goto('flood')] });
    expect(flooded!.priority).toBeGreaterThan(PORT_PRIORITY);
  });

  it('lets in what comes from hosts and from the fabric, each its own way, and nothing else', () => {
    const network = new TestNetwork([S1])
      .port({ dpid: S1, port: 1 }, 'host')
      .port({ dpid: S1, port: 2 }, 'fabric')
      .port({ dpid: S1, port: 3 }, 'unknown')
      .port({ dpid: S1, port: 4 }, 'host', false)
      .port({ dpid: S1, port: 5 }, 'fabric', false);
    const ports = rules(network).filter(({ match }) => 'inPort' in match);
    expect(ports.map(({ match, instructions }) => [match.inPort, instructions])).toEqual([
      [1, [goto('guard')]],
      [2, [goto('steer')]],
    ]);
    const lowestDrop = Math.min(
      ...rules(network)
        .filter(({ match }) => !('inPort' in match))
        .map(({ priority }) => priority),
    );
    for (const { priority } of ports) expect(priority).toBeLessThan(lowestDrop);
  });
});

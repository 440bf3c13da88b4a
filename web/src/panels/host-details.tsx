import { useApp } from '../context.ts';
import { formatMoment, formatRate, hostLabel, portLabel } from '../labels.ts';
import type { Network } from '../state.ts';
import type { HostInfo } from '../wire.ts';
import { hostRates } from '../traffic.ts';
import { Fact, Go } from './bits.tsx';

export function HostDetails({ network, host }: { readonly network: Network; readonly host: HostInfo }) {
  const traffic = useApp((state) => state.traffic);
  const rates = hostRates(traffic, host);
  return (
    <>
      <p class="kind">Host</p>
      <h2>{hostLabel(host)}</h2>
      <dl class="facts">
        <Fact name="MAC">
          <code>{host.mac}</code>
        </Fact>
        <Fact name="Addresses">
          {host.ips.length === 0 ? (
            <span class="quiet">none seen yet</span>
          ) : (
            host.ips.map((ip) => (
              <code key={ip} class="address">
                {ip}
              </code>
            ))
          )}
        </Fact>
        <Fact name="VLAN">{host.vlan ?? undefined}</Fact>
        <Fact name="At">
          <Go to={{ kind: 'switch', id: host.switch }}>{portLabel(network, { dpid: host.switch, port: host.port })}</Go>
        </Fact>
        <Fact name="Sends">{rates && formatRate(rates.rxBps)}</Fact>
        <Fact name="Receives">{rates && formatRate(rates.txBps)}</Fact>
        <Fact name="First seen">{formatMoment(host.firstSeen)}</Fact>
        <Fact name="Last seen">{formatMoment(host.lastSeen)}</Fact>
      </dl>
    </>
  );
}

import { formatBps, formatMoment, hostLabel, portLabel, switchLabel } from '../labels.ts';
import { peersOf } from '../peers.ts';
import type { Peer } from '../peers.ts';
import type { Network } from '../state.ts';
import type { PortInfo, SwitchInfo } from '../wire.ts';
import { Badge, Fact, Go } from './bits.tsx';
import { Drift } from './drift.tsx';
import { Flows } from './flows.tsx';

export function SwitchDetails({ network, info }: { readonly network: Network; readonly info: SwitchInfo }) {
  const peers = peersOf(network, info.dpid);
  const ports = [...info.ports].sort((a, b) => a.number - b.number);
  return (
    <>
      <p class="kind">Switch</p>
      <h2>{switchLabel(info)}</h2>
      <p>{info.connected ? <Badge tone="good">connected</Badge> : <Badge tone="off">offline</Badge>}</p>
      <dl class="facts">
        <Fact name="Datapath">
          <code>{info.dpid}</code>
        </Fact>
        <Fact name={info.connected ? 'Since' : 'Last since'}>{formatMoment(info.connectedSince)}</Fact>
        <Fact name="From">{info.remoteAddress}</Fact>
        <Fact name="Made by">{info.manufacturer}</Fact>
        <Fact name="Hardware">{info.hardware}</Fact>
        <Fact name="Software">{info.software}</Fact>
      </dl>
      <Drift key={info.dpid} dpid={info.dpid} connected={info.connected} />
      <h3 id="ports-title">Ports</h3>
      <table class="table" aria-labelledby="ports-title">
        <thead>
          <tr>
            <th scope="col" class="number">
              No.
            </th>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col">Leads to</th>
            <th scope="col" class="number">
              Speed
            </th>
          </tr>
        </thead>
        <tbody>
          {ports.map((port) => (
            <tr key={port.number} data-port={port.number}>
              <td class="number">{port.number}</td>
              <td title={port.mac}>{port.name}</td>
              <td>{port.up ? <Badge tone="good">up</Badge> : <Badge tone="bad">down</Badge>}</td>
              <td>
                <PortPeers network={network} port={port} peers={peers.get(port.number) ?? []} />
              </td>
              <td class="number">{formatBps(port.speedBps)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Flows key={info.dpid} dpid={info.dpid} connected={info.connected} />
    </>
  );
}

interface PeersProps {
  readonly network: Network;
  readonly port: PortInfo;
  readonly peers: readonly Peer[];
}

/** More hosts than these on one port are told by number. */
const PEER_LIMIT = 3;

function PortPeers({ network, port, peers }: PeersProps) {
  if (peers.length === 0) return <span class="quiet">{port.kind === 'unknown' ? 'not known yet' : port.kind}</span>;
  return (
    <>
      {peers.slice(0, PEER_LIMIT).map((peer) =>
        peer.kind === 'host' ? (
          <Go key={peer.host.mac} to={{ kind: 'host', id: peer.host.mac }}>
            {hostLabel(peer.host)}
          </Go>
        ) : (
          <Go key={peer.link.id} to={{ kind: 'link', id: peer.link.id }}>
            {portLabel(network, peer.far)}
          </Go>
        ),
      )}
      {peers.length > PEER_LIMIT && <span class="quiet">and {peers.length - PEER_LIMIT} more</span>}
    </>
  );
}

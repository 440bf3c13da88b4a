import { useApp } from '../context.ts';
import { compareNames, linkLabel, linkState, switchLabel } from '../labels.ts';
import type { Network } from '../state.ts';
import { busiest, loadText } from '../traffic.ts';
import { Badge, Go, LinkBadge } from './bits.tsx';

/** More troubles than these are one trouble; the list has them all. */
const TROUBLE_LIMIT = 30;

/** As many as tell where it is full; the list has them all. */
const BUSIEST_LIMIT = 5;

/** What needs attention, while nothing is selected. */
export function Overview({ network }: { readonly network: Network }) {
  const offline = [...network.switches.values()]
    .filter((info) => !info.connected)
    .sort((a, b) => compareNames(switchLabel(a), switchLabel(b)));
  const links = [...network.links.values()].filter((link) => linkState(link) !== 'up');
  const empty = network.switches.size === 0;
  const troubles = offline.length + links.length;
  return (
    <div class="overview">
      <h2>{troubles > 0 ? 'Needs attention' : empty ? 'No switches yet' : 'All is well'}</h2>
      {troubles === 0 && (
        <p class="hint">
          {empty
            ? 'Switches appear here as they connect.'
            : 'Every switch is connected and every link carries traffic both ways.'}
        </p>
      )}
      <ul class="troubles">
        {offline.slice(0, TROUBLE_LIMIT).map((info) => (
          <li key={info.dpid}>
            <Go to={{ kind: 'switch', id: info.dpid }}>{switchLabel(info)}</Go> <Badge tone="off">offline</Badge>
          </li>
        ))}
        {links.slice(0, TROUBLE_LIMIT).map((link) => (
          <li key={link.id}>
            <Go to={{ kind: 'link', id: link.id }}>{linkLabel(network, link)}</Go> <LinkBadge state={linkState(link)} />
          </li>
        ))}
      </ul>
      <Busiest network={network} />
      <h3>How to look around</h3>
      <dl class="keys">
        <div>
          <dt>Click</dt>
          <dd>a switch, link or host for its details</dd>
        </div>
        <div>
          <dt>
            <kbd>/</kbd>
          </dt>
          <dd>find by name, IP, MAC or dpid</dd>
        </div>
        <div>
          <dt>
            <kbd>f</kbd>
          </dt>
          <dd>fit the picture to the screen</dd>
        </div>
        <div>
          <dt>
            <kbd>Esc</kbd>
          </dt>
          <dd>clear the search, then the selection</dd>
        </div>
        <div>
          <dt>Drag</dt>
          <dd>a node to pin it; double-click lets it go</dd>
        </div>
      </dl>
    </div>
  );
}

function Busiest({ network }: { readonly network: Network }) {
  const traffic = useApp((state) => state.traffic);
  const links = busiest(network, traffic, BUSIEST_LIMIT);
  if (links.length === 0) return null;
  return (
    <>
      <h3>Busiest links</h3>
      <ul class="busiest">
        {links.map((link) => (
          <li key={link.id} data-busy={link.id}>
            <Go to={{ kind: 'link', id: link.id }}>{linkLabel(network, link)}</Go>
            <span class="quiet">{loadText(traffic.links.get(link.id))}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

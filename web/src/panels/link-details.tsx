import { useApp } from '../context.ts';
import { formatBps, formatRate, linkLabel, linkState, portLabel, switchName } from '../labels.ts';
import type { Network } from '../state.ts';
import type { LinkInfo, PortRef } from '../wire.ts';
import { linkLevel } from '../traffic.ts';
import { Fact, Go, LinkBadge, Load } from './bits.tsx';

const MEANING = {
  up: 'Probes arrive both ways; it carries traffic.',
  'one-way':
    'Probes arrive one way only, so it carries no traffic. Look for a filter, or a cable with one broken strand.',
  down: 'A port at one end is down.',
} as const;

export function LinkDetails({ network, link }: { readonly network: Network; readonly link: LinkInfo }) {
  const state = linkState(link);
  return (
    <>
      <p class="kind">Link</p>
      <h2>{linkLabel(network, link)}</h2>
      <p>
        <LinkBadge state={state} />
      </p>
      <p class="hint">{MEANING[state]}</p>
      <Flow network={network} link={link} />
      <dl class="facts">
        <Fact name="One end">
          <End network={network} at={link.a} />
        </Fact>
        <Fact name="Other end">
          <End network={network} at={link.b} />
        </Fact>
        <Fact name="Capacity">{link.capacityBps ? formatBps(link.capacityBps) : undefined}</Fact>
        <Fact name="Id">
          <code>{link.id}</code>
        </Fact>
      </dl>
    </>
  );
}

/** What flows each way now; nothing before it was measured. */
function Flow({ network, link }: { readonly network: Network; readonly link: LinkInfo }) {
  const traffic = useApp((state) => state.traffic);
  const rates = traffic.links.get(link.id);
  if (rates === undefined) return null;
  const [a, b] = [switchName(network, link.a.dpid), switchName(network, link.b.dpid)];
  return (
    <div class="flow" data-flow={link.id}>
      <Load part={rates.utilization} level={linkLevel(traffic, link)} />
      <dl class="facts">
        <Fact name={`${a} → ${b}`}>{formatRate(rates.aToBBps)}</Fact>
        <Fact name={`${b} → ${a}`}>{formatRate(rates.bToABps)}</Fact>
      </dl>
    </div>
  );
}

function End({ network, at }: { readonly network: Network; readonly at: PortRef }) {
  const port = network.switches.get(at.dpid)?.ports.find((candidate) => candidate.number === at.port);
  return (
    <>
      <Go to={{ kind: 'switch', id: at.dpid }}>{portLabel(network, at)}</Go>{' '}
      {port !== undefined && (
        <span class="quiet">
          {port.name}
          {port.up ? '' : ', down'}
        </span>
      )}
    </>
  );
}

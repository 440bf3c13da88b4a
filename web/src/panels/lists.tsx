import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { useApp } from '../context.ts';
import { compareNames, countOf, hostLabel, linkLabel, linkState, portLabel, switchLabel } from '../labels.ts';
import { sameSelection } from '../selection.ts';
import type { Selection } from '../selection.ts';
import type { Network } from '../state.ts';
import { loadText } from '../traffic.ts';
import { Badge, Go, LinkBadge } from './bits.tsx';

/** A table shows this many rows at first and as many more on request, so that a large network stays quick. */
const PAGE = 250;

/** The network as tables: everything the picture shows, for readers and keyboards. */
export function Lists() {
  const network = useApp((state) => state.network);
  return (
    <div class="lists" data-list-version={network.version}>
      <Switches network={network} />
      <Links network={network} />
      <Hosts network={network} />
    </div>
  );
}

interface ListTableProps {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly ListRow[];
}

interface ListRow {
  readonly selection: Selection;
  readonly label: string;
  readonly cells: readonly ComponentChildren[];
}

function ListTable({ title, columns, rows }: ListTableProps) {
  const [limit, setLimit] = useState(PAGE);
  const selection = useApp((state) => state.selection);
  const more = rows.length - limit;
  return (
    <>
      <table class="table list">
        <caption>
          {title} <span class="quiet">{rows.length}</span>
        </caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, limit).map((row) => (
            <tr
              key={row.selection.id}
              data-kind={row.selection.kind}
              data-id={row.selection.id}
              aria-current={sameSelection(row.selection, selection) ? 'true' : undefined}
            >
              <th scope="row">
                <Go to={row.selection}>{row.label}</Go>
              </th>
              {row.cells.map((cell, index) => (
                <td key={columns[index + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
          {rows.length === 0 && (
            <tr>
              <td colSpan={columns.length} class="quiet">
                None.
              </td>
            </tr>
          )}
        </tbody>
      </table>
      {more > 0 && (
        <button type="button" class="button" onClick={() => setLimit(limit + PAGE)}>
          Show {countOf(Math.min(PAGE, more), 'more row', 'more rows')}
        </button>
      )}
    </>
  );
}

function Switches({ network }: { readonly network: Network }) {
  const rows = useMemo(() => {
    const sorted = [...network.switches.values()].sort((a, b) => compareNames(switchLabel(a), switchLabel(b)));
    return sorted.map((info): ListRow => {
      const state = info.connected ? <Badge tone="good">connected</Badge> : <Badge tone="off">offline</Badge>;
      const up = info.ports.filter((port) => port.up).length;
      const cells = [state, `${up} of ${info.ports.length}`, <code key="dpid">{info.dpid}</code>];
      return { selection: { kind: 'switch', id: info.dpid }, label: switchLabel(info), cells };
    });
  }, [network.switches]);
  return <ListTable title="Switches" columns={['Name', 'State', 'Ports up', 'Datapath']} rows={rows} />;
}

function Links({ network }: { readonly network: Network }) {
  const rows = useMemo(() => {
    const named = [...network.links.values()].map((link) => ({ link, label: linkLabel(network, link) }));
    named.sort((a, b) => compareNames(a.label, b.label));
    return named.map(({ link, label }): ListRow => {
      const ends = [portLabel(network, link.a), portLabel(network, link.b)];
      const cells = [<LinkBadge key="state" state={linkState(link)} />, <LinkLoad key="load" id={link.id} />, ...ends];
      return { selection: { kind: 'link', id: link.id }, label, cells };
    });
  }, [network.links, network.switches]);
  return <ListTable title="Links" columns={['Name', 'State', 'Load', 'One end', 'Other end']} rows={rows} />;
}

/** Reads for itself, so that rates make no table anew. */
function LinkLoad({ id }: { readonly id: string }) {
  const text = useApp((state) => loadText(state.traffic.links.get(id)));
  return <>{text}</>;
}

function Hosts({ network }: { readonly network: Network }) {
  const rows = useMemo(() => {
    const sorted = [...network.hosts.values()].sort((a, b) => compareNames(hostLabel(a), hostLabel(b)));
    return sorted.map((host): ListRow => {
      const at = portLabel(network, { dpid: host.switch, port: host.port });
      const cells = [host.ips.join(', ') || '–', <code key="mac">{host.mac}</code>, at];
      return { selection: { kind: 'host', id: host.mac }, label: hostLabel(host), cells };
    });
  }, [network.hosts, network.switches]);
  return <ListTable title="Hosts" columns={['Name', 'Addresses', 'MAC', 'At']} rows={rows} />;
}

import { useEffect, useState } from 'preact/hooks';
import { fetchFlows } from '../api.ts';
import type { FlowInfo } from '../api.ts';
import { instructionsText, matchText, tablesOf } from '../flow-text.ts';
import type { FlowTable } from '../flow-text.ts';
import { countOf, formatBytes, formatClock, formatCount, formatDuration } from '../labels.ts';

interface Reading {
  readonly flows: readonly FlowInfo[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A table with more rules shows these first; the rest on request. */
const ROWS_SHOWN = 60;

/** The rules installed on a switch, asked of it when first shown and whenever the user wants. */
export function Flows({ dpid, connected }: { readonly dpid: string; readonly connected: boolean }) {
  const [reading, setReading] = useState<Reading>();
  const [failure, setFailure] = useState<string>();
  const [asked, setAsked] = useState(0);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    if (!connected) return undefined;
    const cancel = new AbortController();
    const read = async (): Promise<void> => {
      setBusy(true);
      try {
        const flows = await fetchFlows(dpid, cancel.signal);
        setReading({ flows, at: Date.now() });
        setFailure(undefined);
      } catch (error) {
        if (!cancel.signal.aborted) setFailure(error instanceof Error ? error.message : String(error));
      } finally {
        if (!cancel.signal.aborted) setBusy(false);
      }
    };
    void read();
    return () => cancel.abort();
  }, [dpid, connected, asked]);

  return (
    <section class="flows" aria-labelledby="flows-title" aria-busy={busy}>
      <div class="title-row">
        <h3 id="flows-title">Flows</h3>
        {reading && (
          <span class="quiet">
            {countOf(reading.flows.length, 'rule', 'rules')} at {formatClock(reading.at)}
          </span>
        )}
        <button type="button" class="button" disabled={busy || !connected} onClick={() => setAsked(asked + 1)}>
          {busy ? 'Reading…' : 'Refresh'}
        </button>
      </div>
      {!connected && (
        <p class="hint">The switch is offline: its rules cannot be read now. Its data plane may well forward on.</p>
      )}
      {failure !== undefined && (
        <p class="failure" role="alert">
          {failure}
        </p>
      )}
      {reading && tablesOf(reading.flows).map((table) => <Rules key={table.tableId} table={table} />)}
      {reading?.flows.length === 0 && <p class="hint">No rules are installed.</p>}
    </section>
  );
}

function Rules({ table }: { readonly table: FlowTable }) {
  const [all, setAll] = useState(false);
  const shown = all ? table.flows : table.flows.slice(0, ROWS_SHOWN);
  return (
    <details class="rules" open data-table={table.tableId}>
      <summary>
        <span class="table-id">{table.tableId}</span> {table.name}{' '}
        <span class="quiet">{countOf(table.flows.length, 'rule', 'rules')}</span>
      </summary>
      <table class="table" aria-label={`Rules of table ${table.tableId} ${table.name}`}>
        <thead>
          <tr>
            <th scope="col" class="number">
              Prio
            </th>
            <th scope="col">Match, and what is done</th>
            <th scope="col" class="number">
              Packets
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((flow, index) => (
            <Rule key={index} flow={flow} />
          ))}
        </tbody>
      </table>
      {shown.length < table.flows.length && (
        <button type="button" class="button" onClick={() => setAll(true)}>
          Show {table.flows.length - shown.length} more
        </button>
      )}
    </details>
  );
}

function Rule({ flow }: { readonly flow: FlowInfo }) {
  const age = formatDuration(flow.durationSeconds);
  const detail = `cookie ${flow.cookie}, ${formatBytes(Number(flow.bytes))}, installed ${age} ago`;
  return (
    <tr title={detail}>
      <td class="number">{flow.priority}</td>
      <td>
        <div class="rule-match">{matchText(flow.match)}</div>
        <div class="rule-does">→ {instructionsText(flow.instructions)}</div>
        <div class="rule-owner">{flow.owner === null ? 'not ours' : `${flow.owner.kind} ${flow.owner.name}`}</div>
      </td>
      <td class="number">{formatCount(Number(flow.packets))}</td>
    </tr>
  );
}

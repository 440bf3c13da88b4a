import { useEffect, useState } from 'preact/hooks';
import { auditSwitch, fetchDrift } from '../api.ts';
import { driftState, driftWords } from '../drift.ts';
import { formatMoment } from '../labels.ts';
import type { DriftInfo } from '../wire.ts';
import { Badge } from './bits.tsx';

/** How often the controller is asked while the details are shown: it answers from memory. */
const EVERY_MS = 2_000;

interface Reading {
  readonly drift: DriftInfo | undefined;
  readonly failure: string | undefined;
  readonly busy: boolean;
  readonly audit: () => void;
}

/** Whether a switch holds what is desired of it, and the way to have it looked at now. */
export function Drift({ dpid, connected }: { readonly dpid: string; readonly connected: boolean }) {
  const { drift, failure, busy, audit } = useDrift(dpid);
  const state = driftState(drift);
  return (
    <section class="drift" aria-labelledby="drift-title" aria-busy={busy} data-drift={state.name}>
      <div class="title-row">
        <h3 id="drift-title">Desired state</h3>
        <Badge tone={state.tone}>{state.label}</Badge>
        <button type="button" class="button" disabled={busy || !connected} onClick={audit}>
          {busy ? 'Checking…' : 'Check now'}
        </button>
      </div>
      {drift && (
        <p class="hint" title={`Read as a whole: ${formatMoment(drift.readAt)}`}>
          {driftWords(drift)}
        </p>
      )}
      {drift?.refused[0] !== undefined && <p class="failure">{drift.refused[0].reason}</p>}
      {failure !== undefined && (
        <p class="failure" role="alert">
          {failure}
        </p>
      )}
    </section>
  );
}

function useDrift(dpid: string): Reading {
  const [drift, setDrift] = useState<DriftInfo>();
  const [failure, setFailure] = useState<string>();
  const [audits, setAudits] = useState(0);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    const cancel = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async (ask: () => Promise<DriftInfo | undefined>): Promise<void> => {
      try {
        setDrift(await ask());
        setFailure(undefined);
      } catch (error) {
        if (cancel.signal.aborted) return;
        setFailure(error instanceof Error ? error.message : String(error));
      }
      setBusy(false);
      if (!cancel.signal.aborted) timer = setTimeout(again, EVERY_MS);
    };
    const again = (): void => {
      if (document.visibilityState === 'hidden') timer = setTimeout(again, EVERY_MS);
      else void look();
    };
    const look = (): Promise<void> => read(() => fetchDrift(dpid, cancel.signal));
    setBusy(audits > 0);
    void (audits > 0 ? read(() => auditSwitch(dpid, cancel.signal)) : look());
    return () => {
      cancel.abort();
      clearTimeout(timer);
    };
  }, [dpid, audits]);

  return { drift, failure, busy, audit: () => setAudits(audits + 1) };
}

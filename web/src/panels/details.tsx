import { useEffect, useRef } from 'preact/hooks';
import { useActions, useApp } from '../context.ts';
import { HostDetails } from './host-details.tsx';
import { LinkDetails } from './link-details.tsx';
import { Overview } from './overview.tsx';
import { SwitchDetails } from './switch-details.tsx';

/** What is known of the selection, or of the whole where nothing is selected. */
export function Details() {
  const network = useApp((state) => state.network);
  const selection = useApp((state) => state.selection);
  const { select } = useActions();
  const panel = useRef<HTMLDivElement>(null);
  const key = selection && `${selection.kind}:${selection.id}`;

  // Whoever chose by keyboard in the list reads on here; the canvas and the search keep their focus.
  useEffect(() => {
    if (key !== undefined && document.activeElement === document.body) panel.current?.focus();
  }, [key]);

  if (selection === undefined) return <Overview network={network} />;
  const info = selection.kind === 'switch' ? network.switches.get(selection.id) : undefined;
  const link = selection.kind === 'link' ? network.links.get(selection.id) : undefined;
  const host = selection.kind === 'host' ? network.hosts.get(selection.id) : undefined;
  return (
    <div class="details" ref={panel} tabIndex={-1} data-details={key}>
      <button type="button" class="close" title="Close (Esc)" onClick={() => select(undefined)}>
        <span aria-hidden="true">×</span>
        <span class="hidden">Close</span>
      </button>
      {info && <SwitchDetails network={network} info={info} />}
      {link && <LinkDetails network={network} link={link} />}
      {host && <HostDetails network={network} host={host} />}
      {!info && !link && !host && (
        <>
          <h2>Gone</h2>
          <p class="hint">
            The {selection.kind} <code>{selection.id}</code> is not in the network any more.
          </p>
        </>
      )}
    </div>
  );
}
